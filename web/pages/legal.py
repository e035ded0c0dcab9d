"""Pages that operators write: who runs the map, what happens to data, how accessible it is, how to use it."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.core.deps import SessionDep
from api.core.languages import LANGUAGES
from api.core.settings import Settings
from api.regions import texts
from api.regions.deps import RegionDep, Tagged
from api.regions.models import Region
from web.markdown import title_of, to_html
from web.rendering import locale_of, render

router = APIRouter(dependencies=[Tagged])

# What the texts that come with the program say depends on how it is run. They are German, and so is this.
LOG: Final = {
    False: "Das Programm schreibt nicht auf, wer welche Seite ansieht.",
    True: "Das Programm schreibt zu jeder Anfrage eine Zeile auf: Uhrzeit, Art der Seite, Ergebnis, Größe und"
    " Dauer. Ihre Internet-Adresse, Ihre Suchwörter und die Namen von Angeboten stehen nicht darin.",
}
UPTAKE: Final = {
    False: "Wie oft Angebote angesehen werden, zählt das Programm nicht.",
    True: "Das Programm zählt, wie oft ein Angebot an einem Tag gefunden, geöffnet oder auf eine Liste"
    " gesetzt wird und welche Antworten auf einer Liste kommen. Es zählt nur Ereignisse: Wer das war, steht"
    " nirgends. Sagt Ihr Browser „Do Not Track“ oder „Global Privacy Control“, zählt er nicht mit."
    " Veröffentlicht werden nur Zahlen ganzer Monate, und keine kleinen.",
}
MAP: Final = {
    "own": "Auch die Karte kommt von unserem eigenen Rechner.",
    "foreign": "Eine Ausnahme ist das Bild der Hintergrundkarte: Ihr Browser holt es bei **{host}**. Dabei"
    " erfährt dieser Anbieter Ihre Internet-Adresse und welchen Ausschnitt der Karte Sie ansehen.",
}


def _route(page: str) -> Callable[[Request, SessionDep, RegionDep], HTMLResponse]:
    def shown(request: Request, session: SessionDep, region: RegionDep) -> HTMLResponse:
        return _page(request, session, region, page)

    return shown


for _name in texts.PAGES:
    router.add_api_route(f"/{_name}", _route(_name), methods=["GET"], name=_name)


def _page(request: Request, session: SessionDep, region: Region, page: str) -> HTMLResponse:
    locale = locale_of(request)
    text = texts.of_region(region, page, locale)
    said = _filled(text.markdown, _facts(region, request.app.state.settings))
    return render(
        request,
        session,
        region,
        "text.html",
        title=title_of(said) or region.name,
        body=to_html(said, locale),
        lang=text.language,
        is_in_language=text.language == locale
        or (text.language == texts.GERMAN and LANGUAGES[locale].is_german),
    )


def _facts(region: Region, settings: Settings) -> dict[str, str]:
    """Return what texts can name in braces."""
    host = urlsplit(settings.basemap_url).hostname if settings.basemap != "none" else None
    return {
        "region": region.name,
        "telefon_name": region.help_name,
        "telefon": region.help_phone,
        "protokoll": LOG[settings.access_log],
        "zaehlen": UPTAKE[settings.uptake],
        "hintergrundkarte": MAP["foreign"].format(host=host) if host else MAP["own"],
    }


def _filled(text: str, facts: dict[str, str]) -> str:
    for name, fact in facts.items():
        text = text.replace(f"{{{name}}}", fact)
    return text
