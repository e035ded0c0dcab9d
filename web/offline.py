"""What works without a network once it is saved: all addresses that its pages ask for, and how much it is."""

from collections.abc import Sequence
from functools import cache
from math import ceil
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.core import clock
from api.core.languages import LANGUAGES
from api.regions.models import Region
from api.schedules.saying import times
from api.schedules.saying.voice import voice
from web import files, identity
from web.language import day, localized

MOST: Final = 300  # offers of a saved Stadtteil
# Saved with everything: where unsaved pages lead, what is saved, and the numbers to call.
ALWAYS: Final = ("/offline", "/unterwegs", "/notfall")
# What pages ask for as files; the basemap stays online.
_FILES: Final = (
    "js/**/*.js",
    "icons/*.svg",
    "vendor/leaflet-*/*.css",
    "vendor/leaflet-*/*.js",
)
# Measured with the demo regions, rounded up.
_BYTES_OF_PAGES: Final = 250_000
_BYTES_PER_OFFER: Final = 40_000


@cache
def _paths() -> tuple[str, ...]:
    found = {path.relative_to(files.STATIC) for pattern in _FILES for path in files.STATIC.glob(pattern)}
    return (files.STYLE, *sorted(path.as_posix() for path in found))


@cache
def _bytes_of_files() -> int:
    own = sum((files.STATIC / path).stat().st_size for path in _paths() if path != files.STYLE)
    return own + len(files.style().encode())


def megabytes(offers: int) -> int:
    """Return about how much room so many saved offers take, in whole MB and never less than it is."""
    return ceil(_bytes(offers) / 1_000_000)


def _bytes(offers: int) -> int:
    return _bytes_of_files() + _BYTES_OF_PAGES + min(offers, MOST) * _BYTES_PER_OFFER


def to_save(
    region: Region, locale: str, title: str, own: str, pages: Sequence[str], slugs: Sequence[str]
) -> dict[str, Any]:
    """Return the list that js/offline/saving.js works through.

    own: path of the saved page, in German; pages: all other addresses that it asks for, as it does;
    slugs: of the offers whose pages are saved with it.
    """
    now = clock.now()
    wanted = [*(localized(path, locale) for path in ALWAYS), *pages]
    wanted += [localized(f"/angebot/{slug}", locale) for slug in slugs]
    wanted += [files.address(path) for path in _paths()]
    site = identity.of_region(region, locale)
    wanted += filter(None, (site.style, site.mark))
    return {
        "id": localized(f"{own}/unterwegs.json", locale),
        "title": title,
        "page": localized(own, locale),
        "offline": localized("/offline", locale),
        "stand": now.isoformat(timespec="seconds"),
        "said": _said(region, locale),
        "bytes": _bytes(len(slugs)),
        "addresses": list(dict.fromkeys([localized(own, locale), *wanted])),
    }


def _said(region: Region, locale: str) -> str:
    """Return now as people say it: „3. Dezember 2026, 14 Uhr“."""
    now = clock.now().astimezone(ZoneInfo(region.timezone))
    hour = times.at(voice(locale), now.time().replace(second=0, microsecond=0))
    return f"{day(now.date(), locale)}{LANGUAGES[locale].comma}{hour}"
