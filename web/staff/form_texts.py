"""The step for other languages: each text beside the German one, and whether it still belongs to it."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Final, NamedTuple

from starlette.datastructures import QueryParams

from api.core.languages import LANGUAGES
from api.curation import labels
from api.curation.sheet_fields import TRANSLATIONS, Sheet
from api.offers.translations import FIELDS, LOCALES

STILL: Final = "stimmt"  # ends the name of the box that says: the translation is right as it stands
_MOST: Final = {"name": 200, "summary": 300, "cost_note": 300, "access_note": 300}


class Row(NamedTuple):
    """One text in two languages."""

    path: str
    label: str
    german: str
    text: str
    of: str  # the German text from which it was made
    most: int  # letters

    @property
    def state(self) -> str:
        """Return "none", "old" (the German text has changed since) or "current"."""
        if not self.text:
            return "none"
        return "current" if self.of == self.german else "old"


class Counted(NamedTuple):
    """A language to choose."""

    code: str
    name: str
    done: int  # texts that are there and belong to what German says
    old: int
    of: int  # texts that could be there


def rows(sheet: Sheet, code: str) -> list[Row]:
    """Return the texts of a sheet in a language; those that German does not have either are left out."""
    found = []
    for name in FIELDS:
        path = f"translations.{code}.{name}"
        said: Mapping[str, str] = sheet[path] or {}
        if sheet[name] or said:
            text, of = str(said.get("text", "")), str(said.get("of", ""))
            found.append(Row(path, labels.OFFER[name], sheet[name], text, of, _MOST.get(name, 10_000)))
    return found


def languages(sheet: Sheet) -> list[Counted]:
    """Return the languages with how far each is."""
    found = []
    for code in LOCALES:
        states = [row.state for row in rows(sheet, code)]
        done, old = states.count("current"), states.count("old")
        found.append(Counted(code, labels.language(code), done, old, len(states)))
    return found


def chosen(code: str) -> str:
    """Return a language to show: the one that is asked for, or the first."""
    return code if code in LOCALES else LOCALES[0]


def taken(sheet: Sheet, sent: QueryParams) -> Sheet:
    """Return the sheet with the texts as they were typed; what nobody touched stays made from what it was."""
    found = deepcopy(sheet)
    for path, (_code, name) in TRANSLATIONS.items():
        if path not in sent:
            continue
        text = sent[path].replace("\r\n", "\n").strip()
        old = sheet[path]
        is_as_before = bool(old) and old["text"] == text and f"{path}.{STILL}" not in sent
        if not is_as_before:
            found[path] = {"text": text, "of": sheet[name]} if text else None
    return found


def context(sheet: Sheet, code: str) -> dict[str, Any]:
    """Return what the template needs."""
    code = chosen(code)
    return {
        "rows": rows(sheet, code),
        "tongues": languages(sheet),
        "tongue": code,
        "tongue_name": labels.language(code),
        "spoken": LANGUAGES[code],
        "still": STILL,
    }
