"""Our own words that made-up offers are built from; none of them is taken from a real list."""

from typing import Final

FORMS: Final = (
    "Offene Sprechstunde",
    "Beratung",
    "Treffpunkt",
    "Gruppe",
    "Kurs",
    "Anlaufstelle",
    "Lotsendienst",
    "Frühstück",
    "Begleitung",
    "Werkstatt",
    "Elternabend",
    "Sommerprogramm",
    "Selbsthilfegruppe",
    "Besuchsdienst",
    "Telefonberatung",
    "Lerninsel",
)
HOUSES: Final = (
    "Begegnungshaus",
    "Familienzentrum",
    "Nachbarschaftshaus",
    "Beratungsstelle",
    "Mehrgenerationenhaus",
    "Kulturladen",
    "Stadtteilladen",
    "Jugendhaus",
    "Gemeindesaal",
    "Lernwerkstatt",
)
STEMS: Final = (
    "Ahorn",
    "Amsel",
    "Brunnen",
    "Buchen",
    "Dohlen",
    "Eichen",
    "Erlen",
    "Falken",
    "Fichten",
    "Garten",
    "Heide",
    "Holunder",
    "Kastanien",
    "Kiefern",
    "Lerchen",
    "Linden",
    "Mühlen",
    "Nussbaum",
    "Pappel",
    "Quellen",
    "Rosen",
    "Schwalben",
    "Ulmen",
    "Weiden",
)
STREETS: Final = ("straße", "weg", "allee", "platz", "gasse", "ring", "ufer")
QUARTERS: Final = ("hof", "berg", "feld", "tal", "au", "dorf", "brück", "heim")
SIDES: Final = ("Nord", "Mitte", "Süd")
CARRIERS: Final = (
    "Nachbarschaftsverein",
    "Förderkreis",
    "Sozialwerk",
    "Bürgerverein",
    "Familienbund",
    "Bildungswerk",
    "Hilfswerk",
    "Stiftung",
)
ENDINGS: Final = ("e. V.", "gGmbH", "gemeinnützige Genossenschaft")
OPENINGS: Final = (
    "Wir hören zu und überlegen gemeinsam, was als Nächstes hilft.",
    "Hier treffen sich Menschen aus der Umgebung und tauschen sich aus.",
    "Bringen Sie Ihre Unterlagen einfach mit, wir sehen sie zusammen durch.",
    "Niemand muss vorher etwas wissen oder mitbringen.",
    "Unser kleines Team kennt sich aus und nimmt sich Zeit.",
    "Wir erklären Schritt für Schritt, wie es weitergeht.",
)
MIDDLES: Final = (
    "Das Gespräch bleibt unter uns.",
    "Kinder können währenddessen in der Spielecke bleiben.",
    "Auf Wunsch kommt jemand mit, der Ihre Sprache spricht.",
    "Der Eingang ist ebenerdig, ein Aufzug führt in den zweiten Stock.",
    "In den Ferien gelten andere Zeiten; ein Anruf vorher schadet nicht.",
    "Wer nicht kommen kann, ruft an oder schreibt uns.",
    "Einmal im Monat gibt es einen Abend für Berufstätige.",
)
CLOSINGS: Final = (
    "Wir freuen uns auf Sie.",
    "Kommen Sie gern auch nur zum Umsehen vorbei.",
    "Wenn wir nicht weiterwissen, kennen wir jemanden, der es weiß.",
    "Die Teilnahme ist freiwillig und jederzeit zu beenden.",
)
WEEKDAYS: Final = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag")
CONTACTS: Final = ("Anmeldung", "Büro", "Beratungstelefon", "Leitung")
LANGUAGES: Final = ("de", "en", "tr", "ar", "uk", "ru", "vi", "fa", "pl", "fr")
