"""Who and what stands in the queue and in the history, in words."""

from collections.abc import Collection
from typing import Final

from sqlmodel import Session, col, select

from api.accounts.models import Account
from api.core.errors import ConflictError
from api.curation.bulk import Did, Why
from api.curation.eyes import ALONE
from api.organizations.models import Organization

ORIGINS: Final = {
    "import": "aus einer Liste",
    "form": "über ein Formular",
    "link": "über den Link aus der E-Mail",
    "command": "auf dem Server",
    "undo": "zurückgenommen",
}
DECISIONS: Final = {
    "open": "wartet",
    "accepted": "übernommen",
    "declined": "abgelehnt",
    "obsolete": "erledigt",
}
PATHS: Final = {"accepted": "übernommen", "declined": "abgelehnt", "conflict": "noch zu klären"}
OTHER_EYES: Final = "Hier gilt das Vier-Augen-Prinzip: Bitte lassen Sie jemand anderen darüber entscheiden."
CHANGED: Final = "Hier hat sich inzwischen etwas geändert. Bitte sehen Sie noch einmal nach."
_FIXED: Final = {"public": "jemand ohne Konto", "import": "eine eingelesene Liste"}
# What the pages of the queue say after something was done; the name stands in their address.
DONE: Final = {
    "entschieden": "Danke, das ist entschieden.",
    "beantwortet": "Danke, der Hinweis ist beantwortet.",
    "stimmt": "Danke. Danach wird nicht mehr gefragt, bis sich die Angabe ändert.",
    "wieder": "Danach wird jetzt wieder gefragt.",
    "uebernommen": "Danke, das ist übernommen und öffentlich.",
    "vorgeschlagen": "Danke, das ist vorgeschlagen. Jemand entscheidet darüber.",
    "verbunden": "Danke. Die Zeile der Liste gehört jetzt zu diesem Angebot.",
    "gesetzt": "Danke, der Ort ist jetzt auf der Karte.",
    "schneller": "Inzwischen kümmert sich jemand anderes darum. Sie können es trotzdem übernehmen.",
}
NEXT: Final = "Hier ist das Nächste."
DEEDS: Final = {
    Did.ACCEPTED: "Auswahl annehmen",
    Did.DECLINED: "Auswahl ablehnen",
    Did.TAKEN: "Vorschläge übernehmen",
    Did.DISMISSED: "Als stimmig bestätigen",
}
ASKED: Final = {
    Did.ACCEPTED: "Diese Vorschläge annehmen?",
    Did.DECLINED: "Diese Vorschläge ablehnen?",
    Did.TAKEN: "Diese Werte übernehmen?",
    Did.DISMISSED: "Stimmt das alles so?",
}
ABOUT_DEEDS: Final = {
    Did.ACCEPTED: "Alles wird sofort öffentlich. Sie können die ganze Auswahl danach zurücknehmen.",
    Did.DECLINED: "Die Einträge bleiben, wie sie sind. Sie können die ganze Auswahl danach zurücknehmen.",
    Did.TAKEN: "Alles wird sofort öffentlich. Sie können die ganze Auswahl danach zurücknehmen.",
    Did.DISMISSED: "Danach wird nicht mehr gefragt, bis sich die Angabe ändert. Sie können die ganze Auswahl "
    "danach zurücknehmen.",
}
DID: Final = {
    Did.ACCEPTED: "angenommen",
    Did.DECLINED: "abgelehnt",
    Did.TAKEN: "übernommen",
    Did.DISMISSED: "stimmt so",
}
WHY: Final = {
    Why.CHANGED: "Jemand war schneller: Hier steht inzwischen etwas anderes.",
    Why.EYES: OTHER_EYES,
    Why.WRONG: "So lassen sich die Werte nicht eintragen. Bitte sehen Sie es einzeln an.",
}


def actors(session: Session, said: Collection[str | None]) -> dict[str, str]:
    """Return for each actor what people call it; names are looked up, none is kept with what was done."""
    found = {one: _FIXED.get(one, one) for one in said if one}
    accounts, providers = _numbers(found, "account:"), _numbers(found, "provider:")
    if accounts:
        people = dict(
            session.exec(select(Account.id, Account.name).where(col(Account.id).in_(accounts))).all()
        )
        found |= {f"account:{one}": people.get(one, "ein gelöschtes Konto") for one in accounts}
    if providers:
        stmt = select(Organization.id, Organization.name).where(col(Organization.id).in_(providers))
        names = dict(session.exec(stmt).all())
        found |= {f"provider:{one}": names.get(one, "ein gelöschter Anbieter") for one in providers}
    return found


def refusal(error: ConflictError) -> str:
    """Return why something cannot be decided now."""
    return OTHER_EYES if error.detail == ALONE else CHANGED


def _numbers(said: Collection[str], prefix: str) -> list[int]:
    rest = [one.removeprefix(prefix) for one in said if one.startswith(prefix)]
    return [int(one) for one in rest if one.isascii() and one.isdecimal() and len(one) < 16]  # noqa: PLR2004
