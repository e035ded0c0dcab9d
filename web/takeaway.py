"""Offers as one file that opens without internet: Folium map, list and sources, nothing loaded."""

import base64
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import folium
from branca.element import Figure
from jinja2 import Template
from markupsafe import escape
from sqlmodel import Session

from api.core import clock
from api.core.languages import LANGUAGES
from api.offers import service as offers
from api.offers.schemas import OfferQuery, OfferSummary
from api.regions.models import Region
from api.sources import service as sources
from api.spaces import outlines
from api.spaces import service as spaces
from api.spaces.schemas import SpaceRef
from web.identity import Site, of_region
from web.rendering import environment

VENDOR = Path(__file__).parent / "static" / "vendor" / "leaflet-1.9.4"
MOST = 200
PIN = 44  # pixels, the smallest target a finger hits
CLOSEST = 15  # zoom at first: a few hundred metres across
Pin = tuple[list[int], float, float]  # numbers of the offers there, longitude, latitude
# A file that somebody carries on a stick must not be able to ask anybody for anything.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline' data:; img-src data:"
)


@cache
def _data_uri(name: str, media_type: str) -> str:
    return f"data:{media_type};base64,{base64.b64encode((VENDOR / name).read_bytes()).decode()}"


class _Alone(folium.Map):
    """A Folium map that carries Leaflet in itself and leaves zooming to the reader."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}<div class="map" id="{{ this.get_name() }}"></div>{% endmacro %}
        {% macro script(this, kwargs) %}
          // Without this every marker would first look for a picture that is not in the file.
          L.Marker.prototype.options.icon = L.divIcon({className: "pin-frame"});
          var {{ this.get_name() }} = L.map("{{ this.get_name() }}", {{ this.options | tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(tiles=None)
        self.options = options
        self.objects_to_stay_in_front = []
        self.default_js = [("leaflet", _data_uri("leaflet.js", "text/javascript"))]
        self.default_css = [("leaflet_css", _data_uri("leaflet.css", "text/css"))]


class Carried(NamedTuple):
    """What the list beside the map says."""

    title: str
    offers: list[tuple[int, OfferSummary]]  # with their numbers, in their order
    total: int
    lines: Mapping[int, Sequence[str]] = {}  # said of a number besides the offer
    gone: Sequence[tuple[int, str]] = ()  # numbers of which only a sentence is left


def takeaway_map(session: Session, region: Region, space: SpaceRef, locale: str, live_url: str) -> str:
    """Return the file's text: the offers of a Stadtteil, with equal numbers on the map and in the list."""
    found = offers.find(session, region, OfferQuery(space=[space.key], per_page=MOST))
    carried = Carried(space.name, list(enumerate(found.results, start=1)), found.total)
    outline = json.loads(outlines.geojson(session, region, key=space.key, tolerance_metres=5))
    site = of_region(region, locale)
    chart = _chart(outline, _pins(carried.offers), _corners(outline), site.accent)
    return _assembled(chart, _text(session, region, carried, locale, live_url), space.name, site, locale)


def takeaway_list(session: Session, region: Region, carried: Carried, locale: str, live_url: str) -> str:
    """Return the file's text: some offers in their order, on the outlines of all Stadtteile."""
    outline = _stadtteile(session, region)
    pins = _pins(carried.offers)
    site = of_region(region, locale)
    shown = [(lat, lon) for _numbers, lon, lat in pins] or _corners(outline)
    chart = _chart(outline, pins, shown, site.accent)
    return _assembled(chart, _text(session, region, carried, locale, live_url), carried.title, site, locale)


def _stadtteile(session: Session, region: Region) -> dict[str, Any]:
    """Return the outlines that residents know, as GeoJSON."""
    known = ((one.slug, one.resident_level) for one in spaces.divisions(session, region))
    division, level = next(((slug, level) for slug, level in known if level is not None), ("", None))
    text = outlines.geojson(session, region, division=division, level=level, tolerance_metres=20)
    outline: dict[str, Any] = json.loads(text)
    return outline


def _chart(outline: dict[str, Any], pins: list[Pin], shown: list[tuple[float, float]], accent: str) -> _Alone:
    """Return the map that shows all these points (latitude, longitude)."""
    chart = _Alone(maxZoom=18, zoomControl=True, attributionControl=False)
    if shown:
        # A single pin says most with the streets around it, which are not here: leave it its Stadtteil.
        chart.fit_bounds([_south_west(shown), _north_east(shown)], padding=(24, 24), max_zoom=CLOSEST)
    style = {"color": accent, "weight": 2, "fillColor": accent, "fillOpacity": 0.08}
    for feature in outline["features"]:
        # The polygon alone: whatever stands in properties would be run as HTML by a tooltip.
        folium.GeoJson({**feature, "properties": {}}, style_function=lambda _feature: style).add_to(chart)
    for numbers, lon, lat in pins:
        folium.Marker((lat, lon), icon=_pin(numbers)).add_to(chart)
    return chart


def _text(session: Session, region: Region, carried: Carried, locale: str, live_url: str) -> str:
    return (
        environment(locale)
        .get_template("takeaway.html")
        .render(
            **carried._asdict(),
            region=region,
            sources=sources.of_region(session, region),
            today=clock.today(region.timezone),
            live_url=live_url,
        )
    )


def _assembled(chart: folium.Map, text: str, title: str, site: Site, locale: str) -> str:
    figure = Figure()
    figure._template = Template(  # noqa: SLF001 - branca's own way to another page frame
        """<!DOCTYPE html>
<html lang="{{ this.language.tag }}" dir="{{ this.language.direction }}">
<head>
<meta http-equiv="Content-Security-Policy" content="{{ this.policy }}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ this.page_title }}</title>
{{ this.header.render(**kwargs) }}
<style>{{ this.style }}</style>
</head>
<body>
{{ this.html.render(**kwargs) }}
{{ this.text }}
<script>{{ this.script.render(**kwargs) }}</script>
</body>
</html>
"""
    )
    # Our words enter here, once and last: what stands in a branca element is run through Jinja a second time.
    rules = (Path(__file__).parent / "static" / "css" / "takeaway.css").read_text(encoding="utf-8")
    style = f":root {{ --accent: {site.accent}; }}\n{rules}"
    title = f"{title} – {site.short}"
    language = LANGUAGES[locale]
    vars(figure).update(page_title=escape(title), language=language, policy=POLICY, style=style, text=text)
    figure.add_child(chart)
    return str(figure.render())


def _corners(outline: dict[str, Any]) -> list[tuple[float, float]]:
    """Return latitude and longitude of every corner."""
    return [(lat, lon) for feature in outline["features"] for lon, lat in _positions(feature["geometry"])]


def _south_west(points: list[tuple[float, float]]) -> tuple[float, float]:
    return min(lat for lat, _lon in points), min(lon for _lat, lon in points)


def _north_east(points: list[tuple[float, float]]) -> tuple[float, float]:
    return max(lat for lat, _lon in points), max(lon for _lat, lon in points)


def _positions(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """Yield the positions of a Polygon or MultiPolygon."""
    coordinates = geometry["coordinates"]
    for polygon in coordinates if geometry["type"] == "MultiPolygon" else [coordinates]:
        for ring in polygon:
            yield from ring


def _pins(found: Sequence[tuple[int, OfferSummary]]) -> list[Pin]:
    """Return the numbers of the offers at each point, with its longitude and latitude."""
    numbers: dict[tuple[float, float], list[int]] = defaultdict(list)
    for number, offer in found:
        for place in offer.places:
            if place.matches and place.lon is not None and place.lat is not None:
                numbers[place.lon, place.lat].append(number)
    return [(here, lon, lat) for (lon, lat), here in numbers.items()]


def _pin(numbers: list[int]) -> folium.DivIcon:
    more = f" +{len(numbers) - 1}" if len(numbers) > 1 else ""
    return folium.DivIcon(
        html=f'<a class="pin" href="#angebot-{numbers[0]}">{numbers[0]}{more}</a>',
        icon_size=(PIN, PIN),
        icon_anchor=(PIN // 2, PIN // 2),
        class_name="pin-frame",
    )
