"""What the pages of imports call things; German only, as these pages are."""

from typing import Final

from importers.jobs.models import Stage

GROUPS: Final = {
    "Das Angebot": {
        "name": "Name des Angebots",
        "summary": "Was und für wen, in einem Satz",
        "description": "Beschreibung",
        "hours_text": "Zeiten",
        "cost": "Kosten",
        "cost_note": "Hinweis zu den Kosten",
        "access": "Anmeldung",
        "access_note": "Hinweis zur Anmeldung",
        "min_age": "Alter von",
        "max_age": "Alter bis",
        "languages": "Sprachen",
        "website": "Internetseite des Angebots",
    },
    "Anbieter und Kontakt": {
        "organization": "Anbieter",
        "organization_website": "Internetseite des Anbieters",
        "contact_label": "Stelle, die antwortet",
        "phone": "Telefon",
        "email": "E-Mail",
    },
    "Der Ort": {
        "place_name": "Name des Hauses",
        "address": "Ganze Adresse in einer Spalte",
        "street": "Straße und Hausnummer",
        "postcode": "Postleitzahl",
        "town": "Stadt",
        "lon": "Punkt auf der Karte: Länge (um 7 bis 14)",
        "lat": "Punkt auf der Karte: Breite (um 48 bis 54)",
        "place_hours_text": "Öffnungszeiten des Hauses",
        "place_note": "Hinweis zum Ort",
        "wheelchair": "Mit dem Rollstuhl erreichbar",
        "address_hidden": "Adresse verbergen (Frauenhaus)",
        "outreach": "Kommt nach Hause",
    },
    "Für Listen aus anderen Programmen": {
        "topics": "Themen, wie die Landkarte sie schreibt",
        "audiences": "Zielgruppen, wie die Landkarte sie schreibt",
        "serves": "Stadtteile, in die jemand kommt, als Schlüssel",
        "schedules": "Zeiten als Regeln",
        "place_schedules": "Öffnungszeiten als Regeln",
        "resource_level": "Wer hilft (2 Nachbarschaft, 3 Vereine, 4 Ämter)",
    },
}
FIELDS: Final = {name: label for group in GROUPS.values() for name, label in group.items()} | {
    "lon": "Punkt auf der Karte",
    "lat": "Punkt auf der Karte",
    "lon, lat": "Punkt auf der Karte",
    "precision": "Genauigkeit des Punkts",
    "topics": "Themen",
    "audiences": "Zielgruppen",
    "serves": "Stadtteile",
    "schedules": "Zeiten",
    "place_schedules": "Öffnungszeiten des Hauses",
    "resource_level": "Wer hilft",
}
# What people read of an offer: icon, and what it is.
FACTS: Final = {
    "name": ("info", "Heißt auf der Karte"),
    "topics": ("liste", "Themen"),
    "place": ("ort", "Ort"),
    "hours": ("uhr", "Zeiten"),
    "phone": ("telefon", "Telefon"),
    "email": ("mail", "E-Mail"),
}
MARKS: Final = {
    "no_point": "ohne Punkt auf der Karte",
    "no_topic": "ohne Thema",
    "unread": "Zeiten nur als Text",
    "dropped": "einzelne Angaben weggelassen",
}
SOURCE: Final = {
    "title": "Name der Liste",
    "publisher": "Wer hat die Liste gemacht?",
    "attribution": "So soll die Quelle genannt werden",
    "licence": "Was ist erlaubt? Zum Beispiel „CC BY 4.0“ oder „mit Erlaubnis“",
    "date": "Stand der Liste, zum Beispiel 2026-04-16",
    "url": "Internetadresse der Liste",
    "licence_url": "Internetadresse der Lizenz",
    "slug": "Kurzname; dieselbe Liste behält immer denselben",
}
# What is said besides the rows, with what stands before it.
BESIDES: Final = {"gone": "Steht nicht mehr in der Liste: ", "source_changed": "Neu bei der Quelle – "}
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
    Stage.DRAFTING: "Die Liste wird angesehen.",
    Stage.DRAFTED: "Bitte prüfen, ob wir sie richtig verstanden haben.",
    Stage.PREVIEWING: "Die Vorschau entsteht.",
    Stage.PREVIEWED: "Die Vorschau ist fertig.",
    Stage.APPLYING: "Die Liste wird übernommen.",
    Stage.APPLIED: "Übernommen.",
    Stage.UNDOING: "Die Liste wird zurückgenommen.",
    Stage.UNDONE: "Zurückgenommen.",
    Stage.FAILED: "Das hat nicht geklappt.",
}
