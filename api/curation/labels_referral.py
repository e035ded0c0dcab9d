"""What is for professionals, in German: fields, ways in, papers and laws."""

from collections.abc import Mapping
from typing import Final

from api.offers.referring_models import Capacity, Law, Paper, Way

FIELDS: Final[Mapping[str, str]] = {
    "referral.way": "Vermitteln",
    "referral.how": "So vermitteln Sie",
    "referral.waiting_weeks": "Wartezeit",
    "referral.capacity": "Freie Plätze",
    "referral.said_on": "Wort des Anbieters vom",
    "referral.requirements": "Voraussetzungen",
    "referral.papers": "Unterlagen",
    "referral.papers_note": "Zu den Unterlagen",
    "referral.laws": "Rechtsgrundlage",
    "referral.laws_note": "Zur Rechtsgrundlage",
}
WAYS: Final[Mapping[str, str]] = {
    Way.UNKNOWN: "nicht bekannt",
    Way.NONE_NEEDED: "ohne Vermittlung, die Leute können selbst kommen",
    Way.CALL: "anrufen",
    Way.EMAIL: "eine E-Mail schreiben",
    Way.FORM: "ein Formular ausfüllen",
    Way.CASE_CONFERENCE: "in einer Fallbesprechung anmelden",
}
CAPACITIES: Final[Mapping[str, str]] = {
    Capacity.UNKNOWN: "nicht bekannt",
    Capacity.YES: "Plätze frei",
    Capacity.FEW: "wenige Plätze frei",
    Capacity.NONE: "zurzeit voll",
}
# The same texts are the keys of their translations (web.words).
PAPERS: Final[Mapping[str, str]] = {
    Paper.IDENTITY: "Ausweis oder Pass",
    Paper.RESIDENCE: "Aufenthaltstitel",
    Paper.REGISTRATION: "Meldebescheinigung",
    Paper.LETTERS: "Briefe, um die es geht",
    Paper.BENEFIT_NOTICE: "Bescheid vom Jobcenter oder vom Sozialamt",
    Paper.INCOME: "Nachweise über das Einkommen",
    Paper.BANK_STATEMENTS: "Kontoauszüge der letzten drei Monate",
    Paper.TENANCY: "Mietvertrag",
    Paper.RENT_ARREARS: "Mahnung oder Kündigung der Wohnung",
    Paper.DEBTS: "Mahnungen und Rechnungen",
    Paper.BIRTH_CERTIFICATE: "Geburtsurkunde des Kindes",
    Paper.HEALTH_CARD: "Gesundheitskarte der Krankenkasse",
    Paper.DOCTORS_REFERRAL: "Überweisung aus der Arztpraxis",
    Paper.MEDICAL_REPORTS: "Befunde und Arztbriefe",
    Paper.VACCINATION: "Impfpass",
    Paper.CHILD_HEALTH_BOOK: "Untersuchungsheft des Kindes",
    Paper.DISABILITY_CARD: "Schwerbehindertenausweis",
    Paper.CARE_LEVEL: "Bescheid über den Pflegegrad",
    Paper.SCHOOL_REPORTS: "Zeugnisse",
    Paper.APPLICATION: "Ausgefüllter Antrag",
    Paper.RELEASE: "Schweigepflicht-Entbindung",
}
LAWS: Final[Mapping[str, str]] = {
    Law.SGB_2: "SGB II (Grundsicherung für Arbeitsuchende)",
    Law.SGB_3: "SGB III (Arbeitsförderung)",
    Law.SGB_5: "SGB V (Krankenversicherung)",
    Law.SGB_6: "SGB VI (Rentenversicherung)",
    Law.SGB_8: "SGB VIII (Kinder- und Jugendhilfe)",
    Law.SGB_9: "SGB IX (Rehabilitation und Teilhabe)",
    Law.SGB_11: "SGB XI (Pflegeversicherung)",
    Law.SGB_12: "SGB XII (Sozialhilfe)",
    Law.SGB_14: "SGB XIV (Soziale Entschädigung)",
    Law.ASYLBLG: "AsylbLG (Leistungen für Asylsuchende)",
    Law.AUFENTHG: "AufenthG (Aufenthalt, Integrationskurse)",
    Law.BAFOEG: "BAföG (Ausbildungsförderung)",
    Law.BKGG: "BKGG (Kinderzuschlag, Bildung und Teilhabe)",
    Law.INSO: "InsO (Schuldnerberatung, Verbraucherinsolvenz)",
    Law.KKG: "KKG (Frühe Hilfen, Kinderschutz)",
    Law.SCHKG: "SchKG (Schwangerschaftsberatung)",
    Law.UHVORSCHG: "UhVorschG (Unterhaltsvorschuss)",
    Law.WOGG: "WoGG (Wohngeld)",
}


def weeks(number: int) -> str:
    """Return how long somebody waits: „keine“, „etwa eine Woche“, „etwa 6 Wochen“."""
    return "keine" if number == 0 else "etwa eine Woche" if number == 1 else f"etwa {number} Wochen"
