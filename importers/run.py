"""What is imported, and what the rows of one file share while they go in."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlmodel import Session

from api.history.service import Act
from api.offers.slugs import Slugs
from api.sources.models import Source
from importers import readers
from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.mapping import Mapping, read_mapping
from importers.proposals import Proposals
from importers.readers.row import Row
from importers.report import Report

ACTOR = "import"
PIECE = 1024**2  # bytes


@dataclass(frozen=True)
class Job:
    """A file with its mapping; origin is the mapping's name in messages.

    found can be iterated more than once: an import that got into another's way begins anew.
    """

    found: Iterable[Row]
    mapping: Mapping
    origin: str
    file_name: str
    fingerprint: str
    actor: str = ACTOR


@dataclass(frozen=True)
class _InFile:
    """The rows of a file, read whenever they are asked for and never held as a whole."""

    file: Path
    table: FileTable

    def __iter__(self) -> Iterator[Row]:
        """Read the file, or raise UnusableError."""
        return readers.stream(self.file, self.table)


@dataclass
class Run:
    """One file on its way into one region."""

    session: Session
    act: Act
    mapping: Mapping
    source: Source
    report: Report
    proposals: Proposals
    slugs: Slugs
    is_first: bool  # nothing of this source was there before
    # Ids of offers with several rows, by the key they share.
    groups: dict[str, int] = field(default_factory=dict)

    @property
    def only_proposes(self) -> bool:
        """Return whether the source is not trusted to change anything itself."""
        return self.mapping.source.trust == "propose"

    def attempt(self) -> "Run":
        """Return the same run to try something with that may have to be taken back."""
        report = Report(self.report.file, masks_keys=self.report.masks_keys)
        return replace(self, report=report, proposals=self.proposals.attempt(), groups=dict(self.groups))

    def adopt(self, attempt: "Run") -> None:
        """Take over what has worked."""
        self.report.add(attempt.report)
        self.proposals, self.groups = attempt.proposals, attempt.groups
        self.slugs.keep()


def prepare(file: Path, mapping_path: Path, actor: str = ACTOR) -> Job:
    """Return a file that is there with its mapping, or raise UnusableError."""
    mapping = read_mapping(mapping_path)
    mark = fingerprint(file, mapping)
    return Job(_InFile(file, mapping.file), mapping, str(mapping_path), file.name, mark, actor)


def fingerprint(file: Path, mapping: Mapping) -> str:
    """Return the SHA-256 over what the mapping says (not its comments) and the file, in hexadecimal."""
    digest = hashlib.sha256(mapping.model_dump_json(exclude_defaults=True).encode())
    try:
        for part in sorted(file.glob("*.csv")) if file.is_dir() else [file]:
            with part.open("rb") as opened:
                while piece := opened.read(PIECE):
                    digest.update(piece)
    except OSError as error:
        raise UnusableError(f"{file}: Die Datei lässt sich nicht lesen ({error.strerror}).") from error
    return digest.hexdigest()
