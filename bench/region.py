"""Writes one made-up region into the database in bulk."""

import json
from dataclasses import dataclass
from typing import Final

from psycopg import Cursor

from bench import divisions
from bench.cells import Grid
from bench.divisions import DIVISIONS
from bench.entries import CONTACT, OFFER, ORGANIZATION, PLACE, Maker
from bench.rows import Row, copy, copy_numbered, insert
from bench.vocabulary import Vocabulary

# Where the installation's first region lies, in degrees; the others follow to the east and north, apart.
WEST: Final = 6.0
SOUTH: Final = 47.5
WIDTH: Final = 0.36
HEIGHT: Final = 0.22
APART: Final = 0.04
REGIONS_IN_A_ROW: Final = 20

OFFERS_OF_A_CARRIER: Final = 8
PLACES_OF_TEN_OFFERS: Final = 6


@dataclass(frozen=True)
class Plan:
    """Which region, and how many offers; numbers begin with 1, and the first region is the default one."""

    number: int
    offers: int
    seed: str = "landkarte"

    @property
    def slug(self) -> str:
        """Return the region's slug."""
        return f"kreis-{self.number}"

    @property
    def host(self) -> str:
        """Return the host name by which visitors ask for the region."""
        return f"{self.slug}.bench.example"

    @property
    def is_default(self) -> bool:
        """Return whether the region answers to all other host names, too."""
        return self.number == 1

    def grid(self, name: str = "", columns: int = 1, rows: int = 1) -> Grid:
        """Return the region's area, cut into columns and rows; the name decides on the borders."""
        row, column = divmod(self.number - 1, REGIONS_IN_A_ROW)
        west, south = WEST + column * (WIDTH + APART), SOUTH + row * (HEIGHT + APART)
        return Grid(west, south, WIDTH, HEIGHT, columns, rows, f"{self.seed}/{self.number}/{name}")


def write(cursor: Cursor[Row], plan: Plan, vocabulary: Vocabulary) -> int:
    """Write a region with everything on it, in the caller's transaction; return its id."""
    region = insert(cursor, "region", _region(plan))
    source = insert(cursor, "source", _source(region))
    keys = [divisions.key_prefix(DIVISIONS[0], plan.slug) + code for code in DIVISIONS[0].codes()]
    maker = Maker(f"{plan.seed}/{plan.number}", plan.grid(), vocabulary, keys, f"Stadt {plan.number}")
    carriers = maker.organizations(plan.offers // OFFERS_OF_A_CARRIER + 1)
    organizations = copy_numbered(cursor, "organization", region, ORGANIZATION, carriers)
    for division in DIVISIONS:
        grid = plan.grid(division.slug, division.columns, division.rows)
        divisions.write(cursor, division, grid, region=region, region_slug=plan.slug, source=source)
    made = maker.places(plan.offers * PLACES_OF_TEN_OFFERS // 10 + 2)
    places = copy_numbered(cursor, "place", region, PLACE, made)
    cursor.execute("SELECT place_places_in_spaces(%s)", [places])
    rows = list(maker.offers(plan.offers, organizations))
    offers = list(zip(copy_numbered(cursor, "offer", region, OFFER, rows), rows, strict=True))
    _write_details(cursor, maker, places, offers)
    records = ("source_id", "key", "offer_id", "raw", "mapped")
    copy(cursor, "source_record", records, (_record(source, *offer) for offer in offers))
    return region


def _write_details(
    cursor: Cursor[Row], maker: Maker, places: list[int], offers: list[tuple[int, Row]]
) -> None:
    """Write where offers take place and whom to ask."""
    outreach = OFFER.index("outreach")
    at_places = [
        (offer, place, "", "")
        for offer, row in offers
        for place in maker.places_of_offer(places, outreach=row[outreach])
    ]
    copy(cursor, "offer_at_place", ("offer_id", "place_id", "hours_text", "note"), at_places)
    contacts = [(offer, *contact) for offer, _ in offers for contact in maker.contacts()]
    copy(cursor, "contact", ("offer_id", *CONTACT), contacts)


def _record(source: int, offer: int, row: Row) -> Row:
    name = row[OFFER.index("name")]
    return source, str(offer), offer, json.dumps({"Name": name}), json.dumps({"name": name})


def _region(plan: Plan) -> dict[str, object]:
    return {
        "slug": plan.slug,
        "name": f"Kreis {plan.number}",
        "hostnames": [plan.host],
        "is_default": plan.is_default,
        "state": "NW",
        "timezone": "Europe/Berlin",
        "space_word": "stadtteil",
        "help_name": "Beispiel-Telefon",
        "help_phone": "030 23125-000",
    }


def _source(region: int) -> dict[str, object]:
    return {
        "region_id": region,
        "slug": "bench",
        "title": "Erfundene Liste für Messungen",
        "publisher": "Dieses Projekt",
        "url": "",
        "licence": "CC0-1.0",
        "licence_url": "",
        "attribution": "erfunden",
        "is_example": True,
    }
