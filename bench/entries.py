"""Made-up organizations, places, offers and contacts: the same for the same seed, on every machine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from api.core.text import slugify
from bench import words
from bench.cells import Grid
from bench.rows import Row
from bench.vocabulary import Vocabulary

# Shares of what occurs, as in the lists of the demo regions.
HIDDEN: Final = 0.02
WITHOUT_COORDINATES: Final = 0.04
OUTREACH: Final = 0.05
WITHOUT_PLACE: Final = 0.06
SECOND_PLACE: Final = 0.12
SECOND_CONTACT: Final = 0.3
FOR_PROFESSIONALS: Final = 0.5  # of the second contacts
NAMED: Final = 0.7  # places with a name
SCATTERED: Final = 0.25  # places far from the centres
EVERYWHERE: Final = 0.4  # of those that come to people
WITH_WEBSITE: Final = 0.4
WITHOUT_HOURS: Final = 0.3
# Days of the last check lie before this one, so that rows do not depend on when they are made.
CHECKED_UNTIL: Final = date(2026, 10, 31)

ORGANIZATION: Final = ("name", "website")
PLACE: Final = ("name", "street", "postcode", "town", "lon", "lat", "address_hidden", "wheelchair")
OFFER: Final = (
    "organization_id",
    "slug",
    "name",
    "summary",
    "description",
    "topics",
    "audiences",
    "languages",
    "min_age",
    "max_age",
    "cost",
    "cost_note",
    "access",
    "access_note",
    "resource_level",
    "outreach",
    "serves",
    "hours_text",
    "website",
    "status",
    "is_example",
    "verified_on",
    "verify_within_days",
)
CONTACT: Final = ("label", "phone", "email", "is_public")


@dataclass
class Maker:
    """Makes the entries of one region, one after the other from one stream of chance."""

    seed: str
    grid: Grid
    vocabulary: Vocabulary
    space_keys: list[str]
    town: str

    def __post_init__(self) -> None:
        """Begin the stream and set a few centres around which most places lie."""
        self.chance = Random(self.seed)  # noqa: S311 - the same entries in every run
        grid = self.grid
        self.centres = [
            (
                grid.west + grid.width * self.chance.uniform(0.1, 0.9),
                grid.south + grid.height * self.chance.uniform(0.1, 0.9),
            )
            for _ in range(12)
        ]

    def organizations(self, number: int) -> Iterator[Row]:
        """Yield rows of ORGANIZATION, each with a name of its own."""
        for position in range(number):
            stem = self._of(words.STEMS) + self._of(words.QUARTERS)
            name = f"{self._of(words.CARRIERS)} {stem} {position + 1} {self._of(words.ENDINGS)}"
            yield name, f"https://traeger-{position + 1}.example/"

    def places(self, number: int) -> Iterator[Row]:
        """Yield rows of PLACE; some have no coordinates, some are hidden."""
        for _ in range(number):
            street = f"{self._of(words.STEMS)}{self._of(words.STREETS)} {self.chance.randint(1, 180)}"
            name = f"{self._of(words.HOUSES)} {self._of(words.STEMS)}{self._of(words.QUARTERS)}"
            lon, lat = self._point()
            known = not self._happens(WITHOUT_COORDINATES)
            yield (
                name if self._happens(NAMED) else None,
                street,
                f"{self.chance.randint(10000, 99998)}",
                self.town,
                lon if known else None,
                lat if known else None,
                self._happens(HIDDEN),
                self._of(("yes", "partly", "no", "unknown", "unknown")),
            )

    def offers(self, number: int, organizations: list[int]) -> Iterator[Row]:
        """Yield rows of OFFER; all of them are published."""
        for position in range(number):
            topic, said = self._of(self.vocabulary.topics)
            stem = self._of(words.STEMS) + self._of(words.QUARTERS)
            name = f"{self._of(words.FORMS)} {said} {stem}"
            outreach = self._happens(OUTREACH)
            youngest = self._of((None, None, None, 0, 3, 6, 12, 14, 18, 60))
            yield (
                self._of(organizations),
                f"{slugify(name)}-{position + 1}",
                name,
                f"{said}: {self._of(words.OPENINGS)}",
                self._description(),
                self._few(topic, [slug for slug, _ in self.vocabulary.topics]),
                self._few(self._of(self.vocabulary.audiences), self.vocabulary.audiences),
                self._few("de", list(words.LANGUAGES)),
                youngest,
                None if youngest in (None, 60) else youngest + self._of((3, 6, 12)),
                self._of(("free", "free", "free", "covered", "paid", "unknown")),
                "",
                self._of(("walk_in", "call_first", "appointment", "referral", "unknown")),
                "",
                self._of((2, 2, 3, 3, 3, 4)),
                outreach,
                self._serves(outreach=outreach),
                self._hours(),
                f"https://angebot-{position + 1}.example/" if self._happens(WITH_WEBSITE) else None,
                "published",
                False,
                CHECKED_UNTIL - timedelta(days=self.chance.randint(0, 500)),
                365,
            )

    def places_of_offer(self, places: list[int], *, outreach: bool) -> list[int]:
        """Return the ids of the places where an offer takes place; most have one."""
        if self._happens(WITHOUT_PLACE) or outreach:
            return []
        return self.chance.sample(places, 2 if self._happens(SECOND_PLACE) else 1)

    def contacts(self) -> Iterator[Row]:
        """Yield rows of CONTACT for one offer; the second is for professionals in half of the cases."""
        for position in range(2 if self._happens(SECOND_CONTACT) else 1):
            number = f"0{self.chance.randint(30, 9999)} 23125-{self.chance.randint(100, 999)}"
            mail = f"kontakt{self.chance.randint(1, 999)}@angebot.example"
            yield (
                self._of(words.CONTACTS),
                number,
                mail,
                position == 0 or not self._happens(FOR_PROFESSIONALS),
            )

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _of(self, choices: Sequence[Any]) -> Any:  # noqa: ANN401 - one of whatever there is
        return choices[int(self.chance.random() * len(choices))]

    def _few(self, first: str, choices: list[str]) -> list[str]:
        """Return the first one and none to two others, as real entries carry them."""
        others = [self._of(choices) for _ in range(self._of((0, 0, 1, 1, 2)))]
        return list(dict.fromkeys([first, *others]))

    def _point(self) -> tuple[float, float]:
        """Return longitude and latitude, most of them near a centre, all inside the region."""
        grid = self.grid
        if self._happens(SCATTERED):
            east, north = self.chance.random(), self.chance.random()
        else:
            lon, lat = self._of(self.centres)
            east = (self.chance.gauss(lon, grid.width / 18) - grid.west) / grid.width
            north = (self.chance.gauss(lat, grid.height / 18) - grid.south) / grid.height
        inside = [min(max(share, 0.02), 0.98) for share in (east, north)]
        return round(grid.west + grid.width * inside[0], 6), round(grid.south + grid.height * inside[1], 6)

    def _serves(self, *, outreach: bool) -> list[str]:
        if not outreach or self._happens(EVERYWHERE):
            return []
        return list(dict.fromkeys(self._of(self.space_keys) for _ in range(self.chance.randint(1, 5))))

    def _description(self) -> str:
        middles = [self._of(words.MIDDLES) for _ in range(self.chance.randint(1, 3))]
        sentences = [self._of(words.OPENINGS), *middles, self._of(words.CLOSINGS)]
        return " ".join(dict.fromkeys(sentences))

    def _hours(self) -> str:
        if self._happens(WITHOUT_HOURS):
            return ""
        begin = self.chance.randint(8, 16)
        return f"{self._of(words.WEEKDAYS)} {begin}–{begin + self.chance.randint(1, 4)} Uhr"
