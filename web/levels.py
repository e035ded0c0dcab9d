"""Lists by who helps: neighbours first, then associations, then offices. An order, and never a filter."""

from typing import Any, Final

from api.offers.schemas import Facets
from web.wish import Wish
from web.words import LABELS

LEVELS: Final = tuple(int(level) for level in LABELS["resource_level"])


def groups(wish: Wish, counts: Facets, shown: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the levels of a list in their order; none unless the list is grouped.

    Each has level, total (on all pages), url (of the page on which it begins) and offers (those of shown).
    """
    if wish.query.group != "level":
        return []
    chosen = wish.query.resource_level or LEVELS
    found, before = [], 0
    for level in LEVELS:
        total = counts.resource_level.get(level, 0) if level in chosen else 0
        if total:
            page = before // wish.query.per_page + 1
            found.append(
                {
                    "level": level,
                    "total": total,
                    "url": f"{wish.address(seite=page if page > 1 else None)}#ebene-{level}",
                    "offers": [offer for offer in shown if offer["resource_level"] == level],
                }
            )
        before += total
    return found
