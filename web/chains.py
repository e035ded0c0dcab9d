"""Help chains as pages for everybody show them: each link with a few offers, and the way to all of them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from api.chains.finding import Step
from api.chains.schemas import LinkIn
from api.core.languages import DEFAULT
from api.offers.schemas import OfferSummary
from api.spaces.schemas import SpaceRef
from web.language import localized
from web.pages.offers import numbered


def steps_shown(steps: Sequence[Step], space: SpaceRef | None, locale: str) -> list[dict[str, Any]]:
    """Return steps as chain.html takes them; all_url: the list of what is here, wide_url: of everything."""
    return [
        {
            "link": step.link,
            "offers": numbered(step.offers, None),
            "further": numbered(step.further, None),
            "is_gap": step.is_gap,
            "more": step.in_reach > len(step.offers),
            "elsewhere": step.anywhere - step.in_reach,
            "all_url": _list_url(step.link, space, locale),
            "wide_url": _list_url(step.link, None, locale),
        }
        for step in steps
    ]


def ids(steps: Sequence[Step]) -> list[int]:
    """Return the numbers of all offers that steps show, each once."""
    shown: list[OfferSummary] = [offer for step in steps for offer in (*step.offers, *step.further)]
    return list(dict.fromkeys(offer.id for offer in shown))


def worry(link: LinkIn) -> tuple[str, str]:
    """Return a link as a worry of a plan: ("wort", words) or ("thema", slug of a topic), never both."""
    if link.words or not link.topic:
        return "wort", link.words or link.names[DEFAULT]
    return "thema", link.topic


def _list_url(link: LinkIn, space: SpaceRef | None, locale: str) -> str | None:
    """Return the address of the list that a link stands for; None: it only names offers."""
    if not (link.topic or link.words):
        return None
    said = {"q": link.words, "thema": link.topic, "stadtteil": space.slug if space else ""}
    query = urlencode({key: value for key, value in said.items() if value})
    return f"{localized('/angebote', locale)}?{query}"
