"""What the assistant knows of each field: how people call it, and what its values must look like."""

from typing import Final, NamedTuple


class Shape(NamedTuple):
    """The patterns of a field's values.

    named: one of these must fit where the header says the field; alone: this is enough without a header.
    """

    named: tuple[str, ...] = ()
    alone: str = ""


SHAPES: Final[dict[str, Shape]] = {
    "name": Shape(("words",)),
    "summary": Shape(("words",)),
    "description": Shape(("words",), "long"),
    "organization": Shape(("words",)),
    "organization_website": Shape(("website",)),
    "place_name": Shape(("words",)),
    "street": Shape(("words",), "street"),
    "house_number": Shape(("house_number",)),
    "house_suffix": Shape(("words",)),
    "postcode": Shape(("postcode",), "postcode"),
    "town": Shape(("words",)),
    "postcode_town": Shape(("postcode_town",), "postcode_town"),
    "address": Shape(("address", "street", "words"), "address"),
    "lon": Shape(("number",)),
    "lat": Shape(("number",)),
    "point": Shape(("pair",)),
    "precision": Shape(("precision",)),
    "phone": Shape(("phone", "local_phone"), "written_phone"),
    "email": Shape(("mail",), "mail"),
    "website": Shape(("website",), "website"),
    "contact_label": Shape(("words",)),
    "hours_text": Shape(("hours", "date"), "hours"),
    "place_hours_text": Shape(("hours",)),
    "schedules": Shape(("lines",)),
    "place_schedules": Shape(("lines",)),
    "place_note": Shape(("words",)),
    "min_age": Shape(("age",)),
    "max_age": Shape(("age",)),
    "cost": Shape(("cost",), "cost"),
    "cost_note": Shape(("words",)),
    "access": Shape(("access",), "access"),
    "access_note": Shape(("words",)),
    "languages": Shape(("languages",)),
    "resource_level": Shape(("level",)),
    "outreach": Shape(("yes_no",)),
    "address_hidden": Shape(("yes_no",)),
    "wheelchair": Shape(("wheelchair",)),
}
LABELS: Final[dict[str, str]] = {
    "name": "Name", "summary": "Kurztext", "description": "Beschreibung", "organization": "Anbieter",
    "organization_website": "Internetseite des Anbieters", "place_name": "Haus", "street": "Straße",
    "house_number": "Hausnummer", "house_suffix": "Hausnummer", "postcode": "Postleitzahl", "town": "Ort",
    "postcode_town": "Postleitzahl und Ort", "address": "Adresse", "lon": "Koordinaten", "lat": "Koordinaten",
    "point": "Koordinaten", "precision": "Genauigkeit",
    "phone": "Telefon", "email": "E-Mail", "website": "Internetseite",
    "contact_label": "Kontaktstelle", "hours_text": "Zeiten", "place_hours_text": "Zeiten an diesem Ort",
    "schedules": "Zeiten als Regeln", "place_schedules": "Zeiten als Regeln", "place_note": "Hinweis zum Ort",
    "min_age": "Mindestalter", "max_age": "Höchstalter", "cost": "Kosten", "cost_note": "Hinweis zu Kosten",
    "access": "Zugang", "access_note": "Hinweis zum Zugang", "languages": "Sprachen",
    "resource_level": "Ressourcenebene", "outreach": "kommt zu den Leuten",
    "address_hidden": "verborgene Adresse", "wheelchair": "Rollstuhl", "serves": "Räume",
    "topics": "Themen", "audiences": "Zielgruppen",
}  # fmt: skip
# Parts that are put together with others; no fields by themselves.
PARTS: Final = ("house_number", "house_suffix", "postcode_town", "point")
# Of these several columns go together, if each is called like the field: field → what stands between.
SEVERAL: Final = {"phone": ", ", "description": "\n", "hours_text": ", "}
# If "Kosten" is no choice that we know, it is a remark.
ELSE: Final = {"cost": "cost_note", "access": "access_note"}
