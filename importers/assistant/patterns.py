"""What the values of a column look like, whatever it is called."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from api.core.text import fold
from api.schedules.reading import read
from importers import cells, contacts, values
from importers.readers import points
from importers.values import UnclearError, as_text, line

Test = Callable[[Any], bool]
_PHONE = re.compile(r"(?:tel\.?:?\s*)?\(?(?:\+|0)[\d\s()/.–-]{5,24}\d\b.*", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]")
_STREET = re.compile(
    r".*(?:stra(?:ß|ss)e|str\.?|weg|platz|allee|damm|ufer|ring|gasse|chaussee|steig|promenade|markt|hof)\b[\s\d].*",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b\d{5}\b")
_POSTCODE_TOWN = re.compile(r"(?:D-?\s?)?\d{5}\s+[^\W\d_].*")
_HOUSE_NUMBER = re.compile(r"\d{1,4}\s?[a-zA-Z]?(?:\s?[-–/+]\s?\d{1,4}\s?[a-zA-Z]?)?")
_HOURS = re.compile(
    r"\b(?:mo|di|mi|do|fr|sa|so|mon|tue?|wed?|thu?|fri|sat|sun|montags?|dienstags?|mittwochs?|donnerstags?|"
    r"freitags?|samstags?|sonntags?|täglich|werktags)\b.*\d|\d{1,2}[:.]\d{2}\s*(?:[-–]|bis|uhr)|\d\s*uhr|24/7",
    re.IGNORECASE | re.DOTALL,
)
_DAY = re.compile(r"tag|woch|mitte|monat|\b(?:mo|di|mi|do|fr|sa|so)\b", re.IGNORECASE)
_PERSON = re.compile(r"(?:Frau|Herrn?|Dr\.|Fr\.|Hr\.)\s+[A-ZÄÖÜ].*")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}.*")
LONG: Final = 60  # letters, from which a text describes more than it names
_LETTERS_OF_A_PHONE: Final = 40


def _cleans(check: Callable[[Any], Any]) -> Test:
    def test(cell: Any) -> bool:  # noqa: ANN401
        try:
            check(cell)
        except UnclearError:
            return False
        return True

    return test


def _chosen(words: dict[str, str]) -> Test:
    return lambda cell: fold(line(cell)) in words


def _is_phone(cell: object) -> bool:
    text = line(cell)
    if not contacts.phones(text) or len(text) > _LETTERS_OF_A_PHONE * 2:
        return False
    return bool(_PHONE.match(text)) or "fax" in text.lower()


def _is_local_phone(cell: object) -> bool:
    return bool(contacts.phones(cell)) and len(_LETTERS.findall(line(cell))) < _LETTERS_OF_A_PHONE


def _is_website(cell: object) -> bool:
    text = line(cell)
    return text.lower().startswith(("http://", "https://", "www.")) or (
        "@" not in text and " " not in text and _cleans(values.url)(text)
    )


def _is_number(cell: object) -> bool:
    return points.number(cell) is not None and not (isinstance(cell, str) and not cell.strip())


def _is_hours(cell: object) -> bool:
    text = as_text(cell)
    return bool(_HOURS.search(text)) or (bool(_DAY.search(text)) and _is_read(text))


@lru_cache(maxsize=2_000)
def _is_read(text: str) -> bool:
    return len(text) < LONG * 4 and bool(read(text).rules)


def _is_long(cell: object) -> bool:
    return len(as_text(cell)) >= LONG


def _is_list_of_objects(cell: object) -> bool:
    return isinstance(cell, list) and all(isinstance(one, dict) for one in cell)


# Name → (what the values then are, in German; how one is recognised).
PATTERNS: Final[dict[str, tuple[str, Test]]] = {
    "phone": ("Telefonnummern", _is_phone),
    "written_phone": (
        "Telefonnummern",
        lambda cell: _is_phone(cell) and any(sign in line(cell).lstrip("0") for sign in "+ /-()"),
    ),
    "local_phone": ("Telefonnummern", _is_local_phone),
    "mail": ("Mailadressen", lambda cell: bool(contacts.mails(cell))),
    "website": ("Internetadressen", _is_website),
    "postcode": ("Postleitzahlen", _cleans(values.postcode)),
    "postcode_town": ("Postleitzahlen mit Ort", lambda cell: bool(_POSTCODE_TOWN.fullmatch(line(cell)))),
    "address": (
        "ganze Adressen",
        lambda cell: bool(_POSTCODE.search(line(cell))) and not _POSTCODE_TOWN.fullmatch(line(cell)),
    ),
    "street": ("Straßen mit Hausnummer", lambda cell: bool(_STREET.fullmatch(line(cell)))),
    "house_number": ("Hausnummern", lambda cell: bool(_HOUSE_NUMBER.fullmatch(line(cell)))),
    "number": ("Zahlen", _is_number),
    "pair": ("Paare von Koordinaten", lambda cell: points.pair([cell]) is not None),
    "hours": ("Zeiten", _is_hours),
    "yes_no": ("Ja oder Nein", _cleans(values.boolean)),
    "age": ("Alter in Jahren", _cleans(values.age)),
    "languages": ("Sprachen", lambda cell: _cleans(values.languages)(cell) and bool(line(cell))),
    "level": ("Ressourcenebenen", _cleans(values.level)),
    "wheelchair": ("Angaben für Rollstühle", _chosen(cells.WHEELCHAIR)),
    "precision": ("Angaben zur Genauigkeit", _chosen(cells.PRECISION)),
    "cost": ("Angaben zu den Kosten", _chosen(cells.COST)),
    "access": ("Angaben zum Zugang", _chosen(cells.ACCESS)),
    "person": ("Namen von Personen", lambda cell: bool(_PERSON.fullmatch(line(cell)))),
    "date": ("Tage", lambda cell: bool(_DATE.fullmatch(line(cell)))),
    "long": ("längere Texte", _is_long),
    "lines": ("Listen von Zeiten", _is_list_of_objects),
    "words": ("Texte", lambda cell: bool(_LETTERS.search(line(cell)))),
}
