"""New links for who asks: sent after the answer, so that its time does not tell whether anybody gets one."""

import logging
from collections.abc import Callable

from sqlalchemy import Engine
from sqlmodel import Session

from api.core.settings import Settings
from api.curation import freshness_digest
from api.curation.freshness_digest import Recipient
from api.regions.models import Region
from web.mail import letters, sending

log = logging.getLogger("landkarte.mail")


def can_mail(region: Region, chosen: Settings) -> bool:
    """Return whether links can be sent: there is a mail server, and a host name that they lead to."""
    return bool(chosen.smtp_host and region.hostnames)


def to_organization(engine: Engine, chosen: Settings, region: Region, organization_id: int) -> None:
    """Send an organization a new link, to the address that is known of it."""

    def found(session: Session) -> list[Recipient]:
        one = freshness_digest.recipient(session, region, organization_id)
        return [one] if one is not None else []

    _send(engine, chosen, region, found)


def to_address(engine: Engine, chosen: Settings, region: Region, email: str) -> None:
    """Send a new link for each organization that gets its mail at an address; nothing, if there is none."""
    _send(engine, chosen, region, lambda session: freshness_digest.at_address(session, region, email))


def _send(
    engine: Engine, chosen: Settings, region: Region, find: Callable[[Session], list[Recipient]]
) -> None:
    if not can_mail(region, chosen):
        return
    with Session(engine, expire_on_commit=False) as session:
        for one in find(session):
            prepared = freshness_digest.prepare_anew(session, region, one) if one.email else None
            if prepared is None:
                session.rollback()
                continue
            # By the name that the operator has set: what a visitor calls this host stands in no mail.
            letter = letters.new_link(region, f"https://{region.hostnames[0]}", prepared)
            try:
                sending.send(chosen, letter)
            except sending.NotSentError as error:  # its text may name the address
                session.rollback()
                log.warning("A mail with a new link was not taken: %s", type(error.__cause__).__name__)
            else:
                session.commit()
