"""Who and what stands in the queue and in the history, in words."""

from collections.abc import Collection
from typing import Final

from sqlmodel import Session, col, select

from api.accounts.models import Account
from api.core.errors import ConflictError
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
