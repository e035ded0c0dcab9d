"""A selection of offers as others show it: heading, address as a page of ours, and the frame around it."""

from typing import Final, NamedTuple
from urllib.parse import urlencode

from markupsafe import escape
from sqlmodel import Session

from api.core.languages import LANGUAGES
from api.regions.models import Region
from api.taxonomy import service as taxonomy
from web.identity import of_region
from web.language import localized, name_in, translations
from web.security import EMBED
from web.wish import Wish
from web.words import _

# Says which division of the region is drawn first, besides the parameters of the list.
DIVISION: Final = "einteilung"


class Size(NamedTuple):
    """Width and height of a frame in CSS pixels; width None: as wide as there is room."""

    width: int | None
    height: int


def heading(session: Session, region: Region, wish: Wish, locale: str) -> str:
    """Return what a list is about: "Angebote in Fennpfuhl", "Schulden in Fennpfuhl"."""
    say = translations(locale).gettext
    where = wish.space.name if wish.space else region.name
    words = wish.query.q or _topics(session, wish, locale)
    if words:
        return say(_("%(words)s in %(where)s")) % {"words": words, "where": where}
    return say(_("Angebote in %(where)s")) % {"where": where}


def _topics(session: Session, wish: Wish, locale: str) -> str:
    if not wish.query.topic:
        return ""
    known = [one for topic in taxonomy.topics(session) for one in (topic, *topic.children)]
    names = [name_in(one.names, locale) for one in known if one.slug in wish.query.topic]
    return LANGUAGES[locale].comma.join(names)


def title(session: Session, region: Region, wish: Wish, locale: str) -> str:
    """Return the heading with the name of the map: what a screen reader says of the frame."""
    return f"{heading(session, region, wish, locale)} – {of_region(region, locale).title}"


def path(wish: Wish, locale: str, division: str = "") -> str:
    """Return the path of the page for a frame, with all that is chosen."""
    query = wish.address(ansicht=None)
    if division:
        query = f"{query}{'&' if query else '?'}{urlencode({DIVISION: division})}"
    return localized(EMBED, locale) + query


def frame(address: str, name: str, size: Size) -> str:
    """Return the HTML that shows an address in a frame; it works on pages without scripts, too."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(name)}" width="{size.width or "100%"}"'
        f' height="{size.height}" loading="lazy" style="border: 0"></iframe>'
    )
