"""The real topics and audiences, as made-up offers carry them."""

from dataclasses import dataclass
from typing import Final, Self

from api.core.build import ROOT
from importers.strict import read_toml
from importers.taxonomy import AudiencesFile, TopicsFile

FOLDER: Final = ROOT / "data" / "taxonomy"


@dataclass(frozen=True)
class Vocabulary:
    """Topics as slug and German name, and slugs of audiences."""

    topics: list[tuple[str, str]]
    audiences: list[str]

    @classmethod
    def read(cls) -> Self:
        """Return what data/taxonomy says."""
        topics = read_toml(FOLDER / "topics.toml", TopicsFile).topics
        audiences = read_toml(FOLDER / "audiences.toml", AudiencesFile).audiences
        terms = [term for parent in topics for term in (parent, *parent.children)]
        return cls([(term.slug, term.de) for term in terms], [group.slug for group in audiences])
