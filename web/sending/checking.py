"""What stands in the fields of a form: what is kept of it, and what is wrong with it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from api.core.text import clean
from web.words import _

# Filled by programs that fill everything; people do not see it.
TRAP: Final = "website"
EMPTY: Final = _("Bitte füllen Sie dieses Feld aus.")
UNCHOSEN: Final = _("Bitte wählen Sie etwas aus.")
TOO_LONG: Final = _("Das ist zu lang. Hier passen höchstens {most} Zeichen hinein.")
STRANGE: Final = _("Darin sind Zeichen, die wir nicht speichern können. Bitte schreiben Sie den Text neu.")
TRAPPED: Final = _(
    "Das Feld „Bitte leer lassen“ war ausgefüllt. Bitte schicken Sie das Formular noch einmal ab."
)

_BREAKS: Final = "\t\n\r"
_MAIL_OR_PHONE: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|(?:\+|\b0)[\d /()–-]{5,}\d")


class Field(NamedTuple):
    """A field of a form; lines: whether its text may have several."""

    name: str
    most: int  # letters
    is_needed: bool = False
    lines: bool = False
    choices: frozenset[str] | None = None


class Mistake(NamedTuple):
    """What is wrong with a field, to be translated and then filled in."""

    text: str
    most: int = 0


class Checked(NamedTuple):
    """A form's values as they are kept, as they were typed, and the first mistake of each field."""

    values: dict[str, str]
    typed: dict[str, str]
    mistakes: dict[str, Mistake]


def checked(said: Mapping[str, str], fields: Iterable[Field]) -> Checked:
    """Return what a form says in its fields; others are passed over, but for the trap."""
    found = Checked({}, {}, {})
    for field in fields:
        typed = said.get(field.name, "")
        value = clean(typed) if field.lines else " ".join(clean(typed).split())
        found.values[field.name] = value
        found.typed[field.name] = _shown(typed)
        mistake = _mistake(field, typed, value)
        if mistake is not None:
            found.mistakes[field.name] = mistake
    if said.get(TRAP):
        found.mistakes[TRAP] = Mistake(TRAPPED)
    return found


def names_mail_or_phone(text: str) -> bool:
    """Return whether a text holds a mail address or a phone number, which may be the writer's own."""
    return _MAIL_OR_PHONE.search(text) is not None


def _mistake(field: Field, typed: str, value: str) -> Mistake | None:
    if field.choices is not None:
        known = value in field.choices or (not value and not field.is_needed)
        return None if known else Mistake(UNCHOSEN)
    if any(_is_strange(letter) for letter in typed):
        return Mistake(STRANGE)
    if len(value) > field.most:
        return Mistake(TOO_LONG, field.most)
    return Mistake(EMPTY) if field.is_needed and not value else None


def _is_strange(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"} and letter not in _BREAKS


def _shown(typed: str) -> str:
    return "".join(letter for letter in typed if not _is_strange(letter))
