"""The catalogues of the pages as tests read them: by language, message by message."""

from babel.messages.catalog import Catalog, Message

from api.core.languages import DEFAULT, LANGUAGES
from ops import texts
from web.language import CATALOGUES

TRANSLATED = [code for code in LANGUAGES if code != DEFAULT]


def catalogue(code: str) -> Catalog:
    return texts.read(CATALOGUES / str(LANGUAGES[code].catalogue) / "LC_MESSAGES" / "messages.po")


def messages(code: str) -> list[Message]:
    return [message for message in catalogue(code) if message.id]


def forms(value: object) -> list[str]:
    return [value] if isinstance(value, str) else [str(form) for form in value or ()]  # type: ignore[attr-defined]
