"""What tells of the features: landing page, conformance, collections, sets of tiles."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from api.ogc.collections import OFFERS, Collection
from api.ogc.links import GEOJSON, HTML, JSON, MVT, OPENAPI, Site
from api.ogc.systems import CRS84, SYSTEMS
from api.ogc.tiling import FINEST, MATRIX_SET, URI
from api.regions.models import Region

Document = dict[str, Any]

_SPEC: Final = "http://www.opengis.net/spec/"
CONFORMS_TO: Final = [
    *(f"{_SPEC}ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "html", "geojson")),
    f"{_SPEC}ogcapi-features-2/1.0/conf/crs",
    *(f"{_SPEC}ogcapi-tiles-1/1.0/conf/{name}" for name in ("core", "tileset", "tilesets-list", "mvt")),
]
TILES_OF: Final = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
SCHEMES: Final = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
SCHEME: Final = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
_TILE: Final = f"tiles/{MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"


def landing(site: Site, region: Region, said: Mapping[str, str]) -> Document:
    """Return the way in."""
    return {
        "title": f"Unterstützungs-Landkarte: {region.name}",
        "description": "Angebote und Räume als OGC API – Features und als Vektorkacheln, ohne Schlüssel.",
        "links": [
            *site.both("/", said),
            site.link("service-desc", "/api", OPENAPI, title="Beschreibung (OpenAPI 3.0)"),
            site.link("conformance", "/conformance", JSON, title="Erfüllte Standards"),
            site.link("data", "/collections", JSON, title="Sammlungen"),
            site.link(SCHEMES, "/tileMatrixSets", JSON, title="Kachelraster"),
        ],
    }


def conformance(site: Site, said: Mapping[str, str]) -> Document:
    """Return what of the standards is kept."""
    return {"conformsTo": CONFORMS_TO, "links": site.both("/conformance", said)}


def collections(site: Site, found: Sequence[Collection], said: Mapping[str, str]) -> Document:
    """Return all collections."""
    return {
        "links": site.both("/collections", said),
        "crs": list(SYSTEMS),
        "collections": [collection(site, one, {}) for one in found],
    }


def collection(site: Site, one: Collection, said: Mapping[str, str]) -> Document:
    """Return a collection: what it holds, where and when."""
    path = f"/collections/{one.id}"
    extent: Document = {}
    if one.bbox is not None:
        extent["spatial"] = {"bbox": [list(one.bbox)], "crs": CRS84.uri}
    if any(one.days):
        extent["temporal"] = {
            "interval": [[_instant(one.days[0], "00:00:00"), _instant(one.days[1], "23:59:59")]]
        }
    return {
        "id": one.id,
        "title": one.title,
        "description": one.description,
        **({"extent": extent} if extent else {}),
        "itemType": "feature",
        "crs": list(SYSTEMS),
        "storageCrs": CRS84.uri,
        "links": [
            *site.both(path, said),
            site.link("items", f"{path}/items", GEOJSON, title="Objekte"),
            site.link("items", f"{path}/items", HTML, {"f": "html"}, "Objekte als Seite"),
            site.link(TILES_OF, f"{path}/tiles", JSON, title="Vektorkacheln"),
        ],
    }


def tilesets(site: Site, one: Collection, said: Mapping[str, str]) -> Document:
    """Return the sets of tiles of a collection: there is one."""
    path = f"/collections/{one.id}/tiles"
    entry = _tileset(one)
    entry["links"] = [site.link("self", f"{path}/{MATRIX_SET}", JSON, title="Kachelsatz")]
    return {"links": site.both(path, said), "tilesets": [entry]}


def tileset(site: Site, one: Collection, said: Mapping[str, str]) -> Document:
    """Return a set of tiles."""
    path = f"/collections/{one.id}/tiles/{MATRIX_SET}"
    template = site.link("item", f"/collections/{one.id}/{_TILE}", MVT, title="Kachel")
    return {
        **_tileset(one),
        "layers": [{"id": one.id, "dataType": "vector", "geometryDimension": 0 if one.id == OFFERS else 2}],
        **({"boundingBox": _box(one.bbox)} if one.bbox else {}),
        "links": [
            *site.both(path, said),
            site.link("alternate", path, JSON, {"f": "tilejson"}, "TileJSON"),
            site.link(SCHEME, f"/tileMatrixSets/{MATRIX_SET}", JSON, title="Kachelraster"),
            {**template, "templated": True},
        ],
    }


def tilejson(site: Site, one: Collection, fields: Sequence[str]) -> Document:
    """Return a set of tiles as TileJSON 3.0."""
    address = site.at(f"/collections/{one.id}/tiles/{MATRIX_SET}/{{z}}/{{y}}/{{x}}")
    return {
        "tilejson": "3.0.0",
        "name": one.title,
        "description": one.description,
        "tiles": [address],
        "minzoom": 0,
        "maxzoom": FINEST,
        **({"bounds": list(one.bbox)} if one.bbox else {}),
        "vector_layers": [{"id": one.id, "fields": dict.fromkeys(fields, "")}],
    }


def matrix_sets(site: Site, said: Mapping[str, str]) -> Document:
    """Return the matrix sets that tiles come in: there is one."""
    link = site.link("self", f"/tileMatrixSets/{MATRIX_SET}", JSON, title="Kachelraster")
    entry = {"id": MATRIX_SET, "uri": URI, "links": [link]}
    return {"links": site.both("/tileMatrixSets", said), "tileMatrixSets": [entry]}


def _tileset(one: Collection) -> Document:
    return {
        "title": one.title,
        "dataType": "vector",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "tileMatrixSetURI": URI,
    }


def _box(bbox: Sequence[float]) -> Document:
    return {"lowerLeft": list(bbox[:2]), "upperRight": list(bbox[2:]), "crs": CRS84.uri}


def _instant(day: date | None, time: str) -> str | None:
    return f"{day}T{time}Z" if day else None
