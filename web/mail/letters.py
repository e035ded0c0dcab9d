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
    """A mail before it has a sender; unsubscribe is the page that ends them (RFC 2369)."""

    to: str
    subject: str
    text: str
    html: str
    unsubscribe: str


def digest(region: Region, origin: str, said: Digest) -> Letter:
    """Return the mail to an organization about its entries; origin: "https://landkarte.example", no slash."""
    assert said.recipient.email is not None
    site = identity.of_region(region, DEFAULT)
    quiet = f"{origin}{QUIET_PATH}{said.quiet}"
    context: dict[str, Any] = {
        "site": site,
        "region": region,
        "organization": said.recipient.name,
        "lines": said.lines,
        "others": said.others,
        "check": f"{origin}{CHECK_PATH}{said.check}",
        "quiet": quiet,
        "origin": origin,
    }
    templates = environment(DEFAULT)
    number = len(said.lines)
    what = "ein Angebot" if number == 1 else f"{number} Angebote"
    return Letter(
        to=said.recipient.email,
        subject=f"Stimmt noch alles? Bitte sehen Sie {what} an",
        text=templates.get_template("mail/digest.txt").render(context),
        html=templates.get_template("mail/digest.html").render(context),
        unsubscribe=quiet,
    )
