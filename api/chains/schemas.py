"""Help chains as people write and read them."""

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel

from api.core.errors import FieldError, InvalidInputError
from api.core.languages import DEFAULT, LANGUAGES

MOST_NAME: Final = 100
MOST_SUMMARY: Final = 300
MOST_WORDS: Final = 200
MOST_LINKS: Final = 20
MOST_CHAINS: Final = 50
MOST_OFFERS: Final = 20  # named for one link
OLDEST: Final = 120

NO_NAME: Final = f"Bitte geben Sie einen Namen mit höchstens {MOST_NAME} Zeichen an."
LONG_SUMMARY: Final = f"Bitte schreiben Sie höchstens {MOST_SUMMARY} Zeichen."
NOTHING_MEANT: Final = "Bitte wählen Sie ein Thema, schreiben Sie Suchwörter, oder nennen Sie feste Angebote."
LONG_WORDS: Final = f"Bitte schreiben Sie höchstens {MOST_WORDS} Zeichen."
WRONG_AGE: Final = f"Das Alter muss eine Zahl von 0 bis {OLDEST} sein."
AGES_TURNED: Final = "Das höchste Alter liegt unter dem niedrigsten."
MANY_OFFERS: Final = f"Bitte nennen Sie höchstens {MOST_OFFERS} feste Angebote."


class ChainIn(BaseModel):
    """A chain as somebody writes it; texts by language, German always."""

    names: dict[str, str]
    summaries: dict[str, str] = {}

    def checked(self) -> "ChainIn":
        """Return it without blanks; raise InvalidInputError that names fields, in German: "names.en"."""
        found = ChainIn(names=_tidy(self.names), summaries=_tidy(self.summaries))
        errors = _name_errors(found.names)
        for code, text in found.summaries.items():
            if len(text) > MOST_SUMMARY:
                errors.append(FieldError(f"summaries.{code}", LONG_SUMMARY))
        _refuse(errors)
        return found


class LinkIn(BaseModel):
    """A link as somebody writes it; offer_ids in the order in which they are shown."""

    names: dict[str, str]
    topic: str = ""
    words: str = ""
    min_age: int | None = None
    max_age: int | None = None
    offer_ids: list[int] = []

    def checked(self) -> "LinkIn":
        """Return it without blanks; raise InvalidInputError that names fields, in German."""
        found = self.model_copy(
            update={
                "names": _tidy(self.names),
                "words": " ".join(self.words.split()),
                "offer_ids": list(dict.fromkeys(self.offer_ids)),
            }
        )
        errors = _name_errors(found.names)
        if not (found.topic or found.words or found.offer_ids):
            errors.append(FieldError("topic", NOTHING_MEANT))
        if len(found.words) > MOST_WORDS:
            errors.append(FieldError("words", LONG_WORDS))
        ages = {"min_age": found.min_age, "max_age": found.max_age}
        wrong = [name for name, age in ages.items() if age is not None and not 0 <= age <= OLDEST]
        errors += [FieldError(name, WRONG_AGE) for name in wrong]
        if not wrong and None not in ages.values() and (found.min_age or 0) > (found.max_age or 0):
            errors.append(FieldError("max_age", AGES_TURNED))
        if len(found.offer_ids) > MOST_OFFERS:
            errors.append(FieldError("offer_ids", MANY_OFFERS))
        _refuse(errors)
        return found


class Link(LinkIn):
    """A link of a chain."""

    id: int


class Chain(ChainIn):
    """A chain with its links in their order."""

    id: int
    slug: str
    is_published: bool
    links: list[Link] = []


def _tidy(texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts in the order of the languages, without those that say nothing."""
    found = {code: " ".join(texts.get(code, "").split()) for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def _name_errors(names: Mapping[str, str]) -> list[FieldError]:
    errors = [FieldError(f"names.{code}", NO_NAME) for code, text in names.items() if len(text) > MOST_NAME]
    return errors if names.get(DEFAULT) else [FieldError(f"names.{DEFAULT}", NO_NAME), *errors]


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise InvalidInputError(", ".join(error.field for error in errors), errors)
