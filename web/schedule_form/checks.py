"""Looking at single fields: each mistake is noted where it was made, and the rest goes on."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from web.schedule_form.typed import KEYS, LONGEST, LONGEST_WORD, Line, OneDate, Pause
from web.schedule_form.values import Mistake, MistakeError
from web.words import _

Read = TypeVar("Read")
NOT_A_CHOICE: Final = _("Diese Auswahl gibt es nicht. Bitte wählen Sie noch einmal.")
TOO_LONG: Final = _("Das ist zu lang. Bitte schreiben Sie höchstens {most} Zeichen.")


class Checks(NamedTuple):
    """The fields of one entry of the form, and the list of all mistakes."""

    prefix: str  # "z1"
    entry: Line | Pause | OneDate
    mistakes: list[Mistake]

    def wrong(self, field: str, text: str, **values: object) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(f"{self.prefix}-{KEYS[field]}", text, values))

    def value(self, field: str, read: Callable[[str], Read], missing: str | None = None) -> Read | None:
        """Return what a field says; None if it is empty or wrong, and missing says that it must not be."""
        said: str = getattr(self.entry, field)
        if not said:
            if missing:
                self.wrong(field, missing)
            return None
        try:
            return read(said)
        except MistakeError as error:
            self.wrong(field, error.text, **error.values)
            return None

    def text(self, field: str) -> str:
        """Return words that were typed freely."""
        said: str = getattr(self.entry, field)
        most = LONGEST.get(KEYS[field], LONGEST_WORD)
        if len(said) > most:
            self.wrong(field, TOO_LONG, most=most)
        return said[:most]

    def choice(self, field: str, choices: Mapping[str, Read]) -> Read:
        """Return what a choice means; the first one if it does not exist."""
        said: str = getattr(self.entry, field)
        if said not in choices:
            self.wrong(field, NOT_A_CHOICE)
        return choices.get(said, next(iter(choices.values())))

    def several(self, field: str, choices: Sequence[str]) -> list[str]:
        """Return what is ticked, in order."""
        said: tuple[str, ...] = getattr(self.entry, field)
        if not set(said) <= set(choices):
            self.wrong(field, NOT_A_CHOICE)
        return [choice for choice in choices if choice in said]
