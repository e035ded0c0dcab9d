"""What the codes of the model are called on pages; translated where they are shown."""

from collections.abc import Callable, Mapping
from typing import Any

from babel import Locale, UnknownLocaleError

from api.core.languages import LANGUAGES


def _(text: str) -> str:
    """Mark a text for the catalogues; it is translated when a page shows it."""
    return text


WHEN = {
    "jetzt": _("jetzt offen"),
    "heute": _("heute"),
    "woche": _("diese Woche"),
    "abends": _("abends"),
    "wochenende": _("am Wochenende"),
}
LABELS: dict[str, dict[str, str]] = {
    "cost": {
        "free": _("kostenlos"),
        "covered": _("kostenlos, wenn Sie wenig Geld haben (zum Beispiel mit Bildung und Teilhabe)"),
        "paid": _("kostet etwas"),
        "unknown": _("Kosten bitte erfragen"),
    },
    "access": {
        "walk_in": _("Sie können einfach vorbeikommen"),
        "call_first": _("Bitte rufen Sie vorher an"),
        "appointment": _("Mit Termin"),
        "referral": _("Ein Amt oder eine Beratung meldet Sie an"),
        "unknown": _("Bitte fragen Sie vorher, ob Sie einfach kommen können"),
    },
    "wheelchair": {
        "yes": _("Ja, mit dem Rollstuhl gut erreichbar"),
        "partly": _("Teilweise, bitte vorher fragen"),
        "no": _("Nein, leider nicht"),
        "unknown": _("Das wissen wir nicht, bitte fragen Sie"),
    },
    "resource_level": {
        "2": _("Nachbarschaft und Selbsthilfe"),
        "3": _("Vereine und Treffpunkte"),
        "4": _("Beratung und Ämter"),
    },
    # As api.curation.labels_referral.PAPERS says it to staff.
    "paper": {
        "identity": _("Ausweis oder Pass"),
        "residence": _("Aufenthaltstitel"),
        "registration": _("Meldebescheinigung"),
        "letters": _("Briefe, um die es geht"),
        "benefit_notice": _("Bescheid vom Jobcenter oder vom Sozialamt"),
        "income": _("Nachweise über das Einkommen"),
        "bank_statements": _("Kontoauszüge der letzten drei Monate"),
        "tenancy": _("Mietvertrag"),
        "rent_arrears": _("Mahnung oder Kündigung der Wohnung"),
        "debts": _("Mahnungen und Rechnungen"),
        "birth_certificate": _("Geburtsurkunde des Kindes"),
        "health_card": _("Gesundheitskarte der Krankenkasse"),
        "doctors_referral": _("Überweisung aus der Arztpraxis"),
        "medical_reports": _("Befunde und Arztbriefe"),
        "vaccination": _("Impfpass"),
        "child_health_book": _("Untersuchungsheft des Kindes"),
        "disability_card": _("Schwerbehindertenausweis"),
        "care_level": _("Bescheid über den Pflegegrad"),
        "school_reports": _("Zeugnisse"),
        "application": _("Ausgefüllter Antrag"),
        "release": _("Schweigepflicht-Entbindung"),
    },
}


def label(kind: str, value: object, locale: str, gettext: Callable[[str], str]) -> str:
    """Return the word for a code in a language; languages are called as that language calls them."""
    if kind == "language":
        return _language(str(value), locale)
    text = LABELS[kind].get(str(value))
    return gettext(text) if text else str(value)


def translated(offer: Any, field: str, locale: str) -> Any | None:  # noqa: ANN401 - OfferSummary, or its JSON
    """Return a text of an offer in a language: `text` and `is_outdated`; None: there is only German."""
    found = offer["translations"] if isinstance(offer, Mapping) else offer.translations
    return found.get(locale, {}).get(field)


def _language(code: str, locale: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name(LANGUAGES[locale].cldr) or code
    except (UnknownLocaleError, ValueError):
        return code
