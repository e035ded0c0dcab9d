"""Loads a region from its region.toml: the region itself, its divisions and their spaces.

Loading again changes nothing. Spaces that are in no file any more are reported, never deleted.
"""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, field_validator
from sqlalchemy import select
from sqlmodel import Session, col

from api.history.models import Origin
from api.history.service import Act
from api.regions import texts
from api.regions.helplines import Helpline
from api.regions.models import Region
from api.schedules.calendars import STATES
from api.sources import service as sources
from api.spaces.models import Division
from importers import chains, identity, spaces
from importers.chains import ChainTable
from importers.errors import UnusableError
from importers.identity import IdentityTable
from importers.put import put
from importers.referrals import ReferralTable
from importers.run import ACTOR
from importers.strict import DataDate, Strict, WebAddress, meant, read_toml


def _known_state(name: str) -> str:
    if name not in STATES:
        raise ValueError(f"muss das Kürzel eines Bundeslandes sein: {', '.join(sorted(STATES))}")
    return name


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError('muss der Name einer Zeitzone sein, zum Beispiel "Europe/Berlin"')
    return name


TEXTS: Final = "texte"  # the folder beside region.toml
_PHONE = re.compile(r"\+?[0-9][0-9 /()–-]{1,30}")
# Whose public and school holidays hold here.
State = Annotated[str, AfterValidator(_known_state)]
Zone = Annotated[str, AfterValidator(_known_zone)]


class RegionTable(Strict):
    """The region's settings."""

    slug: str = Field(min_length=1)
    name: str = Field(min_length=1)
    state: State
    timezone: Zone = "Europe/Berlin"
    hostnames: list[str] = Field(default=[])
    default: bool = False
    space_word: Literal["stadtteil", "ort"] = "stadtteil"
    help_name: str
    help_phone: str
    exit_url: WebAddress = ""
    four_eyes: bool = False
    identity: IdentityTable = IdentityTable()


class HelpTable(Helpline):
    """A number to call, of this region alone or instead of the one with the same slug that comes with us."""

    @field_validator("phones")
    @classmethod
    def _can_be_dialled(cls, phones: list[str]) -> list[str]:
        if not all(map(_PHONE.fullmatch, phones)):
            raise ValueError('muss aus Telefonnummern bestehen: ["030 19240"]')
        return phones

    @field_validator("name", "note", "when")
    @classmethod
    def _is_said_in_german(cls, said: Mapping[str, str]) -> Mapping[str, str]:
        if said and not said.get("de"):
            raise ValueError("braucht auch einen deutschen Text (de)")
        return said


class DivisionSource(Strict):
    """Who drew the spaces, on what terms."""

    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    url: WebAddress = ""
    licence: str = Field(min_length=1)
    licence_url: WebAddress = ""
    attribution: str = Field(min_length=1)
    date: DataDate | None = None


class DivisionTable(Strict):
    """One way of cutting the region; levels from the coarsest to the finest."""

    slug: str = Field(min_length=1)
    name: str = Field(min_length=1)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    resident_level: int | None = None
    source: DivisionSource
    levels: list[spaces.Level] = Field(min_length=1)


class Import(Strict):
    """A file of offers with its mapping, both relative to region.toml."""

    file: str
    mapping: str


class RegionFile(Strict):
    """region.toml."""

    region: RegionTable
    help: list[HelpTable] = Field(default=[])
    divisions: list[DivisionTable] = Field(default=[])
    imports: list[Import] = Field(default=[])
    chains: list[ChainTable] = Field(default=[])
    referrals: list[ReferralTable] = Field(default=[])


def read_region(path: Path) -> RegionFile:
    """Return a region file or raise UnusableError that names file, table and key."""
    return read_toml(path, RegionFile)


def load(session: Session, path: Path, told: RegionFile) -> tuple[Region, list[str]]:
    """Bring region, divisions and spaces to what the files say; return the region and remarks."""
    look, remarks = identity.read(told.region.identity, path)
    own = {
        "identity": look,
        "helplines": [line.model_dump(exclude_defaults=True) for line in told.help],
        "texts": read_texts(path.parent / TEXTS),
    }
    region = _load_region(session, told.region, own)
    for table in told.divisions:
        division = _load_division(session, region, table)
        remarks += spaces.load(session, division, table.levels, path.parent)
    remarks += chains.load(session, region, told.chains, str(path))
    return region, remarks


def read_texts(folder: Path) -> texts.Texts:
    """Return the region's own texts: "impressum.md" is German, "impressum.en.md" English; none: no folder."""
    found: texts.Texts = {}
    for path in sorted(folder.glob("*.md")):
        page, _, language = path.stem.partition(".")
        if page not in texts.PAGES:
            raise UnusableError(
                f"{path}: Diesen Text kennt das Programm nicht.{meant(page, texts.PAGES)}"
                f" Es gibt: {', '.join(texts.PAGES)}."
            )
        found.setdefault(page, {})[language or texts.GERMAN] = _text(path)
    for page, said in found.items():
        if texts.GERMAN not in said:
            raise UnusableError(f"{folder / page}.md: Es fehlt der deutsche Text.")
    return found


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UnusableError(f"{path}: Die Datei lässt sich nicht lesen ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise UnusableError(f"{path}: Die Datei ist nicht in UTF-8 gespeichert.") from error
    if "\x00" in text or len(text) > texts.LONGEST:
        raise UnusableError(
            f"{path}: Der Text darf höchstens {texts.LONGEST} Zeichen haben, keines davon NUL."
        )
    return text


def _load_region(session: Session, table: RegionTable, own: dict[str, Any]) -> Region:
    other = session.scalars(
        select(Region).where(col(Region.is_default), col(Region.slug) != table.slug)
    ).first()
    if table.default and other is not None:
        raise UnusableError(
            f"Es kann nur eine Region die voreingestellte sein: {table.name} oder {other.name}."
        )
    row = session.scalars(select(Region).where(col(Region.slug) == table.slug)).first()
    values = table.model_dump(exclude={"default", "identity"}) | {"is_default": table.default} | own
    return put(session, Region, row, values)


def _load_division(session: Session, region: Region, table: DivisionTable) -> Division:
    said = table.source.model_dump(exclude={"date"})
    slug = f"{region.slug}-{table.slug}"
    act = Act(region.id, ACTOR, Origin.IMPORT)
    source, _ = sources.register(session, act, {**said, "slug": slug, "date_on": table.source.date})
    row = session.scalars(
        select(Division).where(col(Division.region_id) == region.id, col(Division.slug) == table.slug)
    ).first()
    values = {
        "region_id": region.id,
        "slug": table.slug,
        "source_id": source.id,
        "name": table.name,
        "level_names": [level.name for level in table.levels],
        "resident_level": table.resident_level,
        "valid_from_on": table.valid_from,
        "valid_to_on": table.valid_to,
    }
    return put(session, Division, row, values)
