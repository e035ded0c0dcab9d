"""A list of offers that comes in anew in every round: most rows have changed, some are new, some are gone."""

from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session, col, select

from api.history.models import ImportBatch
from api.sources.models import Source, SourceRecord
from importers.existing import known
from importers.report import ROWS

COLUMNS = ("id", "name", "summary", "description", "street", "postcode", "lon", "lat", "phone", "stand")
FIELDS = "\n".join(f'{name} = "{name}"' for name in COLUMNS if name not in ("id", "stand"))
MAPPING = f"""
[source]
slug = "liste"
region = "unna"
title = "Liste"
publisher = "Amt für Beispiele"
licence = "CC0-1.0"
attribution = "Amt für Beispiele"
trust = "apply"
[file]
format = "csv"
key = ["id"]
[fields]
{FIELDS}
[defaults]
topics = ["freizeit"]
"""


@dataclass(frozen=True)
class Liste:
    """The list as it stands in one round."""

    number: int
    length: int = 100

    @property
    def name(self) -> str:
        """The file's name."""
        return f"liste-{self.number}.csv"

    def write(self, folder: Path) -> tuple[str, ...]:
        """Write the file and its mapping into a folder and return the words after `python -m`."""
        file, mapping = folder / self.name, folder / "liste.toml"
        first = self.number * 10
        lines = [self._row(key) for key in range(first, first + self.length)]
        file.write_text("\n".join([";".join(COLUMNS), *lines]) + "\n")
        mapping.write_text(MAPPING)
        return ("importers", str(file), "--mapping", str(mapping))

    def _row(self, key: int) -> str:
        lon, lat = 7.65 + key % 15 / 100, 51.5 + key % 10 / 100
        cells = (key, f"Liste {key}", f"Stand {self.number}", "", f"Musterweg {key}", "59423", lon, lat)
        return ";".join(map(str, (*cells, f"02303 {key}", self.number)))

    def is_there(self, session: Session) -> bool:
        """Return whether the list is in the database; fail if only some of it is."""
        batches = session.scalars(select(ImportBatch).where(ImportBatch.file_name == self.name)).all()
        source = session.scalars(select(Source).where(Source.slug == "liste")).first()
        stand = col(SourceRecord.raw)["stand"].astext
        rows = session.scalars(select(SourceRecord).where(stand == str(self.number))).all()
        if not batches:
            assert rows == [], f"{self.name}: {len(rows)} rows without an import"
            return False
        (batch,) = batches
        counts = {what: batch.counts[what] for what in ROWS}
        assert counts["failed"] == 0, batch.report
        assert sum(counts.values()) == len(rows) == self.length, f"{self.name}: {counts}, {len(rows)} rows"
        assert source is not None
        for key, there in known(session, source.id, [row.key for row in rows]).items():
            if there.record.raw["stand"] == str(self.number):
                present = there.present()
                assert present["summary"] == f"Stand {self.number}", f"row {key}: {present}"
                assert (present["street"], present["phone"]) == (f"Musterweg {key}", f"02303 {key}")
        return True
