"""What is wrong with a value that somebody has typed, in German: one sentence that names the way out."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from api.offers.referring_models import MOST_WEEKS

_POINT: Final = "Bitte setzen Sie den Punkt auf der Karte neu."
# Field → what to write there instead, whatever exactly is wrong with it.
_BY_FIELD: Final[Mapping[str, str]] = {
    "website": "Bitte schreiben Sie die ganze Adresse der Internetseite, zum Beispiel https://www.beispiel.de.",
    "organization_website": "Bitte schreiben Sie die ganze Adresse der Internetseite, zum Beispiel"
    " https://www.beispiel.de.",
    "email": "Bitte schreiben Sie eine ganze E-Mail-Adresse, zum Beispiel info@beispiel.de.",
    "postcode": "Eine Postleitzahl hat fünf Ziffern.",
    "point": _POINT,
    "min_age": "Bitte schreiben Sie ein Alter in Jahren, von 0 bis 120.",
    "max_age": "Bitte schreiben Sie ein Alter in Jahren, von 0 bis 120.",
    "resource_level": "Bitte wählen Sie eine der Stufen 2, 3 oder 4.",
    "verify_within_days": "Bitte schreiben Sie eine Zahl von Tagen, von 1 bis 3650.",
    "verified_on": "Bitte schreiben Sie einen Tag, der schon war.",
    "languages": "Bitte wählen Sie Sprachen aus der Liste.",
    "referral.waiting_weeks": f"Bitte schreiben Sie eine Zahl von Wochen, von 0 bis {MOST_WEEKS}."
    " 0 heißt: gleich.",
    "referral.said_on": "Bitte schreiben Sie einen Tag, der schon war.",
    "referral.papers": "Bitte wählen Sie Unterlagen aus der Liste.",
    "referral.laws": "Bitte wählen Sie Gesetze aus der Liste.",
}
_BY_TYPE: Final[Mapping[str, str]] = {
    "string_too_short": "Bitte schreiben Sie mindestens {min_length} Zeichen.",
    "string_too_long": "Das ist zu lang: Höchstens {max_length} Zeichen haben Platz.",
    "too_long": "Das sind zu viele: Höchstens {max_length} sind möglich.",
    "enum": "Bitte wählen Sie eine der Möglichkeiten.",
    "missing": "Hier fehlt etwas.",
    "string_type": "Hier wird ein Text gebraucht.",
    "list_type": "Hier wird eine Liste gebraucht.",
    "bool_parsing": "Bitte wählen Sie Ja oder Nein.",
}
_OTHERWISE: Final = "Das passt hier nicht."
_LINES: Final[Mapping[str, str]] = {
    "starts": "wann es anfängt",
    "ends": "wann es aufhört",
    "first_date": "der erste Tag",
    "recurrence": "der Rhythmus",
    "valid_from": "ab wann es gilt",
    "valid_until": "bis wann es gilt",
    "closures": "die Pausen",
    "deviations": "die Ausnahmen",
    "note": "die Bemerkung",
}

NEEDED: Final = "Hier fehlt etwas."
UNKNOWN_FIELD: Final = "Dieses Feld gibt es nicht."
UNKNOWN_WORD: Final = "„{word}“ steht nicht in der Liste. Bitte wählen Sie daraus."
UNKNOWN_PLACE: Final = "Den anderen Ort einer Ausnahme gibt es nicht mehr. Bitte wählen Sie ihn neu."
AGES: Final = "Das höchste Alter liegt unter dem niedrigsten. Bitte tauschen Sie die beiden."
NO_DAY_OF_WORD: Final = "Von wann ist das? Bitte schreiben Sie den Tag, an dem der Anbieter es gesagt hat."
NO_CONTACT: Final = "Bitte schreiben Sie eine Telefonnummer, eine E-Mail-Adresse oder wer gemeint ist."
NO_PLACE: Final = "Bitte schreiben Sie eine Straße oder einen Namen, oder entfernen Sie den Ort."
THERE_ALREADY: Final = "Dort ist dieses Angebot schon eingetragen. Bitte ändern Sie jenen Eintrag."
NO_NAME: Final = "Ein Angebot braucht einen Namen."


def of_field(field: str, error: ValidationError) -> str:
    """Return what is wrong with the value of a field of a sheet."""
    first = error.errors()[0]
    if field == "schedules":
        return _of_lines(first["loc"])
    if field in _BY_FIELD:
        return _BY_FIELD[field]
    said: dict[str, Any] = first.get("ctx", {})
    return _BY_TYPE.get(first["type"], _OTHERWISE).format_map(said)


def _of_lines(loc: tuple[int | str, ...]) -> str:
    if not loc or not isinstance(loc[0], int):
        return _OTHERWISE
    what = _LINES.get(str(loc[1])) if len(loc) > 1 else None
    line = f"In Zeile {loc[0] + 1} der Zeiten"
    return f"{line} passt etwas nicht: {what}." if what else f"{line} passt etwas nicht zusammen."
