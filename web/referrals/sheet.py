"""A list on paper: an A4 sheet as tagged PDF (PDF/UA-1) that asks nobody for anything."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import segno
from fastapi import Request
from sqlmodel import Session

from api.referrals.schemas import Opened
from api.regions.models import Region
from api.sources import service as sources
from web.identity import of_region
from web.referrals import showing
from web.rendering import environment, locale_of

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

STYLE: Final = Path(__file__).parent / "sheet.css"
VARIANT: Final = "pdf/ua-1"


def pdf(request: Request, session: Session, region: Region, found: Opened, code: str) -> bytes:
    """Return the sheet of a list in the language of the address."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 - loads Pango, which only sheets need

    text = html(request, session, region, found, code)
    fetcher = nothing_but_data()
    site = of_region(region, locale_of(request))
    colours = f":root {{ --accent: {site.accent}; }}\n"
    style = CSS(string=colours + STYLE.read_text(encoding="utf-8"), url_fetcher=fetcher)
    page = HTML(string=text, base_url=None, url_fetcher=fetcher)
    made: bytes = page.write_pdf(stylesheets=[style], pdf_variant=VARIANT, pdf_tags=True)
    return made


def html(request: Request, session: Session, region: Region, found: Opened, code: str) -> str:
    """Return what stands on the sheet."""
    locale = locale_of(request)
    context: dict[str, Any] = showing.context(request, session, region, found, code, locale)
    for entry in context["entries"]:
        entry["qr"] = picture(entry["page"]) if entry["page"] else ""
    context |= {
        "qr": picture(context["link"]),
        "region": region,
        "site": of_region(region, locale),
        "sources": sources.of_region(session, region),
    }
    return environment(locale).get_template("referral/sheet.html").render(context)


def picture(text: str) -> str:
    """Return a QR code as an address that holds the whole picture (RFC 2397)."""
    code = segno.make(text, micro=False)
    # In this size a reader finds the edges of modules whatever the printer does to thin lines.
    return str(code.svg_data_uri(scale=4, dark="#000", light="#fff"))


def nothing_but_data() -> "URLFetcher":
    """Return what WeasyPrint asks for files: it knows only those that stand in the document (RFC 2397)."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - see above

    return URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
