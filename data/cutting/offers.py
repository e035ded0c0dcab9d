"""Cuts the offers: the rows of each published list that lie in Lichtenberg, in its own format."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from . import geometry, mails
from .geometry import Area

OFFERS = Path("lichtenberg/offers")
DAY_CARE = OFFERS / "berlin-daycare-centers-2026-07-details.csv"
BOROUGH = {
    "jugend": OFFERS / "freizeit-sport-jfe.geo.json",
    "schulsozialarbeit": OFFERS / "freizeit-sport-ja-jsa.geo.json",
}
OSM_MONTHS = Path("samples/osm-poi-months")
OSM = {"treffpunkte": "community-centers", "bibliotheken": "libraries", "sport": "sport-centers"}

# Rows that lie in Lichtenberg and are left out all the same: (file, id) and why.
LEFT_OUT = {
    ("kitas", "11221170"): "in a shared accommodation: people live there, it is not open to visitors",
    ("sport", "13651711458"): "kart racing track: entertainment, neither sport for everybody nor support",
}
# A mobile number with Berlin's area code put before it cannot be dialled, and how it should read is a guess.
_NO_NUMBER = re.compile(r"\+49301[567]")

Row = dict[str, Any]


class Cut(NamedTuple):
    """One file that was cut: its text, the rows in it and how many were left out for which reason."""

    text: str
    rows: int
    left_out: Counter[str]


def borough(raw: Path, name: str, lichtenberg: list[Area]) -> Cut:
    """Cut a list of the Bezirksamt as JSON, without mail addresses that name a person."""
    rows: list[Row] = json.loads((raw / BOROUGH[name]).read_text("utf-8"))
    kept, left_out = _kept(name, rows, lichtenberg, lambda row: (row.get("lng"), row.get("lat")))
    cleaned = [row | {"e_mail": mails.without_persons(name, row["id"], row["e_mail"])} for row in kept]
    return Cut(json.dumps(cleaned, ensure_ascii=False, indent=1) + "\n", len(cleaned), left_out)


def day_care(raw: Path, lichtenberg: list[Area]) -> Cut:
    """Cut the day-care centres as CSV; phone numbers that cannot exist are left empty."""
    columns, rows = _read(raw / DAY_CARE)
    kept, left_out = _kept("kitas", rows, lichtenberg, lambda row: (row["lon"], row["lat"]))
    for row in kept:
        if _NO_NUMBER.match(row["phone_number"]):
            row["phone_number"] = ""
    return Cut(_written(columns, kept), len(kept), left_out)


def osm(raw: Path, name: str, lichtenberg: list[Area]) -> Cut:
    """Cut the newest month of one kind of OpenStreetMap places as CSV."""
    newest = max((raw / OSM_MONTHS).glob(f"*-{OSM[name]}.csv"))
    columns, rows = _read(newest)
    kept, left_out = _kept(name, rows, lichtenberg, lambda row: (row["lon"], row["lat"]))
    return Cut(_written(columns, kept), len(kept), left_out)


def addresses(raw: Path) -> list[tuple[geometry.Point, str]]:
    """List point and postcode of every day-care centre in Berlin."""
    _, rows = _read(raw / DAY_CARE)
    return [((float(row["lon"]), float(row["lat"])), row["zip_code"]) for row in rows if row["lat"]]


def _kept(
    name: str,
    rows: Iterable[Row],
    lichtenberg: list[Area],
    point_of: Callable[[Row], tuple[str | None, str | None]],
) -> tuple[list[Row], Counter[str]]:
    kept: list[Row] = []
    left_out: Counter[str] = Counter()
    for row in rows:
        reason = _reason(name, row, point_of(row), lichtenberg)
        if reason:
            left_out[reason] += 1
        else:
            kept.append(row)
    return kept, left_out


def _reason(name: str, row: Row, point: tuple[str | None, str | None], lichtenberg: list[Area]) -> str:
    """Why a row is left out; empty if it is taken."""
    lon, lat = point
    if not lon or not lat:
        return "no coordinates"
    if not geometry.inside((float(lon), float(lat)), lichtenberg):
        return "outside Lichtenberg"
    if not row.get("name", "named otherwise"):
        return "no name"
    return LEFT_OUT.get((name, row["id"]), "")


def _read(path: Path) -> tuple[list[str], list[Row]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows: list[Row] = list(reader)
        return list(reader.fieldnames or ()), rows


def _written(columns: list[str], rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
