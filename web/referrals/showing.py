"""A list as pages, paper and files show it."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from fastapi import Request
from sqlmodel import Session

from api.core import clock
from api.core.languages import LANGUAGES
from api.referrals.schemas import Entry, Opened, Standing
from api.regions.models import Region
from web import merkliste
from web.language import day, localized, translations
from web.qr import qr, qr_of_page
from web.referrals import words
from web.rendering import address
from web.words import _

PAGE: Final = "/liste"
DATES: Final = 3  # of each entry
STANDING: Final = {
    Standing.CHANGED: _("Seit dem {date} hat sich hier etwas geändert. Bitte sehen Sie genau hin."),
    Standing.MERGED: _("Dieses Angebot gehört jetzt zu einem anderen. Hier steht, was jetzt gilt."),
    Standing.PAUSED: _("Dieses Angebot macht gerade Pause."),
    Standing.GONE: _("Dieses Angebot gibt es nicht mehr. Bitte fragen Sie, was Sie stattdessen tun können."),
}
UNTIL: Final = _("Dieses Angebot macht gerade Pause. Ab {date} soll es weitergehen.")


class Address(NamedTuple):
    """A list's address in one language."""

    link: str  # whole
    path: str


def address_of(request: Request, region: Region, code: str, locale: str) -> Address:
    """Return where a list is read in a language."""
    path = localized(f"{PAGE}/{code}", locale)
    return Address(address(request, region).rstrip("/") + path, path)


def entries(
    request: Request, session: Session, region: Region, found: Opened, locale: str
) -> list[dict[str, Any]]:
    """Return the entries of a list for the templates.

    [{number, offer OfferSummary or None, date {iso, day, hours, place, different, note} or None, later (dates
    after that one), notes (sentences), standing (a sentence or ""), is_gone, page (address), qr}]
    """
    pages = address(request, region).rstrip("/") + localized("/angebot/", locale)
    say = translations(locale).gettext
    coming = merkliste.coming(session, region, [offer.id for offer in found.offers])
    shown = []
    for entry in found.entries:
        dates: list[dict[str, Any]] = []
        if entry.offer is not None:
            meant = [
                one
                for one in coming.get(entry.offer.id, ())
                if entry.place_id is None or one.usual_place_id in {None, entry.place_id}
            ]
            dates = [merkliste.date_of(region, entry.offer, one, locale) for one in meant[:DATES]]
        shown.append(
            {
                "number": entry.number,
                "offer": entry.offer,
                "date": dates[0] if dates else None,
                "later": dates[1:],
                "notes": words.said(entry.notes, say),
                "standing": _standing(entry, found, region, locale),
                "is_gone": entry.offer is None,
                "page": f"{pages}{entry.offer.slug}" if entry.offer else "",
                "qr": qr_of_page(f"{pages}{entry.offer.slug}") if entry.offer else "",
            }
        )
    return shown


def context(
    request: Request, session: Session, region: Region, found: Opened, code: str, locale: str
) -> dict[str, Any]:
    """Return what the page and the sheet of a list have in common."""
    here = address_of(request, region, code, locale)
    return {
        "code": code,
        "here": here.path,
        "link": here.link,
        "qr": qr(here.link),
        "entries": entries(request, session, region, found, locale),
        "expires_on": found.expires_on,
        "today": clock.today(region.timezone),
        "for_language": LANGUAGES[locale],
    }


def lines_of(shown: Sequence[dict[str, Any]], locale: str) -> dict[int, list[str]]:
    """Return what the file to take along says of each number besides the offer: state, next date, notes."""
    say = translations(locale).gettext
    found: dict[int, list[str]] = {}
    for entry in shown:
        lines = [entry["standing"]] if entry["standing"] else []
        if entry["date"]:
            when = LANGUAGES[locale].comma.join((entry["date"]["day"], entry["date"]["hours"]))
            lines.append(f"{say(_('Nächster Termin:'))} {when}")
        found[entry["number"]] = [*lines, *entry["notes"]]
    return found


def _standing(entry: Entry, found: Opened, region: Region, locale: str) -> str:
    """Return what has become of an entry in a sentence; nothing of what is as it was."""
    if entry.standing not in STANDING:
        return ""
    say = translations(locale).gettext
    if entry.paused_until is not None and entry.paused_until > clock.today(region.timezone):
        return say(UNTIL).format(date=day(entry.paused_until, locale))
    return say(STANDING[entry.standing]).format(date=day(found.created_on, locale))
