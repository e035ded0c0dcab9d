"""What the map beside a list needs to know."""

from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session

from api.core.settings import Settings
from api.regions.models import Region
from api.spaces import service as spaces
from web.language import translations
from web.words import _

TOLERANCE_METRES = 10


def map_context(
    session: Session,
    region: Region,
    api_query: str,
    selected_key: str | None,
    locale: str,
    settings: Settings,
    drawn: str | None = None,
) -> dict[str, Any]:
    """Return addresses of points and outlines, the divisions to choose from, and the basemap if there is one.

    The division that is named is drawn first ("lor:2", or "lor": then its first level); else that of the
    selected space, else the one that residents know.
    """
    say = translations(locale).gettext
    residents_word = say(_("Orte")) if region.space_word == "ort" else say(_("Stadtteile"))
    choices = []
    for division in spaces.divisions(session, region):
        for level in division.levels:
            query = {"division": division.slug, "level": level.level, "tolerance_metres": TOLERANCE_METRES}
            is_resident = level.level == division.resident_level
            choices.append(
                {
                    "label": residents_word if is_resident else level.name,
                    "url": f"/api/v1/spaces?{urlencode(query)}",
                    "resident": is_resident,
                    "key": f"{division.slug}:{level.level}",
                }
            )
    choices.sort(key=lambda choice: not choice["resident"])
    first = choices[0]["url"] if choices else ""
    if selected_key:
        chosen = next(iter(spaces.by_keys(session, region, [selected_key]).values()))
        wanted = {"division": chosen.division, "level": chosen.level, "tolerance_metres": TOLERANCE_METRES}
        first = f"/api/v1/spaces?{urlencode(wanted)}"
    named = (choice for choice in choices if drawn in (choice["key"], str(choice["key"]).partition(":")[0]))
    first = next((choice["url"] for choice in named), first)
    return {
        "points_url": f"/api/v1/map/points{api_query}",
        "spaces_url": first,
        "divisions": choices,
        "selected_key": selected_key,
        "basemap": _basemap(settings),
    }


def _basemap(settings: Settings) -> dict[str, str] | None:
    if settings.basemap == "none":
        return None
    return {
        "kind": settings.basemap,
        "url": settings.basemap_url,
        "attribution": settings.basemap_attribution,
    }
