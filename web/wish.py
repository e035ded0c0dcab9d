"""What a visitor wants, as page addresses say it in German, and the same as a question to the API."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from pydantic import ValidationError
from sqlmodel import Session
from starlette.datastructures import QueryParams

from api.core.errors import FieldError, InvalidInputError
from api.offers.schemas import OfferFilter
from api.regions.models import Region
from api.search.schemas import SearchQuery
from api.spaces import service as spaces
from api.spaces.schemas import SpaceRef
from web.words import _

PER_PAGE = 20
VIEWS = ("liste", "karte")
# German key → field of SearchQuery. These keys are public: links with them are sent around.
KEYS = {
    "q": "q",
    "thema": "topic",
    "zielgruppe": "audience",
    "sprache": "language",
    "alter": "age",
    "kostenlos": "cost_free",
    "ebene": "resource_level",
    "wann": "when",
    "am": "when",
    "seite": "page",
    "sort": "sort",
    "gruppe": "group",
    "raum": "space",
    "stadtteil": "space",
    "ausschnitt": "bbox",
    "nahe": "near",
    "umkreis": "metres",
}
LISTS = ("topic", "audience", "language", "resource_level")
# A day in „am“ is more exact than „wann“ and counts alone.
TIMES = {"jetzt": "now", "heute": "today", "woche": "week", "abends": "evening", "wochenende": "weekend"}
SORTS = {"passend": "best", "name": "name", "geprueft": "verified", "entfernung": "distance"}
GROUPS = {"ebene": "level"}
# Kilometres around „nahe“: first what somebody reaches on foot.
DISTANCES = ("2", "1", "5", "10", "20")
# About 100 m: nobody's exact place stands in an address.
DIGITS = 3

# What a mistake in a field of the question means, and the way out.
MISTAKES = {
    "topic": _("Dieses Thema gibt es nicht. Bitte wählen Sie im Filter."),
    "audience": _("Diese Gruppe gibt es nicht. Bitte wählen Sie im Filter."),
    "space": _("Diesen Raum gibt es nicht. Bitte wählen Sie auf der Karte oder im Filter."),
    "language": _("Diese Sprache kennen wir nicht. Bitte wählen Sie im Filter."),
    "q": _("Das ist zu lang zum Suchen. Bitte schreiben Sie nur ein paar Wörter."),
    "when": _("Diesen Tag oder diese Zeit kennen wir nicht. Bitte wählen Sie im Filter."),
    "age": _("Das Alter muss eine Zahl von 0 bis 120 sein."),
    "cost_free": _("Bei „kostenlos“ stimmt etwas nicht. Bitte wählen Sie noch einmal im Filter."),
    "resource_level": _("Diese Art von Angebot gibt es nicht. Bitte wählen Sie im Filter."),
    "sort": _("So können wir die Liste nicht sortieren. Möglich sind „passend“, „name“ und „geprueft“."),
    "group": _("So können wir die Liste nicht ordnen. Möglich ist „ebene“."),
    "page": _("Diese Seite der Liste gibt es nicht. Bitte fangen Sie vorn an."),
    "bbox": _("Diesen Kartenausschnitt gibt es nicht. Bitte suchen Sie noch einmal auf der Karte."),
    "near": _("Diesen Ort finden wir nicht. Bitte wählen Sie einen Stadtteil."),
    "metres": _("Diese Entfernung gibt es nicht. Bitte wählen Sie im Filter."),
}


class Choice(NamedTuple):
    """One choice in the address, e.g. ("thema", "geld")."""

    key: str
    value: str


class Wish:
    """A visitor's filters, page and view."""

    def __init__(self, session: Session, region: Region, params: QueryParams) -> None:
        said = [Choice(key, _tidy(key, value)) for key, value in params.multi_items() if key in KEYS]
        said = _with_meaning([choice for choice in said if choice.value])
        self.spaces = _spaces(session, region, said)
        self.choices = [
            choice
            for choice in said
            if choice.key != "seite"
            and (choice.key != "raum" or choice.value in (s.key for s in self.spaces))
        ]
        self.view = params.get("ansicht", VIEWS[0])
        if self.view not in VIEWS:
            self.view = VIEWS[0]
        values: dict[str, Any] = {"per_page": PER_PAGE, "space": [space.key for space in self.spaces]}
        if any(key == "nahe" for key, _value in said):
            values |= _nearest_first(said)
        for key, value in said:
            field = KEYS[key]
            if field in LISTS:
                values.setdefault(field, []).append(value)
            elif key == "wann":
                values.setdefault(field, TIMES.get(value, value))
            elif key == "umkreis":
                values[field] = f"{value}000"
            elif key == "gruppe":
                values[field] = GROUPS.get(value, value)
            elif field != "space":
                values[field] = SORTS.get(value, value) if key == "sort" else value
        try:
            self.query = SearchQuery.model_validate(values)
        except ValidationError as error:
            raise _mistakes(error) from error

    @property
    def space(self) -> SpaceRef | None:
        """Return the chosen space if it is one alone."""
        return self.spaces[0] if len(self.spaces) == 1 else None

    def address(self, *, without: Choice | None = None, **changes: str | int | None) -> str:
        """Return the query part of the same page with some changes; a None removes a key."""
        pairs: list[tuple[str, str | int]] = [
            choice for choice in self.choices if choice != without and choice.key not in changes
        ]
        if self.view != VIEWS[0] and "ansicht" not in changes:
            pairs.append(("ansicht", self.view))
        pairs += [(key, value) for key, value in changes.items() if value is not None]
        return f"?{urlencode(pairs)}" if pairs else ""

    def api_query(self) -> str:
        """Return the filters as a query for the API, e.g. "?topic=geld&space=lor%3A110306"."""
        fields = OfferFilter.model_validate(self.query.model_dump(include=set(OfferFilter.model_fields)))
        pairs = [("q", self.query.q)] if self.query.q else []
        pairs += [
            (name, item)
            for name, value in fields.model_dump(exclude_defaults=True, mode="json").items()
            for item in (value if isinstance(value, list) else [value])
        ]
        said = [(name, str(value).lower() if isinstance(value, bool) else value) for name, value in pairs]
        return f"?{urlencode(said)}" if said else ""


def _tidy(key: str, value: str) -> str:
    """Return a value of the address; words without control signs and double blanks, places rounded."""
    if key in ("nahe", "ausschnitt"):
        return _rounded(value)
    if key != "q":
        return value
    return " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())


def _rounded(value: str) -> str:
    try:
        return ",".join(f"{float(part):.{DIGITS}f}" for part in value.split(","))
    except ValueError:
        return value  # a mistake, and said to be one


def _with_meaning(said: list[Choice]) -> list[Choice]:
    """Return what was said without what goes without saying, or means nothing when no point is named."""
    if any(choice.key == "nahe" for choice in said):
        return [choice for choice in said if choice != ("umkreis", DISTANCES[0])]
    return [choice for choice in said if choice.key != "umkreis" and choice != ("sort", "entfernung")]


def _nearest_first(said: list[Choice]) -> dict[str, str]:
    """Return how far around a point is meant, and the order, if nobody says otherwise."""
    has_words = any(choice.key == "q" for choice in said)
    return {"metres": f"{DISTANCES[0]}000", "sort": "best" if has_words else "distance"}


def _spaces(session: Session, region: Region, said: list[Choice]) -> list[SpaceRef]:
    """Return the chosen spaces; a Stadtteil takes the place of another space of its division."""
    found = [spaces.resident_space(session, region, slug) for key, slug in said if key == "stadtteil"]
    divisions = {space.division for space in found}
    keys = [value for key, value in said if key == "raum"]
    others = spaces.by_keys(session, region, keys).values() if keys else []
    return found + [space for space in others if space.division not in divisions]


def explained(error: InvalidInputError) -> str | None:
    """Return what is wrong with the address of a page, in German and with the way out, if it is known."""
    fields = (one.field.partition(".")[0] for one in error.errors)
    return next((MISTAKES[field] for field in fields if field in MISTAKES), None)


def _mistakes(error: ValidationError) -> InvalidInputError:
    found = [FieldError(str(one["loc"][0]) if one["loc"] else "", one["msg"]) for one in error.errors()]
    return InvalidInputError(errors=found)
