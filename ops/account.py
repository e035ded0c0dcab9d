"""Accounts from the command line: the first admin of a map, who has one, new links, blocking.

    make account email=… region=… role=admin name="…"    invite somebody; prints a link
    make account                                         who has an account
    make account email=… new=link                        a new link, also for a lost second factor
    make account email=… new=block | new=free            let an account in no more, or again

The printed link is a key: it opens the account once, within seven days.
"""

import argparse
import sys
from collections.abc import Sequence

from sqlmodel import Session

from api.accounts import audit, invitations, people, signing_in
from api.accounts.models import Account, Event, Role
from api.accounts.people import GrantIn
from api.core.db import make_engine
from api.core.errors import DomainError, NotFoundError
from api.core.settings import settings
from api.regions import service as regions
from api.regions.models import Region

WRONG = {
    "name": "Es fehlt ein Name: name=…",
    "email": "Das ist keine E-Mail-Adresse, die wir verwenden können.",
    "region": "Diese Region gibt es nicht.",
    "role": "Zu dieser Rolle gehört eine Organisation; laden Sie auf der Seite /pflege/konten ein.",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; return 1 if that cannot be."""
    parser = argparse.ArgumentParser(prog="make account", description="Konten für Mitarbeitende.")
    parser.add_argument("--email", default="")
    parser.add_argument("--region", default="", help="Kürzel der Region; ohne: die erste")
    parser.add_argument("--role", default=Role.ADMIN.value, choices=[role.value for role in Role])
    parser.add_argument("--name", default="")
    parser.add_argument("--new", default="", choices=["", "link", "block", "free"])
    asked = parser.parse_args(arguments)
    engine = make_engine(settings().database_url)
    try:
        with Session(engine, expire_on_commit=False) as session:
            lines = _done(session, asked)
            session.commit()
    except DomainError as error:
        fields = [WRONG.get(one.field, one.detail) for one in error.errors]
        print("\n".join(fields) or error.detail or error.title, file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    print("\n".join(lines))
    return 0


def _done(session: Session, asked: argparse.Namespace) -> list[str]:
    if not asked.email:
        return _everybody(session)
    account = signing_in.by_email(session, asked.email)
    if asked.new:
        if account is None:
            raise NotFoundError("Mit dieser Adresse gibt es kein Konto.")
        return _renewed(session, account, asked.new)
    region = regions.get(session, asked.region) if asked.region else regions.every(session)[0]
    given = GrantIn(Role(asked.role))
    name = asked.name or asked.email.partition("@")[0]
    account, token = people.invite(
        session, region.id, audit.COMMAND, name, asked.email, given, joins_regions=True
    )
    if token:
        return _link(region, token)
    return [f"{account.email} hat schon ein Kennwort und meldet sich an wie gewohnt."]


def _renewed(session: Session, account: Account, what: str) -> list[str]:
    if what == "link":
        token = invitations.make(session, account, resets_factors=True)
        audit.note(session, Event.LINK_RENEWED, account.id, actor=audit.COMMAND, resets_factors=True)
        return _link(_region_of(session, account), token)
    if what == "block":
        people.disable(session, audit.COMMAND, account)
        return [f"{account.email} ist gesperrt."]
    people.enable(session, audit.COMMAND, account)
    return [f"{account.email} ist wieder frei."]


def _region_of(session: Session, account: Account) -> Region:
    """Return a region in which an account has a role, else the first."""
    every = regions.every(session)
    for region in every:
        if any(member.account.id == account.id for member in people.of_region(session, region.id)):
            return region
    return every[0]


def _link(region: Region, token: str) -> list[str]:
    base = f"https://{region.hostnames[0]}" if region.hostnames else "https://<Ihre Adresse>"
    path = f"/pflege/einladung/{token}"
    return [
        f"Der Link gilt {invitations.DAYS} Tage und einmal:",
        f"    {base}{path}",
        f"auf diesem Rechner:  http://127.0.0.1:8000{path}",
    ]


def _everybody(session: Session) -> list[str]:
    lines = []
    for region in regions.every(session):
        for member in people.of_region(session, region.id):
            roles = ", ".join(sorted(grant.role.value for grant in member.grants))
            state = "" if member.account.password_hash else " – eingeladen"
            state = " – gesperrt" if member.account.disabled_at else state
            lines.append(f"{region.slug:<16}{member.account.email:<32}{roles}{state}")
    return lines or ['Noch niemand. Beginnen Sie mit:  make account email=… name="…" region=…']


if __name__ == "__main__":
    sys.exit(main())
