"""What every file says about itself: of which map, from which day, and on what terms it may be used."""

from datetime import date
from typing import Final, NamedTuple

from sqlmodel import Session

from api.core import clock
from api.core.text import slugify
from api.offers.schemas import OfferFilter
from api.regions.models import Region
from api.sources import service as sources
from api.sources.schemas import SourceOut
from api.spaces import service as spaces

SHEET: Final = "Angebote"
ABOUT: Final = "Hinweise"
EXAMPLES: Final = (
    "Was in „Erfundenes Beispiel“ mit „ja“ steht, gibt es nicht. Es zeigt nur, wie ein Eintrag aussieht."
)
HIDDEN: Final = "Verborgene Adressen (etwa von Schutzwohnungen) stehen in keiner Datei."
READ_BACK: Final = "Zum Einlesen in eine andere Landkarte gibt es Zuordnungsdateien: importers/mappings"


class Notes(NamedTuple):
    """Where a file is from, and its sources with their terms."""

    title: str
    day: date
    page: str  # the list that the file was made of
    terms: str  # the page of all sources
    sources: tuple[SourceOut, ...]

    def lines(self) -> list[tuple[str, str]]:
        """Return what is said, each with its heading."""
        return [
            ("Titel", self.title),
            ("Stand", f"{self.day:%d.%m.%Y}"),
            ("Quelle im Netz", self.page),
            *(
                ("Lizenz", " – ".join(filter(None, (one.attribution, one.licence, one.licence_url))))
                for one in self.sources
            ),
            ("Alle Quellen", self.terms),
            ("Beispiele", EXAMPLES),
            ("Verborgenes", HIDDEN),
            ("Einlesen", READ_BACK),
        ]

    def text(self) -> str:
        """Return the same as lines of text."""
        return "\n".join(f"{name}: {said}" for name, said in self.lines())


def of(session: Session, region: Region, origin: str, page: str) -> Notes:
    """Return the notes of a file with offers of a region."""
    return Notes(
        title=f"Unterstützungs-Landkarte {region.name}: Angebote",
        day=clock.today(region.timezone),
        page=page,
        terms=f"{origin}/quellen",
        sources=tuple(sources.of_region(session, region)),
    )


def file_name(session: Session, region: Region, asked: OfferFilter, ending: str) -> str:
    """Return how a file is called: region, what was chosen, day. Words that were typed stay out of it."""
    chosen = spaces.by_keys(session, region, asked.space).values() if asked.space else ()
    parts = [f"angebote-{region.slug}", *(slugify(one.name) for one in chosen), *asked.topic]
    rest = asked.model_dump(exclude={"space", "topic", "region"}, exclude_defaults=True)
    parts += ["auswahl"] if rest else []
    return f"{slugify(' '.join(parts), 100)}-{clock.today(region.timezone)}.{ending}"
