"""What is imported, and what the rows of one file share while they go in."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session

from api.history.service import Act
from api.offers.models import Offer
from api.sources.models import Source
from importers import readers
from importers.errors import UnusableError
from importers.existing import Known
from importers.mapping import Mapping, read_mapping
from importers.proposals import Proposals
from importers.readers.row import Row
from importers.report import Report

ACTOR = "import"


@dataclass(frozen=True)
class Job:
    """A file with its mapping, read and ready; origin is the mapping's name in messages."""

    found: list[Row]
    mapping: Mapping
    origin: str
    file_name: str
    fingerprint: str
    actor: str = ACTOR


@dataclass
class Run:
    """One file on its way into one region."""

    session: Session
    act: Act
    mapping: Mapping
    source: Source
    report: Report
    proposals: Proposals
    known: dict[str, Known]
    # Offers with several rows, by the key they share.
    groups: dict[str, Offer] = field(default_factory=dict)

    @property
    def only_proposes(self) -> bool:
        """Return whether the source is not trusted to change anything itself."""
        return self.mapping.source.trust == "propose"


def prepare(file: Path, mapping_path: Path, actor: str = ACTOR) -> Job:
    """Read a file and its mapping, or raise UnusableError."""
    mapping = read_mapping(mapping_path)
    found = readers.read(file, mapping.file)
    return Job(found, mapping, str(mapping_path), file.name, fingerprint(file, mapping), actor)


def fingerprint(file: Path, mapping: Mapping) -> str:
    """Return the SHA-256 over what the mapping says (not its comments) and the file, in hexadecimal."""
    digest = hashlib.sha256(mapping.model_dump_json().encode())
    try:
        for part in sorted(file.glob("*.csv")) if file.is_dir() else [file]:
            digest.update(part.read_bytes())
    except OSError as error:
        raise UnusableError(f"{file}: Die Datei lässt sich nicht lesen ({error.strerror}).") from error
    return digest.hexdigest()
