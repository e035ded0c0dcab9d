"""Ways to go on while somebody types: topics, spaces, offers and places that begin so."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from sqlmodel import Session

from api.regions.models import Region
from api.search.analysis import fold, words
from api.search.schemas import Suggestion
from api.search.shelf import Shelf
from api.search.shelves import Shelves
from api.taxonomy import service as taxonomy
from api.taxonomy.schemas import TopicOut

MOST: Final = 8
TOPICS, SPACES, OFFERS, PLACES = 3, 2, 4, 2


def suggest(
    session: Session, region: Region, said: str, locale: str, shelves: Shelves | None
) -> list[Suggestion]:
    """Return suggestions for letters typed so far, the most helpful kinds first; none for less than two."""
    typed = [fold(word) for word in words(said)]
    if not typed or len("".join(typed)) < 2:  # noqa: PLR2004
        return []
    found = _topics(taxonomy.topics(session), typed, locale)[:TOPICS]
    shelf = shelves.at(region) if shelves else None
    if shelf is not None:
        found += _spaces(shelf, typed)[:SPACES]
        rows = _rows(shelf, typed)
        found += [
            Suggestion(kind="offer", key=shelf.table.rows[row].slug, label=shelf.table.rows[row].name)
            for row in rows[:OFFERS]
        ]
        found += list(_places(shelf, typed))[:PLACES]
    return found[:MOST]


def _topics(topics: Sequence[TopicOut], typed: Sequence[str], locale: str) -> list[Suggestion]:
    every = [one for topic in topics for one in (topic, *topic.children)]
    by_name, by_other = [], []
    for topic in every:
        label = topic.names.get(locale) or topic.names.get("de", topic.slug)
        one = Suggestion(kind="topic", key=topic.slug, label=label)
        if any(_begins(name, typed) for name in topic.names.values()):
            by_name.append(one)
        elif any(_begins(word, typed) for word in topic.synonyms):
            by_other.append(one)
    return by_name + by_other


def _spaces(shelf: Shelf, typed: Sequence[str]) -> list[Suggestion]:
    every = [space for named in shelf.spaces.values() for space in named if space.is_resident]
    return [
        Suggestion(kind="space", key=space.slug, label=space.name)
        for space in sorted(every, key=lambda space: space.name)
        if _begins(space.name, typed)
    ]


def _rows(shelf: Shelf, typed: Sequence[str]) -> list[int]:
    """Return the rows of the offers whose names have words that begin so, each word once."""
    found: set[int] | None = None
    for letters in typed:
        names = shelf.names
        at = bisect_left(names, (letters, -1))
        here = set()
        while at < len(names) and names[at][0].startswith(letters):
            here.add(names[at][1])
            at += 1
        found = here if found is None else found & here
    return sorted(found or (), key=lambda row: int(shelf.table.by_name[row]))


def _places(shelf: Shelf, typed: Sequence[str]) -> Iterator[Suggestion]:
    seen = set()
    for name in shelf.place_names:
        if name not in seen and _begins(name, typed):
            seen.add(name)
            yield Suggestion(kind="place", key=name, label=name)


def _begins(name: str, typed: Sequence[str]) -> bool:
    """Return whether each of the letters typed begins a word of a name."""
    known = [fold(word) for word in words(name)]
    return all(any(word.startswith(letters) for word in known) for letters in typed)
