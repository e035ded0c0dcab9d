"""What speaks for and against two entries being one: a few reasons, each with its weight and its sentence.

The weights are logarithms of odds (base 2), as in Fellegi and Sunter's record linkage: +1 makes it twice as
likely that both are the same. They are chosen by hand and measured on labelled pairs
(docs/reference/dubletten.md).
"""

import math
import re
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

from importers.geocoding.keys import street_key
from importers.geocoding.numbers import HouseNumber
from importers.matching import names
from importers.matching.contacts import web_host
from importers.matching.facts import Facts, Spot
from importers.matching.names import Alike

NAMES: Final = {
    Alike.SAME: 6.0,
    Alike.NEARLY: 4.0,
    Alike.PART: 2.5,
    Alike.GENERAL: 1.5,
    Alike.PARTLY: -3.0,
    Alike.OTHER: -7.0,
}
# Whatever else agrees, "Kita 1" is not "Kita 2".
OTHER_NUMBER, ONE_NUMBER = -14.0, -2.0
OTHER_KIND, MORE_KINDS, SAME_KIND = -4.0, -2.5, 0.5
INSIDE: Final = -7.0
# Up to so many metres; beyond the last it is another house, whatever it is called.
METRES: Final = ((40, 3.5), (80, 3.0), (150, 1.5), (300, 0.0), (1000, -4.0), (math.inf, -7.0))
# An address counts without a point, and more than one: two lists have two opinions where a house stands.
SAME_HOUSE, SAME_HOUSE_TOO, SAME_ADDRESS_METRES = 3.5, 0.5, 300
OTHER_HOUSE, OTHER_HOUSE_TOO = -3.0, -0.5
PHONE, OTHER_PHONE = 4.0, -0.5
MAIL, OTHER_MAIL = 3.5, -0.5
WEB, SITE, OTHER_SITE = 2.5, 0.5, -0.5
MOST_CONTACT: Final = 6.0  # number, address and site of one office are not three reasons
PROVIDER, OTHER_PROVIDER = 1.0, -1.0
SAME_PROVIDER_WORDS: Final = 0.5
EARTH: Final = 111_320.0  # metres in one degree of latitude
_DIGIT: Final = re.compile(r"\d")
STREET_ALIKE: Final = 0.85


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for (weight above 0) or against two entries being one."""

    sentence: str
    weight: float


@dataclass(frozen=True)
class Evidence:
    """All that speaks for and against; at: the spot of the other that fits best."""

    alike: Alike
    reasons: tuple[Reason, ...]
    at: Spot | None = None
    metres: float | None = None
    is_found_there: bool = False  # by place, number or mail address, not by the name alone
    has_contradiction: bool = False

    @property
    def score(self) -> float:
        """Return the sum of all weights."""
        return sum(reason.weight for reason in self.reasons)

    @property
    def sentence(self) -> str:
        """Return the reasons, the heaviest first, for the person who decides."""
        said = [reason.sentence for reason in self.reasons if reason.sentence]
        return ", ".join(said)


def weigh(one: Facts, other: Facts) -> Evidence:
    """Return what speaks for and against two entries being one."""
    alike = names.compare(
        one.name, other.name, lambda: names.words_of((one.organization, other.organization))
    )
    if alike == Alike.OTHER:  # nothing outweighs that: most neighbours need no closer look
        return Evidence(alike, (Reason(alike.value, NAMES[alike]),))
    against = _contradictions(one, other)
    contact = _contact(one, other)
    place, at, metres = _place(one, other)
    reasons = [Reason(alike.value, NAMES[alike]), *against, *contact, *place, *_provider(one, other)]
    return Evidence(
        alike,
        tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))),
        at,
        metres,
        any(reason.weight >= min(SAME_HOUSE, MAIL, METRES[1][1]) for reason in (*contact, *place)),
        any(reason.weight <= ONE_NUMBER for reason in against),
    )


def _contradictions(one: Facts, other: Facts) -> list[Reason]:
    """Return what the names say that cannot be true of one offer."""
    reasons = []
    mine, yours = one.name, other.name
    if mine.numbers != yours.numbers:
        is_other = not (mine.numbers <= yours.numbers or yours.numbers <= mine.numbers)
        weight = OTHER_NUMBER if is_other else ONE_NUMBER
        reasons.append(Reason("andere Zahl im Namen" if is_other else "nur ein Name hat diese Zahl", weight))
    if mine.kinds and yours.kinds:
        if mine.kinds == yours.kinds:
            reasons.append(Reason("", SAME_KIND))
        elif mine.kinds & yours.kinds:
            reasons.append(Reason("ein Name sagt mehr darüber, was es ist", MORE_KINDS))
        else:
            reasons.append(Reason("nach dem Namen etwas anderes", OTHER_KIND))
    if mine.weak and yours.weak and not mine.weak & yours.weak:
        reasons.append(Reason("anderer Ortsteil im Namen", OTHER_KIND))
    if names.takes_place_in(mine, yours):
        reasons.append(Reason("das eine findet wohl im anderen statt", INSIDE))
    return reasons


def _contact(one: Facts, other: Facts) -> list[Reason]:
    found = [
        _shared(one.phones, other.phones, Reason("gleiche Telefonnummer", PHONE), OTHER_PHONE),
        _shared(one.mails, other.mails, Reason("gleiche Mailadresse", MAIL), OTHER_MAIL),
        _web(one.web, other.web),
    ]
    reasons = sorted(filter(None, found), key=lambda reason: -reason.weight)
    left, kept = MOST_CONTACT, []
    for reason in reasons:
        weight = min(reason.weight, left)
        left -= max(weight, 0)
        kept.append(Reason(reason.sentence, weight))
    return kept


def _shared(mine: frozenset[str], yours: frozenset[str], same: Reason, other: float) -> Reason | None:
    if not mine or not yours:
        return None
    return same if mine & yours else Reason("", other)


def _web(mine: str, yours: str) -> Reason | None:
    if not mine or not yours:
        return None
    if mine == yours:
        return Reason("gleiche Internetadresse", WEB)
    return Reason("", SITE if web_host(mine) == web_host(yours) else OTHER_SITE)


def _provider(one: Facts, other: Facts) -> list[Reason]:
    mine, yours = names.words_of((one.organization,)), names.words_of((other.organization,))
    if not mine or not yours:
        return []
    if len(mine & yours) >= SAME_PROVIDER_WORDS * min(len(mine), len(yours)):
        return [Reason("gleicher Anbieter", PROVIDER)]
    return [Reason("anderer Anbieter", OTHER_PROVIDER)]


def _place(one: Facts, other: Facts) -> tuple[list[Reason], Spot | None, float | None]:
    """Return what the places say, of those that fit best; hidden ones have none."""
    only = other.spots[0] if len(other.spots) == 1 else None
    best: tuple[list[Reason], Spot | None, float | None] = ([], only, None)
    highest = -math.inf
    for mine in one.spots:
        for yours in other.spots:
            reasons, metres = _spots(mine, yours)
            score = sum(reason.weight for reason in reasons)
            if score > highest:
                highest, best = score, (reasons, yours if reasons else only, metres)
    return best


def _spots(mine: Spot, yours: Spot) -> tuple[list[Reason], float | None]:
    metres = distance(mine, yours)
    house = _same_house(mine, yours)
    if metres is None:
        if house is None:
            return [], None
        said = Reason("gleiche Adresse", SAME_HOUSE) if house else Reason("andere Adresse", OTHER_HOUSE)
        return [said], None
    far_away = f"{metres:.0f} m entfernt"
    weight = next(weight for far, weight in METRES if metres <= far)
    if house and metres <= SAME_ADDRESS_METRES:
        return [Reason("gleiche Adresse", SAME_HOUSE), Reason(far_away, SAME_HOUSE_TOO)], metres
    reasons = [Reason(far_away, weight)]
    if house is False:
        reasons.append(Reason("", OTHER_HOUSE_TOO))
    return reasons, metres


def distance(mine: Spot, yours: Spot) -> float | None:
    """Return how many metres two points are apart, exact to a thousandth within a town."""
    if mine.lon is None or mine.lat is None or yours.lon is None or yours.lat is None:
        return None
    east = (mine.lon - yours.lon) * math.cos(math.radians((mine.lat + yours.lat) / 2))
    return math.hypot(east, mine.lat - yours.lat) * EARTH


def _same_house(mine: Spot, yours: Spot) -> bool | None:
    """Return whether two addresses are one; None if one of them does not say."""
    if not mine.street or not yours.street:
        return None
    if _plain(mine) == _plain(yours) and _DIGIT.search(mine.street):
        return True  # most are written alike, and need not be understood
    one, other = mine.address, yours.address
    if one.postcode and other.postcode and one.postcode != other.postcode:
        return False
    if one.street and other.street:
        alike = OSA.normalized_similarity(street_key(one.street), street_key(other.street))
        if alike < STREET_ALIKE:
            return False
        if one.number and other.number:
            return _overlap(one.number, other.number)
    return None


def _overlap(one: HouseNumber, other: HouseNumber) -> bool:
    is_within = one.number <= other.last and other.number <= one.last
    return is_within and len({one.suffix, other.suffix} - {""}) <= 1


def _plain(spot: Spot) -> tuple[str, str | None]:
    street = (spot.street or "").lower().replace("straße", "str")
    return street.replace(" ", "").replace(".", ""), spot.postcode
