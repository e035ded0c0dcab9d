"""What an import did, row by row: for people in a terminal, and as JSON for programs."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from importers.record import Entry

# In the order in which the report counts them. Every row of the file is in exactly one of ROWS.
ROWS = {
    "new": "neu",
    "changed": "geändert",
    "unchanged": "unverändert",
    "linked": "mit einem vorhandenen Angebot verbunden",
    "proposed": "als Vorschlag zur Entscheidung",
    "skipped": "ausgelassen",
    "failed": "nicht übernommen",
}
BESIDES = {
    "kept": "Felder, die ein Mensch geändert hat und die so bleiben",
    "gone": "nicht mehr in der Datei",
    "source_changed": "Quelle geändert",
}
DETAILS = {
    "failed": "Nicht übernommen",
    "skipped": "Ausgelassen",
    "proposed": "Zur Entscheidung vorgeschlagen",
    "linked": "Verbunden",
    "kept": "Von Menschen geändert, bleibt so",
    "gone": "Nicht mehr in der Datei",
    "source_changed": "Quelle geändert",
    "changed": "Geändert",
    "dropped": "Einzelne Angaben weggelassen",
    "unread": "Zeiten, die wir nicht verstehen; sie stehen als Text beim Angebot",
    "note": "Hinweise",
}
MASKED = "(verborgen)"
STORED = 1_000  # remarks of each kind that are kept with the batch; the counts tell of all


@dataclass(frozen=True)
class Line:
    """One remark on one row."""

    number: int | None
    key: str
    what: str
    field: str
    reason: str


@dataclass
class Report:
    """Counts and remarks of one import."""

    file: str
    source: str = ""
    dry_run: bool = False
    batch_id: int | None = None
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*ROWS, *BESIDES), 0))
    rows: list[Line] = field(default_factory=list)
    without_point: int = 0  # offers that are in no space and not on the map, though people could go there
    masks_keys: bool = False  # keys of hidden places would tell their address

    def count(self, what: str) -> None:
        """Count one row, or one field that is kept, or one key that is gone."""
        self.counts[what] += 1

    def say(self, entry: Entry, what: str, reason: str, field: str = "") -> None:
        """Add a remark on a row."""
        unsure = entry.hidden or entry.record is None
        key = MASKED if unsure and self.masks_keys else entry.key
        self.rows.append(Line(entry.number, key, what, field, reason))

    def say_of_key(self, key: str, what: str, reason: str) -> None:
        """Add a remark on a key that has no row in this file."""
        self.rows.append(Line(None, MASKED if self.masks_keys else key, what, "", reason))

    def say_of_source(self, slug: str, field: str, before: object, now: object) -> None:
        """Add a remark on something that the source now says about itself."""
        reason = f"bisher „{before}“, jetzt „{now}“"
        self.rows.append(Line(None, slug, "source_changed", field, reason))

    def add(self, part: "Report") -> None:
        """Add what was said of some of the rows."""
        for what, number in part.counts.items():
            self.counts[what] += number
        self.rows += part.rows

    def in_order(self, start: int) -> None:
        """Put the remarks from a position on into the order of the rows."""
        self.rows[start:] = sorted(self.rows[start:], key=lambda line: line.number or 0)

    def problems(self, entry: Entry) -> None:
        """Add a remark for each problem of a row."""
        for problem in entry.problems:
            said = f"{problem.reason}: „{problem.value}“" if problem.value else problem.reason
            what = "failed" if problem.fatal else "unread" if problem.stays else "dropped"
            self.say(entry, what, said, problem.field)
        for note in entry.notes:
            self.say(entry, "note", note.reason, note.field)

    @property
    def total(self) -> int:
        """Return how many rows the file has."""
        return sum(self.counts[what] for what in ROWS)

    @property
    def failed(self) -> bool:
        """Return whether a row could not be taken."""
        return self.counts["failed"] > 0

    def summary(self) -> str:
        """Return the counts in one German line."""
        said = [f"{self.counts[what]} {word}" for what, word in ROWS.items() if self.counts[what]]
        said += [f"{self.counts[what]} {word}" for what, word in BESIDES.items() if self.counts[what]]
        return f"{self.total} Zeilen: {', '.join(said) or 'nichts'}"

    def text(self) -> str:
        """Return the whole report in German."""
        lines = [f"{self.file} → {self.source}", self.summary()]
        if self.dry_run:
            lines.append("Probelauf: Es wurde nichts gespeichert.")
        elif self.batch_id is not None:
            lines.append(
                f"Gespeichert als Import {self.batch_id}. Zurücknehmen: make undo batch={self.batch_id}"
            )
        else:
            lines.append("Es gab nichts zu speichern.")
        if self.without_point:
            lines.append(_missing_points(self.without_point))
        for what, heading in DETAILS.items():
            remarks = [row for row in self.rows if row.what == what]
            if remarks:
                lines += ["", f"{heading}:", *map(_line, remarks)]
        return "\n".join(lines)

    def json(self) -> str:
        """Return the whole report as a JSON object."""
        return json.dumps(
            {
                "file": self.file,
                "source": self.source,
                "dry_run": self.dry_run,
                "batch": self.batch_id,
                "total": self.total,
                **self.counts,
                "without_point": self.without_point,
                "rows": self.lines(),
            },
            ensure_ascii=False,
            indent=1,
        )

    def lines(self, most: int | None = None) -> list[dict[str, object]]:
        """Return the remarks as JSON, of each kind only the first ones if so many are enough."""
        kept: Counter[str] = Counter()
        lines = []
        for row in self.rows:
            kept[row.what] += 1
            if most is None or kept[row.what] <= most:
                lines.append(asdict(row))
        return lines


def merged(reports: Iterable[Report]) -> dict[str, int]:
    """Return the sums of several reports."""
    sums = dict.fromkeys((*ROWS, *BESIDES), 0)
    for report in reports:
        for what, number in report.counts.items():
            sums[what] += number
    return sums


def _missing_points(number: int) -> str:
    if number == 1:
        start = "1 Angebot hat keine Koordinate. Es steht"
    else:
        start = f"{number} Angebote haben keine Koordinate. Sie stehen"
    return f"{start} in der Liste, aber in keinem Stadtteil und nicht auf der Karte."


def _line(row: Line) -> str:
    where = f"Zeile {row.number}" if row.number is not None else "–"
    field = f"{row.field}: " if row.field else ""
    return f"  {where} ({row.key or 'ohne Schlüssel'}): {field}{row.reason}"
