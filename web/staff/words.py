"""German words for roles, actions and what the log of rights tells; pages of staff have no other language."""

from typing import Final

from api.accounts.models import Event, Role
from api.accounts.passwords import LEAST, MOST, Weakness
from api.accounts.policy import Action

ROLES: Final = {
    Role.PROVIDER: "Anbieter",
    Role.COACH: "Beratung und Begleitung",
    Role.EDITOR: "Redaktion",
    Role.COORDINATOR: "Koordination",
    Role.ADMIN: "Verwaltung der Landkarte",
}
ABOUT_ROLES: Final = {
    Role.PROVIDER: "pflegt die Einträge der eigenen Organisation; andere entscheiden über die Änderungen",
    Role.COACH: "sieht auch, was nur für Fachkräfte ist: Kontakte, Wartezeit, wie man vermittelt",
    Role.EDITOR: "schreibt Einträge und Änderungen; veröffentlicht nur, wenn Sie es hier erlauben",
    Role.COORDINATOR: "entscheidet, veröffentlicht, führt zusammen und nimmt zurück",
    Role.ADMIN: "darf alles, auch Konten vergeben",
}
ACTIONS: Final = {
    Action.MANAGE_OWN_ACCOUNT: "Ihr eigenes Konto verwalten",
    Action.SEE_ENTRIES: "Einträge ansehen, auch nicht öffentliche",
    Action.READ_PROFESSIONAL_CONTACTS: "sehen, wie man vermittelt: wen man fragt, Wartezeit, freie Plätze",
    Action.DRAFT: "Entwürfe schreiben",
    Action.PROPOSE: "Änderungen vorschlagen",
    Action.WATCH: "Suchen und Angebote beobachten",
    Action.CONFIRM: "Angaben bestätigen",
    Action.SEE_HISTORY: "sehen, wer wann was geändert hat",
    Action.SEE_QUEUE: "sehen, was zu tun ist",
    Action.SEE_UPTAKE: "sehen, wie Angebote genutzt werden",
    Action.REPORT_FIGURES: "Monatszahlen eintragen",
    Action.MANAGE_CASE_TYPES: "Falltypen festlegen",
    Action.EDIT_CHAINS: "Hilfeketten pflegen",
    Action.DECIDE: "über Vorschläge entscheiden",
    Action.PUBLISH: "veröffentlichen",
    Action.PAUSE: "Angebote pausieren",
    Action.ARCHIVE: "Angebote archivieren",
    Action.MERGE: "doppelte Einträge zusammenführen",
    Action.UNDO: "Änderungen zurücknehmen",
    Action.RUN_CAMPAIGN: "Prüfrunden starten",
    Action.SEND_LINKS: "Anbietern einen Link schicken",
    Action.IMPORT: "Listen einlesen",
    Action.UNDO_BATCH: "ganze Importe zurücknehmen",
    Action.MANAGE_ACCOUNTS: "Konten vergeben und ändern",
    Action.SEE_AUDIT: "sehen, wer Rechte bekommen oder verloren hat",
}
EVENTS: Final = {
    Event.INVITED: "eingeladen",
    Event.LINK_RENEWED: "neuer Link zum Anmelden",
    Event.LINK_USED: "Link benutzt, Kennwort gewählt",
    Event.GRANTED: "Rolle bekommen",
    Event.REVOKED: "Rolle verloren",
    Event.DISABLED: "gesperrt",
    Event.ENABLED: "wieder freigegeben",
    Event.SIGNED_IN: "angemeldet",
    Event.SIGNED_OUT: "abgemeldet",
    Event.SIGN_IN_FAILED: "falsches Kennwort oder falscher Code",
    Event.SESSIONS_ENDED: "Anmeldungen beendet",
    Event.PASSWORD_CHANGED: "Kennwort geändert",
    Event.TOTP_ADDED: "App für Einmalcodes eingerichtet",
    Event.TOTP_REMOVED: "App für Einmalcodes entfernt",
    Event.CODES_MADE: "neue Ersatzcodes",
    Event.CODE_USED: "Ersatzcode benutzt",
    Event.PASSKEY_ADDED: "Passkey hinzugefügt",
    Event.PASSKEY_REMOVED: "Passkey entfernt",
    Event.IDENTITY_LINKED: "mit dem Anmeldedienst verbunden",
    Event.IDENTITY_UNLINKED: "vom Anmeldedienst getrennt",
}
WEAKNESSES: Final = {
    Weakness.TOO_SHORT: f"Das ist zu kurz. Nehmen Sie mindestens {LEAST} Zeichen, zum Beispiel vier Wörter, "
    "die nichts miteinander zu tun haben.",
    Weakness.TOO_LONG: f"Das ist zu lang. Höchstens {MOST} Zeichen passen hinein.",
    Weakness.GUESSABLE: "Das ist zu leicht zu erraten: Es besteht fast nur aus häufigen Kennwörtern, "
    "Tastenfolgen, Wiederholungen oder Namen von hier. Nehmen Sie ein paar Wörter dazu, die niemand mit "
    "Ihnen verbindet.",
}


def waiting(seconds: int) -> str:
    """Return how long to wait in words: "etwa 5 Minuten"."""
    minutes = -(-seconds // 60)
    return "etwa eine Minute" if minutes <= 1 else f"etwa {minutes} Minuten"
