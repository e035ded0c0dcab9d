"""Cuts the demo data from a folder of raw files: python data/cut_lichtenberg.py RAW_FOLDER.

Writes the same bytes every time. The examples (beispiele.json), mappings and region files are written by
hand and left alone. What comes from where, under which licence, is told in data/README.md.
"""

import argparse
import json
from pathlib import Path

from cutting import offers, spaces
from cutting.geometry import Area
from cutting.offers import Cut

DATA = Path(__file__).parent
BKG_SOURCE = "© GeoBasis-DE / BKG 2013 (Daten verändert)"


def main() -> None:
    """Cut spaces and offers and say how many rows were taken and left out."""
    parser = argparse.ArgumentParser(description="Cut the demo data from a folder of raw files.")
    parser.add_argument("raw", type=Path, help="folder with lichtenberg/, kreis-unna/ and samples/")
    raw: Path = parser.parse_args().raw
    lichtenberg = spaces.district(raw)
    cut_spaces(raw, lichtenberg)
    cut_offers(raw, lichtenberg)


def cut_spaces(raw: Path, lichtenberg: list[Area]) -> None:
    """Write the spaces of both regions."""
    for level in spaces.LEVELS:
        features = spaces.lor_level(raw, level)
        _write(f"lichtenberg/spaces/{level}.geojson", spaces.collection(features), len(features))
    topology = spaces.postcodes(raw, lichtenberg, offers.addresses(raw))
    areas = len(topology["objects"][spaces.POSTCODES_OBJECT]["geometries"])
    text = json.dumps(topology, ensure_ascii=False, separators=(",", ":")) + "\n"
    _write("lichtenberg/spaces/postleitzahlen.topojson", text, areas)
    communes = spaces.communes(raw)
    _write("unna/spaces/gemeinden.geojson", spaces.collection(communes, source=BKG_SOURCE), len(communes))


def cut_offers(raw: Path, lichtenberg: list[Area]) -> None:
    """Write the located real offers of Lichtenberg, one file for each source."""
    files: dict[str, Cut] = {}
    for name in offers.BOROUGH:
        files[f"{name}.json"] = offers.borough(raw, name, lichtenberg)
    files["kitas.csv"] = offers.day_care(raw, lichtenberg)
    for name in offers.OSM:
        files[f"{name}.csv"] = offers.osm(raw, name, lichtenberg)
    for file, cut in files.items():
        _write(f"lichtenberg/offers/{file}", cut.text, cut.rows)
        for reason, count in sorted(cut.left_out.items()):
            print(f"{'':>44} {count:>5} left out: {reason}")
    print(f"{'offers in all':<44} {sum(cut.rows for cut in files.values()):>5}")


def _write(path: str, text: str, rows: int) -> None:
    target = DATA / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8", newline="\n")
    print(f"{path:<44} {rows:>5}")


if __name__ == "__main__":
    main()
