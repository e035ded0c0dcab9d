"""Backups of uMap: a map of layers, each a GeoJSON feature collection."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.readers import geojson
from importers.readers.json import document
from importers.readers.row import Row


def read(path: Path, table: FileTable) -> Iterator[Row]:
    """Yield the features of all layers; the name of the layer is the column "Ebene"."""
    found = document(path, table)
    layers = found.get("layers") if isinstance(found, dict) else None
    if not isinstance(layers, list):
        raise UnusableError(
            f"{path.name}: Das ist keine Sicherung von uMap. Dort bitte „Teilen und herunterladen“ und"
            " „Vollständige Sicherung“ wählen."
        )
    number = 0
    for layer in layers:
        # Old backups write the options without the line in front.
        options = layer.get("_umap_options") or layer.get("_storage") or {}
        for feature in layer.get("features") or []:
            number += 1
            if isinstance(feature, dict):
                row = geojson.row(number, feature, feature.get("geometry"))
                values = {name: value for name, value in row.values.items() if name != "_umap_options"}
                yield replace(row, values=values | {"Ebene": str(options.get("name") or "")})
            else:
                yield Row(number, problem="kein GeoJSON-Feature")
    if not number:
        linked = any(isinstance(layer.get("_umap_options", {}).get("remoteData"), dict) for layer in layers)
        where = " Ihre Ebenen laden Daten aus dem Netz; bitte diese einlesen." if linked else ""
        raise UnusableError(f"{path.name}: Die Karte hat keine Einträge.{where}")
