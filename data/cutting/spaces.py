"""Cuts the spaces: three levels of LOR, postcode areas, and the communes of Kreis Unna."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from . import geometry
from .geometry import Area, Ring

DISTRICT = "11"  # Lichtenberg: LOR codes begin with the number of the district
LOR = Path("lichtenberg/spaces")
LEVELS = {
    "prognoseraeume": "berlin-lor-forecast-areas-until-2020.geojson",
    "bezirksregionen": "berlin-lor-district-regions-until-2020.geojson",
    "planungsraeume": "berlin-lor-planning-areas-until-2020.geojson",
}
POSTCODES = LOR / "berlin_postleitzahlen.topojson"
POSTCODES_OBJECT = "berlin_postleitzahlen"
# Postcode areas with less of their area in Lichtenberg only touch its border: they have at most 3.5 % there,
# the twelve that belong have at least 92 %.
LEAST_SHARE = 0.05

# Official municipality keys (AGS) of the communes of Kreis Unna.
UNNA_KEYS = {
    "Bergkamen": "05978004",
    "Bönen": "05978008",
    "Fröndenberg/Ruhr": "05978012",
    "Holzwickede": "05978016",
    "Kamen": "05978020",
    "Lünen": "05978024",
    "Schwerte": "05978028",
    "Selm": "05978032",
    "Unna": "05978036",
    "Werne": "05978040",
}

Feature = dict[str, Any]


def lor_level(raw: Path, level: str) -> list[Feature]:
    """Cut one LOR level to the areas of Lichtenberg, ordered by code, with id and name only."""
    features = json.loads((raw / LOR / LEVELS[level]).read_text("utf-8"))["features"]
    kept = [one for one in features if one["properties"]["id"].startswith(DISTRICT)]
    named = [(one, one["properties"]) for one in kept]
    return sorted((_feature(one, known["id"], known["name"]) for one, known in named), key=_code)


def communes(raw: Path) -> list[Feature]:
    """Cut the ten communes of Kreis Unna and take "(Stadt)" and "(Gemeinde)" off their names."""
    features = json.loads((raw / "kreis-unna/unna.geojson").read_text("utf-8"))["features"]
    named = [(one, one["properties"]["name"].partition(" (")[0]) for one in features]
    return sorted((_feature(one, UNNA_KEYS[name], name) for one, name in named), key=_code)


def district(raw: Path) -> list[Area]:
    """Read Lichtenberg as the sum of its Planungsräume, unrounded."""
    features = json.loads((raw / LOR / LEVELS["planungsraeume"]).read_text("utf-8"))["features"]
    kept = [one for one in features if one["properties"]["id"].startswith(DISTRICT)]
    return [geometry.area_of(one["geometry"]) for one in kept]


def postcodes(
    raw: Path, lichtenberg: list[Area], addresses: list[tuple[geometry.Point, str]]
) -> dict[str, Any]:
    """Cut the postcode areas that lie in Lichtenberg, whole, to a topology with only the arcs they need.

    The published file has lost the postcodes themselves: each area gets the postcode that most of the
    addresses (point, postcode) in it have.
    """
    topology = json.loads((raw / POSTCODES).read_text("utf-8"))
    arcs = _decoded(topology)
    kept: list[tuple[str, dict[str, Any]]] = []
    for shape in topology["objects"][POSTCODES_OBJECT]["geometries"]:
        one = geometry.area(_ring(indexes, arcs) for indexes in shape["arcs"])
        if geometry.share_within(one, lichtenberg) >= LEAST_SHARE:
            kept.append((_postcode(one, addresses), shape))
    return _smaller(topology, sorted(kept, key=lambda pair: pair[0]))


def collection(features: list[Feature], **members: str) -> str:
    """Write a GeoJSON FeatureCollection with one feature a line, so that changes can be read."""
    head = "".join(f'"{name}":{json.dumps(text, ensure_ascii=False)},' for name, text in members.items())
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    return f'{{"type":"FeatureCollection",{head}"features":[\n{lines}\n]}}\n'


def _feature(source: Feature, code: str, name: str) -> Feature:
    shape = source["geometry"]
    return {
        "type": "Feature",
        "properties": {"id": code, "name": name},
        "geometry": {"type": shape["type"], "coordinates": geometry.rounded(shape["coordinates"])},
    }


def _code(feature: Feature) -> str:
    code: str = feature["properties"]["id"]
    return code


def _decoded(topology: dict[str, Any]) -> list[Ring]:
    """Arcs as (lon, lat): quantized steps added up, scaled and moved (TopoJSON 2.1.3)."""
    (scale_lon, scale_lat), (west, south) = (topology["transform"][key] for key in ("scale", "translate"))
    arcs: list[Ring] = []
    for steps in topology["arcs"]:
        column = row = 0
        arc: Ring = []
        for right, up in steps:
            column, row = column + right, row + up
            arc.append((column * scale_lon + west, row * scale_lat + south))
        arcs.append(arc)
    return arcs


def _ring(indexes: list[int], arcs: list[Ring]) -> Ring:
    """Arcs joined to a ring; ~i is arc i backwards, and each arc begins where the last one ended."""
    ring: Ring = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring


def _postcode(one: Area, addresses: list[tuple[geometry.Point, str]]) -> str:
    votes = Counter(postcode for point, postcode in addresses if geometry.inside(point, [one]))
    return votes.most_common(1)[0][0]


def _smaller(topology: dict[str, Any], kept: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Keep these shapes and renumber their arcs; the arcs themselves stay as published."""
    used = sorted({i if i >= 0 else ~i for _, shape in kept for ring in shape["arcs"] for i in ring})
    place = {old: new for new, old in enumerate(used)}
    shapes = [
        {
            "type": shape["type"],
            "properties": {"plz": postcode},
            "arcs": [[place[i] if i >= 0 else ~place[~i] for i in ring] for ring in shape["arcs"]],
        }
        for postcode, shape in kept
    ]
    return {
        "type": "Topology",
        "objects": {POSTCODES_OBJECT: {"type": "GeometryCollection", "geometries": shapes}},
        "arcs": [topology["arcs"][old] for old in used],
        "transform": topology["transform"],
    }
