"""The German words of doubts: for each kind what it is called, what is odd, and what to do.

Sentences never repeat addresses, points, mail addresses or telephone numbers: some of them are hidden.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from api.doubts.models import Kind

TITLES: Final[Mapping[Kind, str]] = {
    Kind.LINK_GONE: "Internetseite gibt es nicht mehr",
    Kind.LINK_SILENT: "Internetseite antwortet nicht",
    Kind.LINK_UNSAFE: "Internetseite ist nicht sicher erreichbar",
    Kind.LINK_MOVED: "Internetseite ist umgezogen",
    Kind.LINK_WRONG: "Internetadresse kann nicht stimmen",
    Kind.LINK_IS_MAIL: "Mailadresse statt Internetadresse",
    Kind.PHONE_SHORT: "Telefonnummer ist zu kurz",
    Kind.PHONE_LONG: "Telefonnummer ist zu lang",
    Kind.PHONE_NO_CODE: "Vorwahl fehlt",
    Kind.PHONE_EXTRA_ZERO: "Null nach der Ländervorwahl",
    Kind.PHONE_PLACEHOLDER: "Telefonnummer ist ein Platzhalter",
    Kind.PHONE_UNREADABLE: "Telefonnummer ist nicht zu lesen",
    Kind.PHONE_MISSING: "Anrufen ohne Telefonnummer",
    Kind.POINT_MISSING: "Ort ohne Punkt auf der Karte",
    Kind.POINT_OUTSIDE: "Punkt liegt außerhalb",
    Kind.POINT_ADDRESS: "Punkt und Adresse passen nicht zusammen",
    Kind.POINT_POSTCODE: "Punkt und Postleitzahl passen nicht zusammen",
    Kind.DATES_OVER: "Kein Termin mehr",
    Kind.HOURS_OVER: "Zeiten sind abgelaufen",
    Kind.LINE_OVER: "Eine Zeile der Zeiten ist abgelaufen",
    Kind.ONLY_SINGLES: "Nur noch einzelne Termine",
    Kind.AGES_TEXT: "Alter im Text ist ein anderes",
    Kind.AGES_AUDIENCE: "Alter passt nicht zur Zielgruppe",
    Kind.LANGUAGES_TEXT: "Sprache im Text fehlt bei den Sprachen",
    Kind.TOPIC_MISSING: "Ohne Thema",
    Kind.SUMMARY_MISSING: "Ohne kurze Beschreibung",
}

_SENTENCES: Final[Mapping[Kind, str]] = {
    Kind.LINK_GONE: "Der Server sagt seit dem {since}, dass es diese Seite nicht gibt (Antwort {status})."
    " Bitte die richtige Adresse eintragen oder sie entfernen.",
    Kind.LINK_SILENT: "Unter dieser Adresse antwortet seit dem {since} niemand richtig."
    " Bitte selbst ansehen, dann berichtigen oder entfernen.",
    Kind.LINK_UNSAFE: "Das Zertifikat dieser Seite stimmt nicht: Manche Browser warnen seit dem {since}."
    " Bitte dem Anbieter sagen, oder eine andere Adresse eintragen.",
    Kind.LINK_MOVED: "Diese Seite leitet dauerhaft auf eine andere Adresse um."
    " Bitte ansehen, ob dort noch derselbe Anbieter ist, und die neue Adresse übernehmen.",
    Kind.LINK_WRONG: "Diese Adresse führt nicht ins Internet. Bitte berichtigen oder entfernen.",
    Kind.LINK_IS_MAIL: "Bei der Internetseite steht eine Mailadresse."
    " Bitte dort entfernen und bei den Kontakten eintragen.",
    Kind.PHONE_SHORT: "Diese Nummer hat nur {digits} Ziffern, so kurz ist keine. Bitte nachsehen, was fehlt.",
    Kind.PHONE_LONG: "Diese Nummer hat {digits} Ziffern, so lang ist keine. Vielleicht sind es zwei Nummern."
    " Bitte trennen oder berichtigen.",
    Kind.PHONE_NO_CODE: "Dieser Nummer fehlt die Vorwahl oder die Null davor: Vom Handy kommt niemand an."
    " Bitte ergänzen.",
    Kind.PHONE_EXTRA_ZERO: "Nach +49 steht keine Null: So kommt niemand an. Bitte die Null entfernen.",
    Kind.PHONE_PLACEHOLDER: "Diese Nummer sieht wie ein Platzhalter aus."
    " Bitte die richtige eintragen oder sie entfernen.",
    Kind.PHONE_UNREADABLE: "Hier steht keine Nummer, die man wählen kann."
    " Bitte berichtigen; andere Hinweise gehören in ein anderes Feld.",
    Kind.PHONE_MISSING: "Man soll vorher anrufen, aber es steht keine Telefonnummer da."
    " Bitte eine Nummer eintragen oder den Zugang ändern.",
    Kind.POINT_MISSING: "Dieser Ort ist auf keiner Karte und in keinem Stadtteil. Bitte den Punkt setzen.",
    Kind.POINT_OUTSIDE: "Dieser Punkt liegt mehr als zwei Kilometer außerhalb des Gebiets der Karte."
    " Bitte den Punkt neu setzen.",
    Kind.POINT_ADDRESS: "Der Punkt liegt {metres} von der Adresse entfernt."
    " Bitte ansehen, ob der Punkt oder die Adresse stimmt.",
    Kind.POINT_POSTCODE: "Der Punkt liegt in einem anderen Gebiet als die Postleitzahl der Adresse."
    " Bitte ansehen, welche von beiden stimmt.",
    Kind.DATES_OVER: "Es sind Zeiten eingetragen, aber keine davon kommt noch."
    " Bitte neue eintragen, oder das Angebot pausieren oder beenden.",
    Kind.HOURS_OVER: "An diesem Ort kommt keine der Zeiten noch."
    " Bitte neue eintragen, oder den Ort entfernen.",
    Kind.LINE_OVER: "Eine Zeile galt nur bis zum {until}, und nichts folgt auf sie."
    " Bitte verlängern oder entfernen.",
    Kind.ONLY_SINGLES: "Die regelmäßigen Zeiten sind vorbei, es kommen nur noch einzelne Termine."
    " Bitte ansehen, ob es regelmäßig weitergeht.",
    Kind.AGES_TEXT: "Name oder Beschreibung sagen „{said}“, bei den Altersangaben steht etwas anderes."
    " Bitte eines von beiden ändern.",
    Kind.AGES_AUDIENCE: "Die Altersangaben und die Zielgruppe „{audience}“ schließen sich aus."
    " Bitte eines von beiden ändern.",
    Kind.LANGUAGES_TEXT: "Name oder Beschreibung sagen „{said}“, bei den Sprachen steht sie nicht."
    " Bitte die Sprache ergänzen oder den Text ändern.",
    Kind.TOPIC_MISSING: "Dieses Angebot hat kein Thema und wird unter keinem gefunden. Bitte eines wählen.",
    Kind.SUMMARY_MISSING: "In der Liste steht nur der Name."
    " Bitte in einem Satz sagen, was es ist und für wen.",
}
_KILOMETRE: Final = 1_000


def sentence(kind: Kind, details: Mapping[str, Any]) -> str:
    """Return what is odd and what to do, in German."""
    return _SENTENCES[kind].format_map({name: _said(name, value) for name, value in details.items()})


def _said(name: str, value: Any) -> str:  # noqa: ANN401 - JSON
    if name in ("since", "until"):
        return date.fromisoformat(value).strftime("%d.%m.%Y")
    if name == "metres":
        return f"{value} m" if value < _KILOMETRE else f"{value / _KILOMETRE:.1f} km".replace(".", ",")
    return str(value)
