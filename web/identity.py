"""How a map is called and looks on its pages: as the city has set it, else as we do."""

import hashlib
from functools import cache, lru_cache
from typing import Final, NamedTuple

from api.regions import identity
from api.regions.colours import DARK, LIGHT, Family, family
from api.regions.models import Region
from web import files
from web.language import name_in, translations
from web.words import _

ICON: Final = "icons/favicon.svg"
ACCENT: Final = "#0b6a5d"  # --accent of css/tokens.css


class Site(NamedTuple):
    """What every page says and shows of its map."""

    name: str
    title: str  # the name with that of the region
    icon: str  # address of an SVG
    mark: str  # address of the city's own, or nothing: then ours is drawn in the colours of the page
    style: str  # address of the city's own colours, or nothing
    has_own_name: bool
    short: str  # what stands under the icon on a phone
    accent: str  # where no style says it: light colour of what stands out


def of_region(region: Region, locale: str) -> Site:
    """Return how the map of a region is called in a language, and what it looks like."""
    own = identity.of_region(region)
    name, title = _names(own, region, locale)
    mark = f"/zeichen/{_digest(own.mark)}.svg" if own.mark else ""
    return Site(
        name=name,
        title=title,
        icon=mark or files.address(ICON),
        mark=mark,
        style=f"/aussehen/{_digest(style(own.accent))}.css" if own.accent else "",
        has_own_name=bool(own.name),
        short=name if own.name else region.name,
        accent=family(own.accent, LIGHT).accent if own.accent else ACCENT,
    )


def _names(own: identity.Identity, region: Region, locale: str) -> tuple[str, str]:
    if own.name:
        name = name_in(own.name, locale)
        return name, f"{name} {region.name}"
    say = translations(locale).gettext
    title = say(_("Unterstützungs-Landkarte %(region)s")) % {"region": region.name}
    return say(_("Unterstützungs-Landkarte")), title


@cache
def style(accent: str) -> str:
    """Return the style that puts a city's colours in the place of those in css/tokens.css; paper has none."""
    light, dark = (_tokens(family(accent, scheme)) for scheme in (LIGHT, DARK))
    return (
        f"@media screen {{\n  :root {{{light}}}\n}}\n"
        f"@media screen and (prefers-color-scheme: dark) {{\n  :root {{{dark}}}\n}}\n"
    )


def _tokens(colours: Family) -> str:
    return " ".join(f"--{name.replace('_', '-')}: {colour};" for name, colour in colours._asdict().items())


@lru_cache(maxsize=1000)
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:10]
