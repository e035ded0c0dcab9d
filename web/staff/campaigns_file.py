"""The list of a campaign as a file, for the phone or somebody else's desk: nothing but what is public."""

import csv
import io
from typing import Final

from sqlmodel import Session

from api.curation import asking, campaigns_standing
from api.curation.campaigns_standing import Standing, Status
from api.exports.guard import guarded
from web.staff.campaigns import STATUSES

HEADERS: Final = ("Angebot", "Anbieter", "Stand", "Zuletzt geprüft", "Telefon", "E-Mail", "In der Landkarte")
_ALL: Final = 1_000_000


def written(session: Session, found: Standing, status: Status | None, origin: str) -> bytes:
    """Return a table as German spreadsheets open it (api/exports/csv.py); origin: where the map is."""
    listed = campaigns_standing.page_of(session, found, status, per_page=_ALL).results
    whom = asking.contacts(session, None, [one.offer_id for one in listed])
    text = io.StringIO()
    text.write("\ufeff")
    lines = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL)
    lines.writerow(HEADERS)
    for one in listed:
        known = whom.get(one.offer_id, ())
        cells = (
            one.name,
            one.organization or "",
            STATUSES[one.status],
            one.verified_on.isoformat() if one.verified_on else "",
            next((contact.phone for contact in known if contact.phone), ""),
            next((contact.email for contact in known if contact.email), ""),
            "" if one.status == Status.ARCHIVED else f"{origin}/angebot/{one.slug}",
        )
        lines.writerow([guarded(cell) for cell in cells])
    return text.getvalue().encode()
