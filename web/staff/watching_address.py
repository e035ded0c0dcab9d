"""From the address of a list to a search worth keeping: what it chooses, but neither the day nor a point."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import unquote, urlencode, urlsplit

from sqlmodel import Session
from starlette.datastructures import QueryParams

from api.core.errors import FieldError, InvalidInputError, MovedError, NotFoundError
from api.offers import service as offers
from api.regions.models import Region
from api.search.schemas import SearchQuery
from api.taxonomy import service as taxonomy
from api.watching.models import LONGEST_ADDRESS, LONGEST_NAME
from web.language import name_in, translations
from web.sending.checking import names_mail_or_phone
from web.wish import Choice, Wish, explained
from web.words import LABELS, WHEN, label

FIELD: Final = "adresse"
LIST: Final = "/angebote"
# In the order in which a search is called by them; how the list was sorted or paged is nobody's search.
KEYS: Final = (
    "q", "thema", "stadtteil", "raum", "zielgruppe", "alter", "sprache", "kostenlos", "ebene", "wann",
    "ausschnitt",
)  # fmt: skip
# What an offer has every week; what there is today or now is another list every day.
LASTING: Final = frozenset({"abends", "wochenende"})
# A point may be somebody's door: it is not kept, nor how far around it was looked.
POINT: Final = ("nahe", "umkreis")
EVERYTHING: Final = "Alle Angebote"
OWN_WORDS: Final = "Eine Suche mit eigenen Wörtern"
NO_ADDRESS: Final = (
    "Das ist keine Adresse aus der Landkarte. Bitte kopieren Sie die Adresse der Liste der Angebote."
)
NOTHING_KEPT: Final = (
    "In dieser Adresse ist nur ein Tag oder ein Umkreis gewählt; beides wird nicht gespeichert. "
    "Bitte wählen Sie ein Thema, einen Stadtteil oder etwas anderes dazu."
)
GONE: Final = "Was diese Adresse auswählt, gibt es hier nicht. Bitte wählen Sie noch einmal im Filter."
TOO_LONG: Final = "In dieser Adresse ist zu viel auf einmal gewählt."
NO_OFFER: Final = "Dieses Angebot gibt es nicht, oder Sie können es nicht sehen."
_SOMEBODY: Final = re.compile(r"\b(?:Familie|Fam\.|Frau|Herrn?)\s+[^\W\d_a-zäöüß]")
NAMES: Final = "Bitte ohne Namen, Nummern und Mailadressen von Menschen: Hier sollen keine stehen."


class Said(NamedTuple):
    """A search as it is kept; dropped: what the address says and a search does not keep."""

    address: str
    wish: Wish
    dropped: frozenset[str]


class Names:
    """Topics and audiences by their slugs, looked up once for all searches of a page."""

    def __init__(self, session: Session) -> None:
        """Read the vocabulary."""
        self.topics = {
            one.slug: name_in(one.names, "de")
            for topic in taxonomy.topics(session)
            for one in (topic, *topic.children)
        }
        self.audiences = {one.slug: name_in(one.names, "de") for one in taxonomy.audiences(session)}

    def of(self, wish: Wish) -> str:
        """Return what a search chooses: "„brief“ · Geld · Fennpfuhl"."""
        said = [f"„{wish.query.q}“"] if wish.query.q else []
        return " · ".join([*said, *self._chosen(wish)]) or EVERYTHING

    def without_words(self, wish: Wish) -> str:
        """Return what a search chooses, but nothing that somebody has typed: for mails."""
        return " · ".join(self._chosen(wish)) or (OWN_WORDS if wish.query.q else EVERYTHING)

    def _chosen(self, wish: Wish) -> list[str]:
        say = translations("de").gettext
        spaces = {space.slug: space.name for space in wish.spaces}
        spaces |= {space.key: f"{space.level_name} {space.name}" for space in wish.spaces}
        found = []
        for key, value in wish.choices:
            words = {
                "thema": self.topics.get(value, value),
                "stadtteil": spaces.get(value, value),
                "raum": spaces.get(value, value),
                "zielgruppe": self.audiences.get(value, value),
                "alter": f"{value} Jahre",
                "sprache": label("language", value, "de", say),
                "kostenlos": "kostenlos",
                "ebene": LABELS["resource_level"].get(value, value),
                "wann": WHEN.get(value, value),
                "ausschnitt": "Kartenausschnitt",
            }
            found += [words[key]] if key in words else []
        return found


def reader(session: Session, region: Region) -> Callable[[str], SearchQuery]:
    """Return what reads the address of a saved search; it raises InvalidInputError for what is gone."""
    return lambda address: wish_of(session, region, address).query


def wish_of(session: Session, region: Region, address: str) -> Wish:
    """Return what the address of a saved search asks for, or raise InvalidInputError for what is gone."""
    try:
        return Wish(session, region, QueryParams(address.removeprefix("?")))
    except NotFoundError as error:
        raise InvalidInputError(errors=[FieldError(FIELD, GONE)]) from error


def read(session: Session, region: Region, typed: str) -> Said:
    """Return the search in the address of a list, whole or from its "?" on; raise InvalidInputError."""
    query = _query(typed)
    try:
        asked = wish_of(session, region, query)
    except InvalidInputError as error:
        raise _mistake(explained(error) or GONE) from error
    kept = sorted({one for one in asked.choices if _is_kept(one)}, key=_place)
    dropped = frozenset(
        "punkt" if one.key in POINT else "tag"
        for one in asked.choices
        if one.key in (*POINT, "am", "wann") and one not in kept
    )
    if dropped and not kept:
        raise _mistake(NOTHING_KEPT)
    address = f"?{urlencode(kept)}" if kept else ""
    if len(address) > LONGEST_ADDRESS:
        raise _mistake(TOO_LONG)
    return Said(address, wish_of(session, region, address), dropped)


def offer_in(session: Session, region: Region, typed: str) -> int | None:
    """Return the public offer whose page an address is; None: it is the address of something else."""
    parts = _path(typed)
    if len(parts) < 2 or parts[-2] != "angebot":  # noqa: PLR2004
        return None
    try:
        return offers.get_by_slug(session, region, unquote(parts[-1])).id
    except MovedError as error:
        return offers.get_by_slug(session, region, error.new).id
    except NotFoundError as error:
        raise _mistake(NO_OFFER) from error


def named(typed: str, default: str) -> str:
    """Return how a search is called, by default by what it chooses; raise InvalidInputError for people."""
    said = " ".join(typed.split())
    if not said:
        return default if len(default) <= LONGEST_NAME else f"{default[: LONGEST_NAME - 1]}…"
    if len(said) > LONGEST_NAME:
        words = f"Das ist zu lang. Hier passen höchstens {LONGEST_NAME} Zeichen hinein."
        raise InvalidInputError(errors=[FieldError("name", words)])
    if names_mail_or_phone(said) or _SOMEBODY.search(said):
        raise InvalidInputError(errors=[FieldError("name", NAMES)])
    return said


def mistakes(error: InvalidInputError) -> dict[str, str]:
    """Return what is wrong by the fields of the form, whoever has found it."""
    own = {one.field: one.detail for one in error.errors if one.field in (FIELD, "name")}
    return own or {FIELD: explained(error) or GONE}


def _is_kept(choice: Choice) -> bool:
    return choice.key in KEYS and (choice.key != "wann" or choice.value in LASTING)


def _place(choice: Choice) -> tuple[int, str]:
    return KEYS.index(choice.key), choice.value


def _query(typed: str) -> str:
    said = typed.strip()
    try:
        query = urlsplit(said).query
    except ValueError as error:
        raise _mistake(NO_ADDRESS) from error
    if said and not said.startswith("?") and _path(said)[-1:] != [LIST.removeprefix("/")]:
        raise _mistake(NO_ADDRESS)
    return query


def _path(typed: str) -> list[str]:
    try:
        return [part for part in urlsplit(typed.strip()).path.split("/") if part]
    except ValueError:
        return []


def _mistake(words: str) -> InvalidInputError:
    return InvalidInputError(errors=[FieldError(FIELD, words)])
