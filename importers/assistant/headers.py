"""Words that name columns, in German and English and as formats and programs write them, field by field."""

import re
from typing import Final

from api.core.text import fold

# Folded, words apart. A field's first words are the surest; one that ends in them counts as well
# ("Ansprechtelefon"), if they have FEWEST letters.
HEADERS: Final[dict[str, tuple[str, ...]]] = {
    "name": (
        "name", "titel", "title", "bezeichnung", "angebotsname", "name des angebots", "angebotstitel",
        "einrichtungsname", "name der einrichtung", "projektname", "vereinsname", "einrichtung",
        "institution",
        "projekt", "angebot", "veranstaltung", "verein", "beratungsstelle", "treffpunkt", "kita",
        "objekt",
        "label", "service name", "kursname", "gruppe name", "summary",
    ),
    "summary": (
        "kurzbeschreibung", "kurztext", "untertitel", "teaser", "summary", "short desc", "kurzinfo",
    ),
    "description": (
        "description", "beschreibung", "angebotsbeschreibung", "service description", "angebote",
        "leistungen",
        "inhalt", "details", "leistung", "taetigkeit", "informationen", "infos", "info", "text",
        "bemerkung",
        "bemerkungen", "anmerkung", "was", "notizen", "comment", "projektbeschreibung",
    ),
    "organization": (
        "organization", "traeger", "anbieter", "organisation", "betreiber", "traegername", "operator",
        "organization name", "sponsor name", "provider", "name des traegers", "veranstalter",
        "traegerschaft",
    ),
    "organization_website": ("organization website", "webseite traeger", "traeger website"),
    "place_name": (
        "place name", "location name", "gebaeude", "haus", "veranstaltungsort", "name des ortes",
        "ortsangabe",
        "standort", "standortname", "schule", "raum", "objektname", "treffort", "venue",
    ),
    "street": (
        "street", "strasse", "strasse und hausnummer", "strasse hausnummer", "strasse nr", "str",
        "strassenname",
        "addr street", "address address 1", "address 1", "place street", "strasse hnr", "street address",
        "strasse u nr", "contact street", "adresse", "anschrift", "address",
    ),
    "house_suffix": ("hausnummernzusatz", "hnr zusatz", "zusatz", "hausnummerzusatz", "nr zusatz", "adz"),
    "house_number": (
        "hausnummer", "hausnr", "hnr", "hsnr", "haus nr", "nr", "addr housenumber", "housenumber",
        "house number",
    ),
    "postcode": (
        "postcode", "plz", "postleitzahl", "zip", "zip code", "zipcode", "postal code", "addr postcode",
        "address postal code", "place postcode",
    ),
    "town": (
        "town", "ort", "stadt", "city", "gemeinde", "wohnort", "kommune", "addr city", "address city",
        "place town", "ortsname", "ort stadt",
    ),
    "postcode_town": ("plz ort", "plz und ort", "postleitzahl ort", "plz stadt", "postleitzahl und ort"),
    "address": ("adresse", "anschrift", "address", "full address", "location", "adresszeile", "lage"),
    "lon": (
        "lon", "lng", "long", "longitude", "location longitude", "laenge", "laengengrad",
        "geografische laenge",
        "geographische laenge", "geo laenge", "x", "x koordinate", "xkoord", "rechtswert", "easting",
        "ostwert",
        "ost", "rechts", "x wert", "utm ost", "utm x", "koordinate x", "hko x", "x coord", "e",
    ),
    "lat": (
        "lat", "latitude", "location latitude", "breite", "breitengrad", "geografische breite",
        "geographische breite", "geo breite", "y", "y koordinate", "ykoord", "hochwert", "northing",
        "nordwert",
        "nord", "hoch", "y wert", "utm nord", "utm y", "koordinate y", "y coord", "n",
    ),
    "point": (
        "koordinaten", "koordinate", "coordinates", "geokoordinaten", "geo point", "geo point 2d",
        "geopunkt",
        "latlng", "latlon", "lat lon", "lat lng", "lon lat", "position", "gps", "gps koordinaten",
        "geo", "wkt",
        "geokoordinate", "punkt",
    ),
    "precision": ("precision", "genauigkeit"),
    "phone": (
        "phone", "telefon", "telefonnummer", "tel", "rufnummer", "phone number", "phones",
        "contact phone",
        "fon", "telefonnr", "tel nr", "festnetz", "mobil", "handy", "mobiltelefon", "contact mobile",
        "mobile",
    ),
    "email": (
        "email", "e mail", "mail", "mailadresse", "e mail adresse", "emailadresse", "contact email",
        "service email",
    ),
    "website": (
        "website", "internet", "webseite", "homepage", "web", "internetseite", "internetadresse",
        "url", "link",
        "www", "service url", "contact website", "internetauftritt", "web adresse", "webadresse",
    ),
    "contact_label": ("contact label", "ansprechstelle", "abteilung", "kontaktstelle", "sekretariat"),
    "hours_text": (
        "hours text", "oeffnungszeiten", "sprechzeiten", "opening hours", "hours", "zeiten",
        "oeffnungszeit",
        "sprechzeit", "beratungszeiten", "zeit", "uhrzeit", "termine", "wann", "termin", "tag und zeit",
        "service times",
    ),
    "place_hours_text": ("place hours text",),
    "schedules": ("schedules",),
    "place_schedules": ("place schedules",),
    "place_note": ("place note", "hinweis zum ort", "wegbeschreibung", "zugang zum haus", "eingang"),
    "min_age": (
        "min age", "mindestalter", "alter von", "alter ab", "ab alter", "service minimum age",
        "minimum age",
        "alter min", "ab jahre", "altersuntergrenze",
    ),
    "max_age": (
        "max age", "hoechstalter", "alter bis", "bis alter", "service maximum age", "maximum age",
        "alter max",
        "bis jahre", "altersobergrenze",
    ),
    "cost": (
        "cost", "kosten", "costs", "preis", "gebuehr", "gebuehren", "eintritt", "kostenbeitrag",
        "beitrag",
    ),
    "cost_note": ("cost note", "kostenhinweis", "hinweis zu den kosten", "service fees"),
    "access": ("access", "zugang", "anmeldung", "terminvergabe"),
    "access_note": ("access note", "hinweis zum zugang", "anmeldehinweis", "service application process"),
    "languages": (
        "languages", "sprachen", "sprache", "beratungssprachen", "sprachangebot",
        "service languages",
    ),
    "resource_level": ("resource level", "ressourcenebene"),
    "outreach": ("outreach", "aufsuchend", "hausbesuche", "kommt ins haus"),
    "address_hidden": (
        "address hidden", "adresse verborgen", "adresse geheim", "adresse nicht veroeffentlichen",
        "anonym",
        "schutzadresse",
    ),
    "wheelchair": (
        "wheelchair", "rollstuhl", "rollstuhlgerecht", "barrierefrei", "barrierefreiheit",
        "rollstuhlgeeignet",
    ),
    "serves": ("serves",),
    "topics": ("topics",),
    "audiences": ("audiences",),
}  # fmt: skip
# From which topics follow.
CATEGORIES: Final = (
    "kategorie", "kategorien", "category", "categories", "art", "typ", "type", "thema", "themen",
    "rubrik",
    "bereich", "gruppe", "ordner", "ebene", "tags", "schlagworte", "stichworte", "terms", "angebotsart",
    "einrichtungsart", "einrichtungstyp", "schwerpunkt", "schwerpunkte", "handlungsfeld", "amenity",
    "leisure",
    "office", "social facility", "healthcare", "schultyp", "gruppea", "gruppeb", "fachbereich", "sparte",
    "sportart", "keywords", "service keywords",
)  # fmt: skip
# From which groups of people follow.
GROUPS: Final = ("zielgruppe", "zielgruppen", "fuer wen", "target group", "teilnehmer", "service audience")
# Whatever else they say, these are never taken.
PERSONS: Final = (
    "ansprechpartner", "ansprechpartnerin", "ansprechperson", "ansprechpersonen", "kontaktperson",
    "leitung",
    "leiter", "leiterin", "vorname", "nachname", "familienname", "contact name", "bearbeiter",
    "sachbearbeiter",
    "inhaber", "ansprechpartner in", "vorstand", "kursleitung", "einrichtungsleitung", "verantwortlich",
    "address attention", "kontakt name",
)  # fmt: skip
AREAS: Final = (
    "stadtteil", "stadtteile", "bezirk", "ortsteil", "kiez", "sozialraum", "planungsraum", "quartier",
    "bezirksregion", "stadtbezirk", "viertel",
)  # fmt: skip
FAX: Final = ("fax", "telefax", "faxnummer", "contact fax", "fax nr")
IDS: Final = (
    "id", "uid", "key", "schluessel", "kennung", "osm id", "uuid", "objektid", "objectid", "fid",
    "nummer",
    "einrichtungsnummer", "kennziffer", "lfd nr", "laufende nummer", "object id", "identifier", "gml id",
)  # fmt: skip
# A column of these says something of something else: "Haltestelle Lat", "Logo URL".
OTHERS: Final = frozenset({
    "haltestelle", "station", "bus", "bahn", "logo", "bild", "foto", "image", "lizenz", "licence",
    "license",
    "quelle", "source", "konto", "iban", "rechnung", "alternate", "parent", "assurer", "admin", "su",
    "alt",
    "icon", "media", "organization", "program",
})  # fmt: skip
FEWEST: Final = 4
_FILLERS: Final = frozenset({"der", "des", "die", "das", "dem", "zum", "zur", "im", "ihr", "ihre", "eures"})


def plain(header: str) -> str:
    """Return a header as the lists above write it: "E-Mail (Büro)" → "e mail buero", "zipCode"."""
    apart = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", header)
    apart = re.sub(r"\(\d+\)$", "", apart)
    return " ".join(re.findall(r"[a-z0-9]+", fold(apart)))


def rank(header: str, known: tuple[str, ...]) -> float:
    """Return how surely a header is one of these words: from 1 down to 0.5, 0 if not at all."""
    said = plain(header)
    if said in known:
        return 1 - known.index(said) / 1000
    words = said.split()
    # Names of formats count as they are: "address.country" is no address.
    if not words or "." in header or is_of_others(header):
        return 0
    least = " ".join(word for word in words if word not in _FILLERS)
    if least in known:
        return 0.9
    for position, word in enumerate(known):
        if _ends_in(words, word):
            return 0.7 - position / 1000
        if len(word) >= FEWEST and word in (words[0], " ".join(words[:2])):
            return 0.6 - position / 1000
    return 0


def is_of_others(header: str) -> bool:
    """Return whether a column says something of something else, or only numbers it."""
    words = plain(header).split()
    return len(words) > 1 and (bool(set(words) & OTHERS) or words[-1] in ("id", "ids"))


def _ends_in(words: list[str], known: str) -> bool:
    """Return whether the last word is this one, alone or as the end of a compound."""
    return words[-1] == known or (len(known) >= FEWEST and words[-1].endswith(known))
