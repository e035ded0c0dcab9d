"""What a family can do in one way from home: under one roof, or under two that are near each other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Final, NamedTuple

from api.plans.roofs import NEAR_METRES

VISIT_MINUTES: Final = 45  # somewhere within the hours; shorter hours are taken whole
METRES_A_MINUTE: Final = 60.0  # on foot, with a child
BETWEEN_MINUTES: Final = 5  # from one counter to a door, besides walking
MIDNIGHT: Final = 24 * 60
# Ways to choose offers for some worries under one roof that are looked at; with more, the last worries' later
# choices are left out.
MOST_CHOICES: Final = 500


class Window(NamedTuple):
    """Hours on a day within which a visit has to lie, in minutes of the day; closes may be after midnight."""

    day: int
    opens: int
    closes: int


class Option(NamedTuple):
    """One offer at one place, as far as it can help with one worry."""

    worry: int
    offer: int
    place: int | None  # None: it comes to the family
    roof: int
    metres: int = 0  # from the start, one way
    level: int = 0  # resource level; 0 if nobody asks for it
    friction: int = 0  # what makes it less good than one that costs the same
    windows: tuple[Window, ...] = ()  # none: no hours are known, any day may do

    @property
    def visit(self) -> tuple[int, int | None]:
        """What is visited once, whatever number of worries it is for."""
        return self.offer, self.place


class Stop(NamedTuple):
    """A roof on the way: options chosen there, and when each visit with known hours begins."""

    roof: int
    options: tuple[Option, ...]
    begins: Mapping[tuple[int, int | None], int]  # by Option.visit; minutes of the day


class Outing(NamedTuple):
    """A way from home and back on one day; day: None if no hours of it are known."""

    worries: int  # as bits
    day: int | None
    metres: int
    level: int
    friction: int
    stops: tuple[Stop, ...]


def finished(windows: Sequence[tuple[Window, ...]], since: int) -> tuple[int, tuple[int, ...]] | None:
    """Return the earliest minute at which all visits can be over, and when each begins; None: never.

    windows: of each visit, on one day. Going through subsets is exact, because who comes earlier is never
    through later (Held and Karp, 1962).
    """
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (since, ())}
    whole = (1 << len(windows)) - 1
    for done in range(1, whole + 1):
        for last in reversed(range(len(windows))):  # of equals, as people have said them
            before = best.get(done & ~(1 << last)) if done >> last & 1 else None
            begun = _begun(windows[last], before[0]) if before else None
            if before is None or begun is None:
                continue
            begins, ends = begun
            if done not in best or ends < best[done][0]:
                best[done] = ends, (*before[1], last, begins)
    if whole not in best:
        return None
    end, order = best[whole]
    begun_at = dict(zip(order[::2], order[1::2], strict=True))
    return end, tuple(begun_at[visit] for visit in range(len(windows)))


def _begun(windows: tuple[Window, ...], since: int) -> tuple[int, int] | None:
    found = []
    for window in windows:
        begins = max(since, window.opens)
        ends = begins + min(VISIT_MINUTES, window.closes - window.opens)
        if ends <= window.closes:
            found.append((ends, begins))
    if not found:
        return None
    ends, begins = min(found)
    return begins, ends


def walk(metres: float) -> int:
    """Return the minutes from a visit under one roof to one under another."""
    return BETWEEN_MINUTES + round(metres / METRES_A_MINUTE)


class _Choice(NamedTuple):
    """Options under one roof, one for each of some worries, and the hours of their visits on a day."""

    worries: int
    options: tuple[Option, ...]
    visits: tuple[tuple[int, int | None], ...]  # those with hours
    windows: tuple[tuple[Window, ...], ...]  # of each of them
    level: int
    friction: int


class _Hours:
    """What is open under a roof on some day; the same every week, so it is worked out once."""

    def __init__(self, roof: int, opened: Sequence[tuple[Option, tuple[Window, ...]]]) -> None:
        """Take options with their windows, whose day is 0."""
        self.roof = roof
        self.open = opened
        self.choices: list[_Choice] | None = None


class Ground:
    """All options of a question, by roof and day."""

    def __init__(self, options: Iterable[Option], between: Mapping[tuple[int, int], float]) -> None:
        """Take options; between: metres between roofs that are near each other, the smaller number first."""
        self._undated: dict[int, list[Option]] = defaultdict(list)
        self._metres: dict[int, int] = {}
        dated: dict[int, dict[int, list[tuple[Option, tuple[Window, ...]]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for option in options:
            self._metres[option.roof] = option.metres
            if not option.windows:
                self._undated[option.roof].append(option)
            for day in dict.fromkeys(window.day for window in option.windows):
                here = tuple(window._replace(day=0) for window in option.windows if window.day == day)
                dated[day][option.roof].append((option, here))
        same: dict[tuple[int, tuple[tuple[Option, tuple[Window, ...]], ...]], _Hours] = {}
        self._open = {
            day: {
                roof: same.setdefault((roof, tuple(opened)), _Hours(roof, opened))
                for roof, opened in roofs.items()
            }
            for day, roofs in sorted(dated.items())
        }
        self._shut = {roof: _Hours(roof, ()) for roof in self._metres}
        self._near = {
            pair: metres
            for pair, metres in between.items()
            if metres <= NEAR_METRES and all(roof in self._metres for roof in pair)
        }
        self._known: dict[tuple[_Hours, ...], list[Outing]] = {}

    @property
    def days(self) -> list[int]:
        """Return the days on which anything is known to take place, in their order."""
        return list(self._open)

    def on(self, day: int | None) -> Iterator[Outing]:
        """Yield the outings of a day: something with known hours, and what may be done besides.

        Without a day: all of which no hours are known. What is yielded does not say the day.
        """
        shut = self._shut
        opened = shut if day is None else self._open[day]
        for hours in opened.values():
            yield from self._under((hours,))
        for one, other in self._near:
            if one in opened or other in opened:
                yield from self._under((opened.get(one, shut[one]), opened.get(other, shut[other])))

    def _under(self, roofs: tuple[_Hours, ...]) -> list[Outing]:
        """Return the outings to one roof or two; of equals for the same worries only the smoothest."""
        known = self._known.get(roofs)
        if known is not None:
            return known
        is_dated = any(hours.open for hours in roofs)
        best: dict[tuple[int, int], Outing] = {}
        for chosen in product(*(self._chosen(hours) for hours in roofs)):
            if is_dated and not any(choice.visits for choice in chosen):
                continue
            if len(chosen) > 1 and not _apart(*chosen):
                continue
            key = sum(choice.worries for choice in chosen), sum(choice.level for choice in chosen)
            friction = sum(choice.friction for choice in chosen)
            if key in best and best[key].friction <= friction:
                continue
            outing = self._outing([hours.roof for hours in roofs], chosen, friction)
            if outing is not None:
                best[key] = outing
        self._known[roofs] = list(best.values())
        return self._known[roofs]

    def _chosen(self, hours: _Hours) -> list[_Choice]:
        if hours.choices is None:
            undated = [(option, ()) for option in self._undated.get(hours.roof, ())]
            hours.choices = _choices([*hours.open, *undated])
        return hours.choices

    def _outing(self, roofs: Sequence[int], chosen: Sequence[_Choice], friction: int) -> Outing | None:
        between = self._near[roofs[0], roofs[1]] if len(roofs) > 1 else 0.0
        stops = _in_time(list(zip(roofs, chosen, strict=True)), walk(between))
        if stops is None:
            return None
        away = sum(self._metres[roof] for roof in roofs)
        return Outing(
            worries=sum(choice.worries for choice in chosen),
            day=None,
            metres=round(away + between) if len(roofs) > 1 else 2 * away,
            level=sum(choice.level for choice in chosen),
            friction=friction,
            stops=stops,
        )


def _apart(one: _Choice, other: _Choice) -> bool:
    """Return whether two choices answer different worries by different visits."""
    visited = {option.visit for option in one.options}
    return not one.worries & other.worries and visited.isdisjoint(option.visit for option in other.options)


def _in_time(stops: Sequence[tuple[int, _Choice]], minutes: int) -> tuple[Stop, ...] | None:
    """Return the stops in the order in which all visits fit and are over first; None: they never fit."""
    best: tuple[int, tuple[Stop, ...]] | None = None
    for order in (stops, stops[::-1]) if len(stops) > 1 else (stops,):
        since = 0
        placed: tuple[Stop, ...] = ()
        for number, (roof, choice) in enumerate(order):
            found = finished(choice.windows, since + (minutes if number and since else 0))
            if found is None:
                break
            since = found[0]
            placed += (Stop(roof, choice.options, dict(zip(choice.visits, found[1], strict=True))),)
        else:
            if best is None or since < best[0]:
                best = since, placed
    return best[1] if best else None


def _choices(usable: Sequence[tuple[Option, tuple[Window, ...]]]) -> list[_Choice]:
    """Return the ways to choose one option for each of some worries under a roof."""
    by_worry: dict[int, list[tuple[Option, tuple[Window, ...]]]] = defaultdict(list)
    for one in usable:
        by_worry[one[0].worry].append(one)
    found = []
    for count in range(1, len(by_worry) + 1):
        for worries in combinations(sorted(by_worry), count):
            for chosen in product(*(by_worry[worry] for worry in worries)):
                found.append(_choice(chosen))
                if len(found) >= MOST_CHOICES:
                    return found
    return found


def _choice(chosen: Sequence[tuple[Option, tuple[Window, ...]]]) -> _Choice:
    dated = {option.visit: windows for option, windows in chosen if windows}
    return _Choice(
        worries=sum(1 << option.worry for option, _ in chosen),
        options=tuple(option for option, _ in chosen),
        visits=tuple(dated),
        windows=tuple(dated.values()),
        level=sum(option.level for option, _ in chosen),
        friction=sum(option.friction for option, _ in chosen),
    )
