"""Made-up lists as a town hall would send them: a CSV of many rows, and its mapping."""

import csv
from itertools import repeat
from pathlib import Path
from typing import Final

from bench.entries import OFFER, ORGANIZATION, PLACE, Maker
from bench.region import OFFERS_OF_A_CARRIER, PLACES_OF_TEN_OFFERS, Plan
from bench.rows import Row
from bench.vocabulary import Vocabulary

COLUMNS: Final = (
    "Nr", "Name", "Kurz", "Beschreibung", "Träger", "Träger-Seite", "Haus", "Straße", "PLZ", "Ort", "Länge",
    "Breite", "Telefon", "Mail", "Seite", "Zeiten", "Themen", "Zielgruppen", "Sprachen", "Kosten", "Zugang",
)  # fmt: skip
MAPPING: Final = """
[source]
slug = "grosse-liste"
region = "{region}"
title = "Erfundene große Liste"
publisher = "Dieses Projekt"
licence = "CC0-1.0"
attribution = "erfunden"
date = "2026-10-01"
trust = "apply"
examples = true

[file]
key = ["Nr"]

[fields]
name = "Name"
summary = "Kurz"
description = "Beschreibung"
organization = "Träger"
organization_website = "Träger-Seite"
place_name = "Haus"
street = "Straße"
postcode = "PLZ"
town = "Ort"
lon = "Länge"
lat = "Breite"
phone = "Telefon"
email = "Mail"
website = "Seite"
place_hours_text = "Zeiten"
topics = "Themen"
audiences = "Zielgruppen"
languages = "Sprachen"
cost = "Kosten"
access = "Zugang"
"""


def write(folder: Path, plan: Plan, rows: int) -> tuple[Path, Path]:
    """Write a list of offers within a planned region into a folder; return the file and its mapping."""
    maker = Maker(f"{plan.seed}/{plan.number}/list", plan.grid(), Vocabulary.read(), ["-"], "Musterstadt")
    carriers = list(maker.organizations(rows // OFFERS_OF_A_CARRIER + 1))
    places = list(maker.places(rows * PLACES_OF_TEN_OFFERS // 10 + 2))
    offers = maker.offers(rows, list(range(len(carriers))))
    houses = list(range(len(places)))
    file, mapping = folder / "liste.csv", folder / "liste.toml"
    with file.open("w", encoding="utf-8", newline="") as text:
        lines = csv.writer(text, delimiter=";")
        lines.writerow(COLUMNS)
        for number, offer in enumerate(offers, start=1):
            chosen = maker.places_of_offer(houses, outreach=False) if places else []
            place = places[chosen[0]] if chosen else tuple(repeat(None, len(PLACE)))
            lines.writerow(_line(number, offer, carriers, place, next(iter(maker.contacts()))))
    mapping.write_text(MAPPING.format(region=plan.slug), encoding="utf-8")
    return file, mapping


def _line(number: int, offer: Row, carriers: list[Row], place: Row, contact: Row) -> Row:
    said = dict(zip(OFFER, offer, strict=True))
    carrier = dict(zip(ORGANIZATION, carriers[said["organization_id"]], strict=True))
    where = dict(zip(PLACE, place, strict=True))
    return (
        number, said["name"], said["summary"], said["description"], carrier["name"], carrier["website"],
        where["name"], where["street"], where["postcode"], where["town"], _german(where["lon"]),
        _german(where["lat"]), contact[1], contact[2], said["website"], said["hours_text"],
        ", ".join(said["topics"]), ", ".join(said["audiences"]), ", ".join(said["languages"]),
        said["cost"], said["access"],
    )  # fmt: skip


def _german(degrees: float | None) -> str:
    return "" if degrees is None else str(degrees).replace(".", ",")
