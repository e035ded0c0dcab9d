"""The mail about what somebody keeps an eye on: facts that are public, and nothing that anybody has typed."""

import hashlib
from typing import Any, Final

from sqlmodel import Session

from api.core.languages import DEFAULT
from api.regions.models import Region
from api.watching.news import Digest
from web import identity
from web.mail.letters import Letter
from web.rendering import environment
from web.staff import watching
from web.staff.watching import WATCHING

# The page that ends these mails, by the token behind it.
QUIET_PATH: Final = "/beobachten/ruhe/"
MOST_OFFERS: Final = 30  # of the list; more are counted


def digest(session: Session, region: Region, origin: str, said: Digest) -> Letter:
    """Return the mail that tells somebody what is new; origin: "https://landkarte.example", no slash.

    This person's mail of this number has the same name each time: mail programs drop the second of two.
    """
    offers = watching.watched(said.news.lines, is_mail=True)
    searches = watching.untold(session, region, said.news)
    quiet = f"{origin}{QUIET_PATH}{said.watcher.quiet_token}"
    context: dict[str, Any] = {
        "site": identity.of_region(region, DEFAULT),
        "name": said.name,
        "searches": searches,
        "offers": offers[:MOST_OFFERS],
        "more": max(0, len(offers) - MOST_OFFERS),
        "page": f"{origin}{WATCHING}",
        "quiet": quiet,
        "origin": origin,
    }
    templates = environment(DEFAULT)
    return Letter(
        to=said.email,
        subject=_subject(sum(one.many for one in searches), len(offers)),
        text=templates.get_template("mail/watching.txt").render(context),
        html=templates.get_template("mail/watching.html").render(context),
        unsubscribe=quiet,
        name=_name(said),
    )


def _subject(new: int, different: int) -> str:
    said = [f"{new} neue Treffer" if new > 1 else "ein neuer Treffer"] if new else []
    if different:
        said.append(f"Neues bei {different} Angeboten" if different > 1 else "Neues bei einem Angebot")
    return f"Ihre Landkarte: {' und '.join(said)}"


def _name(said: Digest) -> str:
    # The token makes it one that nobody can guess, and tells nothing of who it is.
    return hashlib.sha256(f"{said.watcher.quiet_token} {said.number}".encode()).hexdigest()[:40]
