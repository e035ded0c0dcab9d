"""What can be chosen in the form of a family plan, in the language of the page."""

from typing import Any

from sqlmodel import Session

from api.offers.schemas import OfferFilter
from api.regions.models import Region
from api.schedules.saying.voice import voice
from api.search import service as search
from api.search.shelves import Shelves
from api.spaces import service as spaces
from api.taxonomy import service as taxonomy
from importers.geocoding import lookup
from web.language import letters_of, name_in, translations
from web.plan.form import PARTS
from web.schedule_form.choices import DAYS
from web.words import _, label

_PARTS = {
    "vormittag": _("vormittags"),
    "nachmittag": _("nachmittags"),
    "abend": _("abends, ab 17 Uhr"),
}


def choices(session: Session, region: Region, shelves: Shelves | None, locale: str) -> dict[str, Any]:
    """Return lists of (value, label) for the fields, and whether the region has addresses to look up.

    topics: one list for each topic, with the finer ones behind it; topic_names: by slug.
    weekdays: (value, name, few letters).
    """
    say, speaks = translations(locale).gettext, voice(locale)
    counted = search.count(session, region, OfferFilter(), shelves).language
    topics = [
        [(topic.slug, name_in(topic.names, locale)) for topic in (parent, *parent.children)]
        for parent in taxonomy.topics(session)
    ]
    return {
        "topics": topics,
        "topic_names": {slug: name for group in topics for slug, name in group},
        "spaces": [(space.slug, space.name) for space in spaces.resident_spaces(session, region)],
        "languages": sorted(
            ((code, label("language", code, locale, say)) for code in counted), key=lambda one: one[1]
        ),
        "weekdays": [(key, speaks.weekday(at), letters_of(at, locale)) for at, key in enumerate(DAYS)],
        "parts": [(key, say(_PARTS[key])) for key in PARTS],
        "has_addresses": lookup.has_table(session, region.id),
    }
