"""What commands that write mails share: what they need first, and what becomes of a mail nobody took."""

import sys
from typing import Final

from sqlmodel import Session

from api.core.settings import Settings
from api.regions.models import Region
from web.mail import sending
from web.mail.letters import Letter

NO_SERVER: Final = "Kein Mailserver: LANDKARTE_SMTP_HOST ist leer."


def has_server(chosen: Settings) -> bool:
    """Return whether mails can be sent at all; else say what is missing."""
    if not chosen.smtp_host:
        print(NO_SERVER, file=sys.stderr)
    return bool(chosen.smtp_host)


def has_address(region: Region) -> bool:
    """Return whether links in mails can lead to the region; else say what is missing."""
    if not region.hostnames:
        print(f"{region.name}: ohne Rechnernamen (hostnames) führt kein Link hierher.", file=sys.stderr)
    return bool(region.hostnames)


def address(region: Region) -> str:
    """Return where links in the region's mails begin."""
    return f"https://{region.hostnames[0]}"


def post(session: Session, chosen: Settings, letter: Letter, whom: str, *, shows_why: bool) -> bool:
    """Send, and keep what was noted on the way; a mail nobody took leaves nothing: the next run tries again.

    What a mail server answers may name the address it was for; a reason is shown in full only if it may be.
    """
    try:
        sending.send(chosen, letter)
    except sending.NotSentError as error:
        session.rollback()
        print(f"  {whom}: {error if shows_why else type(error.__cause__).__name__}", file=sys.stderr)
        return False
    session.commit()
    return True
