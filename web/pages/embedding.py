"""The list and the map for a frame in somebody else's page, and the page that writes the frame's code.

Who writes web pages reads the latter: it is German in every language, like the pages of /ogc.
"""

from typing import Any, Final, NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.core.deps import SessionDep
from api.core.errors import FieldError, InvalidInputError
from api.core.languages import LANGUAGES
from api.core.settings import Settings
from api.regions.deps import RegionDep, Tagged, TaggedByMinute, untag
from api.search import service as search
from api.search.deps import ShelvesDep
from web import embedding
from web.embedding import DIVISION, Size
from web.language import localized
from web.map import map_context
from web.pages.offers import numbered
from web.rendering import address, locale_of, render
from web.security import EMBED
from web.wish import Wish

router = APIRouter(dependencies=[Tagged])

HEIGHTS: Final = (400, 600, 800)  # CSS pixels
HEIGHT: Final = 600


class Words(NamedTuple):
    """What /einbetten says."""

    title: str = "Karte einbetten"
    lead: str = "So zeigen Sie Liste und Karte auf Ihrer eigenen Internetseite."
    chosen: str = "Gezeigt wird"
    other: str = "Etwas anderes zeigen: In der Liste die Filter einstellen und von dort zurückkommen."
    to_list: str = "Zur Liste mit diesen Filtern"
    language: str = "Sprache"
    division: str = "Raumeinteilung auf der Karte"
    height: str = "Höhe in Pixeln"
    show: str = "Code anzeigen"
    code: str = "Code zum Kopieren"
    copy: str = "Code kopieren"
    copied: str = "Kopiert"
    preview: str = "So sieht es aus"
    allowed: str = "Wer darf einbetten"
    nobody: str = (
        "Auf dieser Landkarte ist das Einbetten noch nicht erlaubt: Browser zeigen den Rahmen dann leer."
        " Bitte fragen Sie die Betreiber (Impressum), ob sie Ihre Seite freigeben."
    )
    everybody: str = "Alle Internetseiten."
    some: str = "Nur diese Internetseiten. Fehlt Ihre, fragen Sie bitte die Betreiber (Impressum)."
    needs: str = "Was Ihre Seite erlauben muss"
    policy: str = "Hat Ihre Seite eine Content-Security-Policy, dann muss darin stehen:"
    sandbox: str = (
        "Ein Attribut „sandbox“ ist nicht nötig. Setzt Ihr Redaktionssystem eines, braucht es diese Werte:"
    )
    quiet: str = (
        "Der Rahmen setzt keine Cookies, speichert nichts und fragt keine fremden Rechner. Links öffnen die"
        " Landkarte in einem neuen Fenster. Ohne JavaScript bleibt die Liste."
    )
    oembed: str = "Redaktionssysteme, die oEmbed kennen, brauchen nur die Adresse der Liste."
    umap: str = "Dieselbe Auswahl als Ebene für uMap (Fernes Objekt, Format „geojson“):"


WORDS: Final = Words()
SANDBOX: Final = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"


@router.get(EMBED, dependencies=[TaggedByMinute])
def framed(request: Request, session: SessionDep, region: RegionDep, shelves: ShelvesDep) -> HTMLResponse:
    """Show a page of the offers that the address asks for, in as little room as possible."""
    wish = Wish(session, region, request.query_params)
    division = request.query_params.get(DIVISION, "")
    found = search.find(session, region, wish.query, shelves).results()
    pages = max(1, -(-found.total // found.per_page))
    if found.page > pages:
        raise InvalidInputError(errors=[FieldError("page", "there are fewer pages")])
    locale = locale_of(request)
    # A space that somebody has chosen on the map is shown among its own kind.
    is_chosen_here = any(choice.key == "raum" for choice in wish.choices)
    shown = render(
        request,
        session,
        region,
        "embed.html",
        heading=embedding.heading(session, region, wish, locale),
        page={"total": found.total, "page": found.page, "pages": pages},
        offers=numbered([one.offer for one in found.results], wish.query.offset + 1),
        page_url=lambda number: (
            wish.address(seite=number if number > 1 else None, einteilung=division or None) or "?"
        ),
        whole_url=localized("/angebote", locale) + wish.address(ansicht=None),
        map=map_context(
            session,
            region,
            wish.api_query(),
            next(iter(wish.query.space), None),
            locale,
            request.app.state.settings,
            None if is_chosen_here else division,
        ),
    )
    if found.by == "database":
        untag(shown)  # the index will soon know better
    return shown


@router.get("/einbetten")
def described(request: Request, session: SessionDep, region: RegionDep) -> HTMLResponse:
    """Write the code of a frame for the offers that the address asks for."""
    said = request.query_params
    wish = Wish(session, region, said)
    settings: Settings = request.app.state.settings
    locale = locale_of(request)
    in_language = said.get("rahmensprache", locale)
    in_language = in_language if in_language in LANGUAGES else locale
    drawn = map_context(session, region, "", None, locale, settings)["divisions"]
    division = said.get(DIVISION, "") if said.get(DIVISION) in {one["key"] for one in drawn} else ""
    height = _height(said.get("hoehe", ""))
    origin = address(request, region).rstrip("/")
    there = origin + embedding.path(wish, in_language, division)
    return render(
        request,
        session,
        region,
        "einbetten.html",
        words=WORDS,
        heading=embedding.heading(session, region, wish, locale),
        hidden=[{"name": key, "value": value} for key, value in wish.choices],
        fields=_fields(in_language, drawn, division, height),
        list_url=localized("/angebote", locale) + wish.address(ansicht=None),
        there=there,
        code=embedding.frame(there, embedding.title(session, region, wish, in_language), Size(None, height)),
        hosts=settings.embedding_hosts,
        policy=f"frame-src {origin}",
        sandbox=SANDBOX,
        umap_url=f"{origin}/umap.geojson{wish.address(ansicht=None)}",
    )


def _height(said: str) -> int:
    return int(said) if said in map(str, HEIGHTS) else HEIGHT


def _fields(language: str, drawn: list[dict[str, Any]], division: str, height: int) -> list[dict[str, Any]]:
    """Return the choices of the form, each with what is chosen."""
    languages = [(code, one.autonym) for code, one in LANGUAGES.items()]
    divisions = [("" if one["resident"] else one["key"], one["label"]) for one in drawn]
    heights = [(str(one), str(one)) for one in HEIGHTS]
    return [
        {"name": "rahmensprache", "label": WORDS.language, "value": language, "choices": languages},
        {"name": DIVISION, "label": WORDS.division, "value": division, "choices": divisions},
        {"name": "hoehe", "label": WORDS.height, "value": str(height), "choices": heights},
    ]
