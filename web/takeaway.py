"""A Stadtteil as one file that opens without internet: Folium map, list and sources, nothing loaded."""

import base64
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import folium
from branca.element import Figure
from jinja2 import Template
from markupsafe import escape
from sqlmodel import Session

from api.core import clock
from api.offers import service as offers
from api.offers.schemas import OfferQuery, OfferSummary
from api.regions.models import Region
from api.sources import service as sources
from api.spaces import outlines
from api.spaces.schemas import SpaceRef
from web.rendering import environment

VENDOR = Path(__file__).parent / "static" / "vendor" / "leaflet-1.9.4"
MOST = 200
PIN = 44  # pixels, the smallest target a finger hits
STYLE = {"color": "#0b6a5d", "weight": 2, "fillColor": "#0b6a5d", "fillOpacity": 0.08}
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


def takeaway_map(session: Session, region: Region, space: SpaceRef, locale: str, live_url: str) -> str:
    """Return the file's text: the offers of a Stadtteil, with equal numbers on the map and in the list."""
    found = offers.find(session, region, OfferQuery(space=[space.key], per_page=MOST))
    text = outlines.geojson(session, region, key=space.key, tolerance_metres=5)
    outline = json.loads(text)
    chart = _Alone(maxZoom=18, zoomControl=True, attributionControl=False)
    chart.fit_bounds(_bounds(outline), padding=(24, 24))
    for feature in outline["features"]:
        # The polygon alone: whatever stands in properties would be run as HTML by a tooltip.
        folium.GeoJson({**feature, "properties": {}}, style_function=lambda _feature: STYLE).add_to(chart)
    for numbers, lon, lat in _pins(found.results):
        folium.Marker((lat, lon), icon=_pin(numbers)).add_to(chart)
    text = (
        environment(locale)
        .get_template("takeaway.html")
        .render(
            region=region,
            space=space,
            offers=list(enumerate(found.results, start=1)),
            total=found.total,
            sources=sources.of_region(session, region),
            today=clock.today(region.timezone),
            live_url=live_url,
        )
    )
    return _assembled(chart, text, title=f"{space.name} – {region.name}", locale=locale)


def _assembled(chart: folium.Map, text: str, title: str, locale: str) -> str:
    figure = Figure()
    figure._template = Template(  # noqa: SLF001 - branca's own way to another page frame
        """<!DOCTYPE html>
<html lang="{{ this.locale }}">
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
    style = (Path(__file__).parent / "static" / "css" / "takeaway.css").read_text(encoding="utf-8")
    vars(figure).update(page_title=escape(title), locale=locale, policy=POLICY, style=style, text=text)
    figure.add_child(chart)
    return str(figure.render())


def _bounds(outline: dict[str, Any]) -> list[tuple[float, float]]:
    points = [(lat, lon) for feature in outline["features"] for lon, lat in _positions(feature["geometry"])]
    return [
        (min(p[0] for p in points), min(p[1] for p in points)),
        (max(p[0] for p in points), max(p[1] for p in points)),
    ]


def _positions(geometry: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """Yield the positions of a Polygon or MultiPolygon."""
    coordinates = geometry["coordinates"]
    for polygon in coordinates if geometry["type"] == "MultiPolygon" else [coordinates]:
        for ring in polygon:
            yield from ring


def _pins(found: list[OfferSummary]) -> list[tuple[list[int], float, float]]:
    """Return the numbers of the offers at each point, with its longitude and latitude."""
    numbers: dict[tuple[float, float], list[int]] = defaultdict(list)
    for number, offer in enumerate(found, start=1):
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
