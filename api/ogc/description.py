"""The description of it all (OpenAPI 3.0): each collection by its own path, each property by its name."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel

from api.ogc.collections import OFFERS, Collection
from api.ogc.links import GEOJSON, HTML, JSON, MVT, OPENAPI, Site
from api.ogc.questions import (
    FeatureQuestion,
    OffersQuestion,
    OfferTileQuestion,
    Question,
    SpacesQuestion,
    SpaceTileQuestion,
    TilesetQuestion,
)
from api.ogc.tiling import FINEST, MATRIX_SET
from api.regions.models import Region
from api.regions.schemas import RegionQuery

Document = dict[str, Any]

_OBJECT: Final[Document] = {"type": "object"}
_PROBLEM: Final[Document] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_FEATURE: Final[Document] = {
    "type": "object",
    "required": ["type", "geometry", "properties"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {"type": "object", "nullable": True},
        "properties": {"type": "object", "nullable": True},
        "links": {"type": "array", "items": _OBJECT},
    },
}
_FEATURES: Final[Document] = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": {"$ref": "#/components/schemas/Feature"}},
        "links": {"type": "array", "items": _OBJECT},
        "timeStamp": {"type": "string", "format": "date-time"},
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
    },
}


def describe(site: Site, region: Region, found: Sequence[Collection]) -> Document:
    """Return the description for a region with these collections."""
    paths = {
        "/": _get("getLandingPage", "The way in", Question),
        "/conformance": _get("getConformance", "What of the standards is kept", Question),
        "/api": _get("getDescription", "This description", RegionQuery, {OPENAPI: _OBJECT}),
        "/collections": _get("listCollections", "All collections", Question),
        "/tileMatrixSets": _get("listTileMatrixSets", "The matrix sets of tiles", Question),
        f"/tileMatrixSets/{MATRIX_SET}": _get("getTileMatrixSet", "The matrix set of tiles", Question),
    }
    for number, one in enumerate(found):
        paths |= _of_collection(one, f"Of{number}")
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"Unterstützungs-Landkarte: {region.name}",
            "version": "1",
            "description": "Open data as OGC API – Features and as vector tiles: no key, no sign-in.",
        },
        "servers": [{"url": site.base}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM, "Feature": _FEATURE, "Features": _FEATURES},
            "responses": {
                "Refused": {
                    "description": "A parameter does not fit or is not known, or nothing is here",
                    "content": {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    },
                }
            },
        },
    }


def _of_collection(one: Collection, name: str) -> Document:
    is_offers = one.id == OFFERS
    path, title = f"/collections/{one.id}", one.title
    items, tiles = (OffersQuestion, OfferTileQuestion) if is_offers else (SpacesQuestion, SpaceTileQuestion)
    many, single = (
        {GEOJSON: {"schema": {"$ref": f"#/components/schemas/{kind}"}}} for kind in ("Features", "Feature")
    )
    tile = [
        {
            "name": part,
            "in": "path",
            "required": True,
            "description": f"Below 2 to the zoom; zooms 0 to {FINEST}",
            "schema": {"type": "integer", "minimum": 0},
        }
        for part in ("tileMatrix", "tileRow", "tileCol")
    ]
    feature = {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
    text = {HTML: {"schema": {"type": "string"}}}
    binary = {MVT: {"schema": {"type": "string", "format": "binary"}}}
    return {
        path: _get(f"getCollection{name}", title, Question),
        f"{path}/items": _get(f"listFeatures{name}", title, items, many | text),
        f"{path}/items/{{featureId}}": _get(
            f"getFeature{name}", title, FeatureQuestion, single | text, more=[feature]
        ),
        f"{path}/tiles": _get(f"listTilesets{name}", title, Question),
        f"{path}/tiles/{MATRIX_SET}": _get(f"getTileset{name}", title, TilesetQuestion),
        f"{path}/tiles/{MATRIX_SET}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": _get(
            f"getTile{name}", title, tiles, binary, more=tile
        ),
    }


def _get(
    name: str,
    summary: str,
    question: type[BaseModel],
    content: Document | None = None,
    more: Sequence[Document] = (),
) -> Document:
    page = {JSON: {"schema": _OBJECT}, HTML: {"schema": {"type": "string"}}}
    answer = {"description": "As asked for", "content": content or page}
    refused = {"$ref": "#/components/responses/Refused"}
    responses: Document = {"200": answer}
    if content and MVT in content:
        responses["204"] = {"description": "Nothing lies in this tile"}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": [*more, *parameters(question)],
            "responses": {**responses, "400": refused, "404": refused, "default": refused},
        }
    }


def parameters(question: type[BaseModel]) -> list[Document]:
    """Return the parameters of a question, as OpenAPI 3.0 says them."""
    schema = question.model_json_schema()
    known = schema.get("$defs", {})
    return [_parameter(name, said, known) for name, said in schema["properties"].items()]


def _parameter(name: str, said: Document, known: Document) -> Document:
    # A query can leave a parameter out but cannot say null, and no reader of 3.0 knows $defs.
    kind = next((one for one in said.get("anyOf", []) if one.get("type") != "null"), said)
    if "$ref" in kind:
        kind = known[kind["$ref"].rpartition("/")[2]]
    plain = {
        key: value
        for key, value in kind.items()
        if key not in {"title", "description", "default", "examples"}
    }
    default = said.get("default")
    if isinstance(default, dict):  # a reference system
        default = default["uri"]
    found = {"name": name, "in": "query", "required": False, "description": said.get("description", "")}
    if plain.get("type") == "array":
        found |= {"style": "form", "explode": False}
    return {**found, "schema": {**plain, "default": default} if default is not None else plain}
