"""What a mail says, as plain text and as HTML: no picture, no script, no address but our own links."""

from dataclasses import dataclass
from typing import Any

from api.core.languages import DEFAULT
from api.curation.freshness_digest import Digest
from api.regions.models import Region
from web import identity
from web.rendering import environment

# Pages of a provider, by the token behind them.
CHECK_PATH = "/anbieter/pruefen/"
QUIET_PATH = "/anbieter/ruhe/"


@dataclass(frozen=True)
class Letter:
    """A mail before it has a sender.

    unsubscribe: the page that ends them, which also takes one click of a mail program (RFC 2369, RFC 8058);
    empty for a mail that somebody has asked for. name: what its Message-ID begins with, so that a mail that
    goes out twice is known as the same; empty: each is another one.
    """

    to: str
    subject: str
    text: str
    html: str
    unsubscribe: str = ""
    name: str = ""


def digest(region: Region, origin: str, said: Digest) -> Letter:
    """Return the mail to an organization about its entries; origin: "https://landkarte.example", no slash."""
    number = len(said.lines)
    what = "ein Angebot" if number == 1 else f"{number} Angebote"
    subject = f"Stimmt noch alles? Bitte sehen Sie {what} an"
    quiet = f"{origin}{QUIET_PATH}{said.quiet}"
    return _letter("digest", subject, region, origin, said, quiet)


def new_link(region: Region, origin: str, said: Digest) -> Letter:
    """Return the mail to an organization for which somebody has asked for a new link."""
    return _letter("link", "Ihr neuer Link zu Ihren Angeboten", region, origin, said)


def _letter(
    template: str, subject: str, region: Region, origin: str, said: Digest, unsubscribe: str = ""
) -> Letter:
    assert said.recipient.email is not None
    context: dict[str, Any] = {
        "site": identity.of_region(region, DEFAULT),
        "region": region,
        "organization": said.recipient.name,
        "lines": said.lines,
        "others": said.others,
        "check": f"{origin}{CHECK_PATH}{said.check}",
        "quiet": f"{origin}{QUIET_PATH}{said.quiet}",
        "origin": origin,
    }
    templates = environment(DEFAULT)
    return Letter(
        to=said.recipient.email,
        subject=subject,
        text=templates.get_template(f"mail/{template}.txt").render(context),
        html=templates.get_template(f"mail/{template}.html").render(context),
        unsubscribe=unsubscribe,
    )
