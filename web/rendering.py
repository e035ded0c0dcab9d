"""From a template and what it needs to an answer: everything that every page has in common."""

from functools import cache, partial
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlmodel import Session

from api.core.languages import DEFAULT, LANGUAGES
from api.regions import service as regions
from api.regions.models import Region
from api.sources import service as sources
from web import files, hours, identity
from web.language import day, localized, name_in, plural_samples, tenths, translations
from web.words import label, translated

OWN_HOSTS = ("localhost", "127.0.0.1")
# More maps than this are not named on every page but on one of their own.
FOOTER_REGIONS = 10
TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment(locale: str) -> Environment:
    """Return the templates in a language; a name that a page forgot to pass is an error, not a blank."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.policies["ext.i18n.trimmed"] = True
    catalogue = translations(locale)
    env.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        locale=locale,
        language=LANGUAGES[locale],
        url=partial(localized, locale=locale),
        static=files.address,
        modules=files.modules,
        plural_samples=plural_samples,
        day=partial(day, locale=locale),
        tenths=partial(tenths, locale=locale),
        label=lambda kind, value: label(kind, value, locale, catalogue.gettext),
        topic_name=lambda topic: name_in(topic.names, locale),
        audience_name=lambda audience: name_in(audience.names, locale),
        translated=partial(translated, locale=locale),
    )
    return env


def locale_of(request: Request) -> str:
    """Return the language that the path asks for."""
    return str(getattr(request.state, "locale", DEFAULT))


def render(request: Request, session: Session, region: Region, template: str, **context: Any) -> HTMLResponse:  # noqa: ANN401
    """Return a page of a region."""
    locale = locale_of(request)
    site = identity.of_region(region, locale)
    common = {
        "region": region,
        "site": site,
        "other_regions": other_regions(request, session, region, FOOTER_REGIONS + 1),
        "footer_regions": FOOTER_REGIONS,
        "sources": sources.of_region(session, region),
        "current": request.url.path,
        "hours_now": lambda offer: hours.now_of(offer["hours"], offer["places"], region, locale),
        # This page in every language, with all that it shows now; search engines want whole addresses.
        "locales": [(code, language, _in_language(request, code)) for code, language in LANGUAGES.items()],
        "origin": address(request, region).rstrip("/"),
    }
    text = environment(locale).get_template(template).render(common | context)
    # A proxy may make an early hint of it (RFC 8297); a browser begins with it before it reads the page.
    styles = filter(None, (files.address(files.STYLE), site.style))
    hints = {"Link": ", ".join(f"<{style}>; rel=preload; as=style" for style in styles)}
    return HTMLResponse(text, headers=hints | getattr(request.state, "freshness", {}))


def _in_language(request: Request, locale: str) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    # One slash only: "//host" would be somebody else's address.
    return localized("/" + request.scope["path"].lstrip("/\\"), locale) + query


def other_regions(request: Request, session: Session, region: Region, most: int) -> list[dict[str, str]]:
    """Return name and address of the other maps of this installation, by name."""
    found = regions.others(session, region, most)
    return [{"name": other.name, "url": _other_address(request, other)} for other in found]


def _other_address(request: Request, region: Region) -> str:
    port = f":{request.url.port}" if request.url.port else ""
    return f"{request.url.scheme}://{region.hostnames[0]}{port}/"


def address(request: Request, region: Region) -> str:
    """Return the address of a region's start page, never by a host name that only the visitor claims."""
    here = request.url.hostname or ""
    known = here in region.hostnames or here in OWN_HOSTS
    host = here if known or not region.hostnames else region.hostnames[0]
    port = f":{request.url.port}" if request.url.port else ""
    return f"{request.url.scheme}://{host}{port}/"
