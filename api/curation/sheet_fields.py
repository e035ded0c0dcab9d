"""The fields of a sheet: what values they take, and what they hold when nobody has said anything.

A sheet is one whole entry as people edit it, in JSON: the fields of the offer, its provider, its own hours,
its contacts and its places, both by number. A path names one of its values: "name", "contacts/12/phone",
"places/45/street"; "contacts/12" and "places/45" name a part as a whole, "places/new-1" one that is to come.
"translations.en.summary" is a text in another language, with the German one from which it was made;
"referral.how" is for professionals, as all that begins so.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Annotated, Any, Final, NamedTuple

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    create_model,
)

from api.core.text import clean
from api.offers import referring, translations
from api.offers.models import Access, Cost
from api.offers.referring import Referral
from api.offers.referring_models import Law, Paper
from api.offers.schemas import ContactIn, Language, OfferIn, ResourceLevel
from api.places.models import Precision, Wheelchair
from api.places.schemas import PlaceIn
from api.schedules.schemas import MOST_LINES, ScheduleIn

Sheet = dict[str, Any]
# Path → {"old": value before, "new": value after}; of a part that comes or goes one of them is None.
Changes = dict[str, dict[str, Any]]


class Point(BaseModel):
    """Where a place lies; precision: only of a point that was found by the address."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]
    precision: Precision | None = None


def _nothing(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _cleaned(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _each_once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


_tidy = BeforeValidator(_cleaned)
_unless_empty = BeforeValidator(_nothing)


def _text(most: int, least: int = 0) -> Any:  # noqa: ANN401 - an annotated type
    return Annotated[str, StringConstraints(min_length=least, max_length=most), _tidy]


def _texts(one: Any = str) -> Any:  # noqa: ANN401
    return Annotated[list[Annotated[one, StringConstraints(max_length=100)]], AfterValidator(_each_once)]


def _of(table: type[BaseModel], name: str) -> Any:  # noqa: ANN401
    """Return the type that a field has elsewhere, empty texts meaning nothing."""
    field = table.model_fields[name]
    return Annotated[field.annotation, *field.metadata, _unless_empty]


_LINE, _LONG = _text(300), _text(10_000)
_WEBSITE = _of(OfferIn, "website")
_LINES = Annotated[list[ScheduleIn], Field(max_length=MOST_LINES)]


def _past(day: date | None) -> date | None:
    # As OfferIn checks it, which knows the calendar.
    return OfferIn(name="..", verified_on=day).verified_on


_DAY_THAT_WAS = Annotated[date | None, AfterValidator(_past), _unless_empty]


def _unless_blank(value: object) -> object:
    """Return nothing for a translation without words."""
    text = value.get("text") if isinstance(value, Mapping) else value
    return None if isinstance(text, str) and not text.strip() else value


def _translation(text: Any) -> Any:  # noqa: ANN401 - an annotated type
    kind = create_model("Translation", text=(text, ...), of=(_text(10_000), ""))
    return Annotated[kind | None, BeforeValidator(_unless_blank)]


_NAME = _text(200, 2)
# Path → language and field.
TRANSLATIONS: Final = {
    f"translations.{code}.{name}": (code, name)
    for code in translations.LOCALES
    for name in translations.FIELDS
}
_TRANSLATED: Final = {
    "name": _translation(_NAME),
    **dict.fromkeys(("summary", "cost_note", "access_note"), _translation(_LINE)),
    **dict.fromkeys(("description", "hours_text"), _translation(_LONG)),
}

# Path → field of a Referral: what only professionals read.
REFERRAL: Final = {f"referral.{name}": name for name in referring.FIELDS}
# What a provider says at one moment of waiting and room.
WORD: Final = frozenset(f"referral.{name}" for name in referring.WORD)
_REFERRAL: Final = {
    "way": _of(Referral, "way"),
    "how": _text(2000),
    "waiting_weeks": _of(Referral, "waiting_weeks"),
    "capacity": _of(Referral, "capacity"),
    "said_on": _DAY_THAT_WAS,
    "requirements": _text(2000),
    "papers": Annotated[list[Paper], AfterValidator(_each_once)],
    "papers_note": _LINE,
    "laws": Annotated[list[Law], AfterValidator(_each_once)],
    "laws_note": _LINE,
}

OFFER: Final[Mapping[str, TypeAdapter[Any]]] = {
    name: TypeAdapter(kind)
    for name, kind in {
        "name": _NAME,
        "summary": _LINE,
        "description": _LONG,
        "organization": Annotated[_text(200) | None, _unless_empty],
        "organization_website": _WEBSITE,
        "topics": _texts(),
        "audiences": _texts(),
        "languages": _texts(Language),
        "min_age": _of(OfferIn, "min_age"),
        "max_age": _of(OfferIn, "max_age"),
        "cost": Cost,
        "cost_note": _LINE,
        "access": Access,
        "access_note": _LINE,
        "resource_level": ResourceLevel,
        "outreach": bool,
        "serves": _texts(),
        "website": _WEBSITE,
        "hours_text": _LONG,
        "schedules": _LINES,
        "verified_on": _DAY_THAT_WAS,
        "verify_within_days": _of(OfferIn, "verify_within_days"),
        **{path: _TRANSLATED[name] for path, (_code, name) in TRANSLATIONS.items()},
        **{path: _REFERRAL[name] for path, name in REFERRAL.items()},
    }.items()
}
CONTACT: Final[Mapping[str, TypeAdapter[Any]]] = {
    name: TypeAdapter(kind)
    for name, kind in {
        "label": _LINE,
        "phone": _of(ContactIn, "phone"),
        "email": _of(ContactIn, "email"),
        "is_public": bool,
    }.items()
}
PLACE: Final[Mapping[str, TypeAdapter[Any]]] = {
    name: TypeAdapter(kind)
    for name, kind in {
        "name": Annotated[_text(200) | None, _unless_empty],
        "street": Annotated[_text(200) | None, _unless_empty],
        "postcode": _of(PlaceIn, "postcode"),
        "town": Annotated[_text(100) | None, _unless_empty],
        "point": Point | None,
        "address_hidden": bool,
        "wheelchair": Wheelchair,
        "hours_text": _LONG,
        "note": _LONG,
        "schedules": _LINES,
    }.items()
}
PARTS: Final = {"contacts": CONTACT, "places": PLACE}
# Fields of the offer's own row.
COLUMNS: Final = tuple(name for name in OFFER if name in OfferIn.model_fields)
# Fields of a part that stand with the offer at the place; the others are those of the place itself.
AT_PLACE: Final = ("hours_text", "note")
# Half of an old and half of a new one would be a third one, and wrong.
ADDRESS: Final = ("street", "postcode", "town", "point")
# Lists without an order.
UNORDERED: Final = frozenset(
    {"topics", "audiences", "languages", "serves", "referral.papers", "referral.laws"}
)

EMPTY_CONTACT: Final[Mapping[str, Any]] = ContactIn().model_dump(mode="json")
EMPTY_PLACE: Final[Mapping[str, Any]] = {
    "name": None, "street": None, "postcode": None, "town": None, "point": None, "address_hidden": False,
    "wheelchair": Wheelchair.UNKNOWN.value, "hours_text": "", "note": "", "schedules": [],
}  # fmt: skip
EMPTY_PARTS: Final = {"contacts": EMPTY_CONTACT, "places": EMPTY_PLACE}
_KEY: Final = re.compile(r"[1-9][0-9]{0,17}|new-[A-Za-z0-9-]{1,40}")


def empty() -> Sheet:
    """Return the sheet of an offer of which nothing has been said yet."""
    usual = OfferIn(name="..").model_dump(mode="json", include=set(COLUMNS))
    return {
        **usual,
        "name": "",
        "organization": None,
        "organization_website": None,
        **dict.fromkeys(TRANSLATIONS),
        **{path: deepcopy(referring.EMPTY[name]) for path, name in REFERRAL.items()},
        "schedules": [],
        "contacts": {},
        "places": {},
    }


class Path(NamedTuple):
    """A path, taken apart: of a field of the offer only that field, of a whole part no field."""

    part: str
    key: str
    field: str

    @property
    def is_new(self) -> bool:
        """Return whether the part is to come."""
        return self.key.startswith("new-")

    @property
    def whole(self) -> str:
        """Return the path of the part."""
        return f"{self.part}/{self.key}"


def split(path: str) -> Path | None:
    """Return a path taken apart, or None if it names nothing on any sheet."""
    if path in OFFER:
        return Path("", "", path)
    part, _, rest = path.partition("/")
    key, has_field, field = rest.partition("/")
    if part not in PARTS or not _KEY.fullmatch(key) or (has_field and field not in PARTS[part]):
        return None
    return Path(part, key, field)


def value_at(sheet: Sheet, path: str) -> Any:  # noqa: ANN401 - whatever stands there
    """Return what stands at a path; None if its part is not there."""
    found = split(path)
    if found is None:
        return None
    if not found.part:
        return sheet[found.field]
    part = sheet[found.part].get(found.key)
    return part[found.field] if part is not None and found.field else part


def parts(sheet: Sheet) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield kind, number and values of each part of a sheet."""
    for kind in PARTS:
        for key, values in sheet[kind].items():
            yield kind, key, values
