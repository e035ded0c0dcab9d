"""What the pages of imports call things; German only, as these pages are."""

from typing import Final

from importers.jobs.models import Stage

GROUPS: Final = {
    "Das Angebot": {
        "name": "Name des Angebots",
        "summary": "Was und für wen, in einem Satz",
        "description": "Beschreibung",
        "topics": "Themen (Kürzel)",
        "audiences": "Zielgruppen (Kürzel)",
        "languages": "Sprachen (Kürzel)",
        "min_age": "Alter von",
        "max_age": "Alter bis",
        "cost": "Kosten",
        "cost_note": "Kosten in Worten",
        "access": "Wie man hinkommt (Kürzel)",
        "access_note": "Anmeldung in Worten",
        "hours_text": "Zeiten des Angebots",
    },
    "Anbieter und Kontakt": {
        "organization": "Anbieter",
        "organization_website": "Internetseite des Anbieters",
        "contact_label": "Stelle, die antwortet",
        "phone": "Telefon",
        "email": "E-Mail",
        "website": "Internetseite des Angebots",
    },
    "Der Ort": {
        "place_name": "Name des Ortes",
        "address": "Ganze Adresse in einer Spalte",
        "street": "Straße und Hausnummer",
        "postcode": "Postleitzahl",
        "town": "Stadt",
        "lon": "Länge (Grad)",
        "lat": "Breite (Grad)",
        "place_hours_text": "Öffnungszeiten am Ort",
        "place_note": "Hinweis zum Ort",
        "wheelchair": "Mit dem Rollstuhl erreichbar",
        "address_hidden": "Adresse verbergen (Frauenhaus)",
        "outreach": "Kommt nach Hause",
        "serves": "Für diese Räume da (Schlüssel)",
    },
    "Seltenes": {
        "schedules": "Zeiten für Programme",
        "place_schedules": "Öffnungszeiten für Programme",
        "resource_level": "Ebene der Hilfe (2 bis 4)",
    },
}
FIELDS: Final = {name: label for group in GROUPS.values() for name, label in group.items()} | {
    "lon, lat": "Punkt auf der Karte"
}
SOURCE: Final = {
    "title": "Name der Liste",
    "publisher": "Wer sie herausgibt",
    "attribution": "So soll die Quelle genannt werden",
    "licence": "Lizenz, zum Beispiel „CC BY 4.0“ oder „mit Erlaubnis“",
    "licence_url": "Internetadresse der Lizenz (freiwillig)",
    "url": "Internetadresse der Liste (freiwillig)",
    "date": "Stand der Liste, zum Beispiel 2026-04-16 (freiwillig)",
    "slug": "Kürzel; dieselbe Liste behält immer dasselbe",
}
NEEDED: Final = ("title", "publisher", "attribution", "licence", "slug")
OUTCOMES: Final = {
    "new": "neu",
    "changed": "geändert",
    "unchanged": "unverändert",
    "linked": "verbunden",
    "proposed": "zur Entscheidung",
    "skipped": "ausgelassen",
    "failed": "nicht übernommen",
}
# What is done while people wait, and what it is called in lists.
STAGES: Final = {
    Stage.RECEIVING: "Die Datei kommt an.",
    Stage.FETCHING: "Die Datei wird geholt.",
    Stage.DRAFTING: "Die Spalten werden angesehen.",
    Stage.DRAFTED: "Die Zuordnung kann geprüft werden.",
    Stage.PREVIEWING: "Die Vorschau entsteht.",
    Stage.PREVIEWED: "Die Vorschau ist fertig.",
    Stage.APPLYING: "Die Liste wird übernommen.",
    Stage.APPLIED: "Übernommen.",
    Stage.UNDOING: "Der Import wird zurückgenommen.",
    Stage.UNDONE: "Zurückgenommen.",
    Stage.FAILED: "Das hat nicht geklappt.",
}
