"""What German lists write in front of, behind and instead of a name."""

from typing import Final

# Several words that stand for one; folded, one blank between words.
PHRASES: Final = {
    "deutsches rotes kreuz": "drk",
    "arbeiter samariter bund": "asb",
    "eltern kind zentrum": "ekiz",
    "kinder und jugendfreizeiteinrichtung": "kjfe",
    "kinder und familienzentrum": "kifaz",
    "familien und begegnungszentrum": "familienbegegnungszentrum",
    "e v": "ev",
    "g gmbh": "ggmbh",
}
# One word for another; what stands here twice means the same.
SPELLED: Final = {
    "arbeiterwohlfahrt": "awo",
    "volkshochschule": "vhs",
    "elternkindzentrum": "ekiz",
    "mehrgenerationenhaus": "mgh",
    "evang": "evangelisch",
    "evangelische": "evangelisch",
    "evangelischer": "evangelisch",
    "evangelisches": "evangelisch",
    "ev": "evangelisch",
    "kath": "katholisch",
    "katholische": "katholisch",
    "katholischer": "katholisch",
    "katholisches": "katholisch",
    "st": "sankt",
    "bln": "berlin",
    "klub": "club",
}
# Legal forms, articles and small words that say nothing about which one is meant.
NOISE: Final = frozenset((
    *("e", "v", "gmbh", "ggmbh", "mbh", "gag", "ag", "ggag", "ug", "gug", "gbr", "haftungsbeschraenkt"),
    *("gemeinnuetzig", "gemeinnuetzige", "gemeinnuetziger", "verein", "gesellschaft"),
    *("der", "die", "das", "den", "dem", "des", "ein", "eine", "und", "fuer", "von", "vom", "mit", "auf"),
    *("zu", "zum", "zur", "projekt", "einrichtung"),
))  # fmt: skip
# What stands behind them is where something takes place.
INSIDE: Final = frozenset(("im", "in", "bei", "beim", "an", "am"))
# Words for what a house is. Two names of different kinds are two offers, even in one house.
KINDS: Final = {
    word: kind
    for kind, words in {
        "kita": "kita kiga kigae kindergarten kindertagesstaette kindertageseinrichtung ekt krippe"
        " kitaverbund",
        "jugendclub": "jfe kjfe jugendfreizeiteinrichtung jugendfreizeitstaette jugendfreizeitzentrum jfz"
        " kjfz jugendclub jugendklub jugendhaus jugendtreff jugendzentrum jz ujz kinderclub kinderklub",
        "familienzentrum": "familienzentrum fz ekiz familienbegegnungszentrum familientreff",
        "kinder- und familienzentrum": "kifaz",
        "schülerclub": "schuelerclub schuelerklub schuelerfreizeitzentrum sfz",
        "schulsozialarbeit": "schulsozialarbeit",
        "schulstation": "schulstation",
        "schule": "schule grundschule oberschule gymnasium sekundarschule gemeinschaftsschule",
        "hort": "hort",
        "bibliothek": "bibliothek stadtbibliothek buecherei",
        "mehrgenerationenhaus": "mgh",
        "nachbarschaftshaus": "nachbarschaftshaus nachbarschaftszentrum nachbarschaftstreff stadtteilzentrum"
        " stz",
        "volkshochschule": "vhs",
        "begegnungsstätte": "begegnungsstaette",
    }.items()
    for word in words.split()
}
# Words that lists add or leave out: of the town, the confession. The region adds its own districts.
WEAK: Final = frozenset(("berlin", "evangelisch", "katholisch"))
DIRECTIONS: Final = frozenset(("nord", "sued", "ost", "west", "mitte", "alt", "neu", "noerdlich", "suedlich"))
NUMBERS: Final = {
    "ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "xi": 11, "xii": 12,
    "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fuenf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
    "zehn": 10, "elf": 11, "zwoelf": 12,
    "erste": 1, "zweite": 2, "dritte": 3, "vierte": 4, "fuenfte": 5,
    "erster": 1, "zweiter": 2, "dritter": 3, "vierter": 4, "fuenfter": 5,
}  # fmt: skip
# Single letters are numbers only where a name ends with them.
LAST_NUMBERS: Final = {"i": 1, "v": 5, "x": 10}
