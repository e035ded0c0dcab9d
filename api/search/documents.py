"""From rows of the database to what the index keeps of an offer: weighted stems, and a row to filter by."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import text
from sqlmodel import Session

from api.schedules import service as schedules
from api.schedules.rules import Rule
from api.search.analysis import Parts, fold, stem, tokens, words

# How much a word says about an offer, by where it stands; one in the name outweighs any number in the text.
NAME: Final = 6.0
PROVIDER: Final = 2.0
PLACE: Final = 2.0
SUMMARY: Final = 1.5
TEXT: Final = 1.0
PART: Final = 0.7  # of a compound, in proportion to the whole
SATURATION: Final = 2.0  # k1 of BM25
USUAL_WORDS: Final = {NAME: 5, SUMMARY: 20, TEXT: 60}  # in a field: longer ones count each word for less
BATCH: Final = 500
APART: Final = "|"  # no stem has it

_ROWS = text("""
  SELECT o.id, o.slug, o.name, o.summary, o.description, o.topics, o.audiences, o.languages, o.min_age,
    o.max_age, o.cost IN ('free', 'covered') AS is_free, o.cost = 'paid' AS is_paid,
    o.access = 'walk_in' AS is_walk_in, o.resource_level, o.outreach, o.serves,
    o.verified_on, f.due_on, f.overdue_on, g.name AS provider,
    (SELECT string_agg(c.label, ' ') FROM contact c WHERE c.offer_id = o.id AND c.is_public) AS contacts,
    (SELECT coalesce(json_agg(json_build_object(
        'id', p.id, 'name', p.name, 'street', p.street, 'postcode', p.postcode, 'town', p.town,
        'hidden', p.address_hidden, 'wheelchair', p.wheelchair, 'lon', x.lon, 'lat', x.lat, 'note', a.note,
        'spaces', (SELECT coalesce(json_agg(m.space_id ORDER BY m.space_id), '[]')
                   FROM place_space m WHERE m.place_id = p.id)) ORDER BY p.id), '[]')
     FROM offer_at_place a JOIN public_place p ON p.id = a.place_id
     LEFT JOIN public_point x ON x.place_id = p.id WHERE a.offer_id = o.id) AS places
  FROM offer o JOIN offer_freshness f ON f.offer_id = o.id
  LEFT JOIN organization g ON g.id = o.organization_id
  WHERE o.region_id = :region AND o.status = 'published' AND o.id = ANY (:ids)
  ORDER BY o.id
""")
_IDS = text("SELECT id FROM offer WHERE region_id = :region AND status = 'published' ORDER BY id")


Times = Mapping[int | None, tuple[Rule, ...]]


class PlaceRow(NamedTuple):
    """A place of an offer; without a point if strangers may not know it (degrees, EPSG:4326)."""

    id: int
    name: str
    street: str
    lon: float | None
    lat: float | None
    hidden: bool
    is_accessible: bool
    is_inaccessible: bool
    spaces: tuple[int, ...]


class Row(NamedTuple):
    """What an offer is filtered, counted, ordered and suggested by."""

    id: int
    slug: str
    name: str
    topics: tuple[str, ...]
    audiences: tuple[str, ...]
    languages: tuple[str, ...]
    min_age: int | None
    max_age: int | None
    is_free: bool
    is_paid: bool
    is_walk_in: bool
    resource_level: int
    outreach: bool
    serves: tuple[str, ...]
    verified_on: int  # days since 0001-01-01; 0: never
    due_on: int
    overdue_on: int
    places: tuple[tuple[Any, ...], ...]  # as PlaceRow; plain tuples are read twice as fast
    times: tuple[
        tuple[int | None, tuple[Rule, ...]], ...
    ]  # id of a place, or None: wherever it is; its hours


class Document(NamedTuple):
    """What the index is given of an offer: its row, its stems with weights from 0 to 1, its words folded.

    said: its texts as stems in their order, with a blank before and after each and APART between two texts.
    """

    row: Row
    terms: dict[str, float]
    words: frozenset[str]
    said: str


def every_id(session: Session, region_id: int) -> list[int]:
    """Return the ids of all published offers of a region."""
    return list(session.scalars(_IDS, {"region": region_id}))


def read(session: Session, region_id: int, ids: Sequence[int], parts: Parts) -> Iterator[Document]:
    """Yield a document for each of these offers that is published; the others are passed over."""
    for start in range(0, len(ids), BATCH):
        batch = list(ids[start : start + BATCH])
        times = _times(schedules.lines(session, batch))
        for row in session.execute(_ROWS, {"region": region_id, "ids": batch}).mappings():
            yield _document(row, times.get(row["id"], {}), parts)


def _times(lines: Sequence[schedules.Line]) -> dict[int, dict[int | None, tuple[Rule, ...]]]:
    found: dict[int, dict[int | None, tuple[Rule, ...]]] = defaultdict(dict)
    for (offer_id, place_id), rules in schedules.as_found(lines).items():
        found[offer_id][place_id] = rules
    return found


def _document(row: Any, times: Times, parts: Parts) -> Document:  # noqa: ANN401 - a row of _ROWS
    fields: list[tuple[float, str]] = [
        (NAME, row["name"]),
        (SUMMARY, row["summary"]),
        (TEXT, f"{row['description']} {row['contacts'] or ''}"),
        (PROVIDER, row["provider"] or ""),
    ]
    for place in row["places"]:
        fields += [(PLACE, place["name"] or ""), (TEXT, place["note"])]
        address = (place["street"], place["postcode"], place["town"])
        fields.append((PLACE, " ".join(part for part in address if part)))
    written = {fold(word) for _, field in fields for word in words(field)}
    telling = frozenset(word for word in written if len(word) > 2)  # noqa: PLR2004
    return Document(_row(row, times), weigh(fields, parts), telling, _said(row))


def _said(row: Any) -> str:  # noqa: ANN401 - a row of _ROWS
    texts = [row["name"], row["summary"], row["description"], row["provider"]]
    texts += [place[name] for place in row["places"] for name in ("name", "street")]
    return APART.join(phrase(stem(word) for word in words(text)) for text in texts if text)


def phrase(stems: Iterable[str]) -> str:
    """Return stems as they follow each other in Document.said."""
    return f" {' '.join(stems)} "


def weigh(fields: Sequence[tuple[float, str]], parts: Parts) -> dict[str, float]:
    """Return the stems of texts with their weights: BM25F with one saturation over all fields.

    After Robertson, Zaragoza and Taylor, "Simple BM25 Extension to Multiple Weighted Fields" (2004).
    """
    found: dict[str, float] = defaultdict(float)
    for weight, field in fields:
        counts: dict[str, float] = defaultdict(float)
        length = 0
        for token in tokens(field):
            length += 1
            counts[token.stem] += 1
            for part in parts.stems(field[token.start : token.end]):
                counts[part] += PART
        usual = USUAL_WORDS.get(weight)
        norm = 0.6 + 0.4 * length / usual if usual else 1.0
        for one, count in counts.items():
            # The tenth time says little more than the second.
            found[one] += weight * (count if count <= 1 else 1 + math.log(count)) / norm
    return {one: round(x / (SATURATION + x), 4) for one, x in found.items()}


def _row(row: Any, times: Times) -> Row:  # noqa: ANN401 - a row of _ROWS
    return Row(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        topics=tuple(row["topics"]),
        audiences=tuple(row["audiences"]),
        languages=tuple(row["languages"]),
        min_age=row["min_age"],
        max_age=row["max_age"],
        is_free=row["is_free"],
        is_paid=row["is_paid"],
        is_walk_in=row["is_walk_in"],
        resource_level=row["resource_level"],
        outreach=row["outreach"],
        serves=tuple(row["serves"]),
        verified_on=row["verified_on"].toordinal() if row["verified_on"] else 0,
        due_on=row["due_on"].toordinal(),
        overdue_on=row["overdue_on"].toordinal(),
        places=tuple(
            tuple(
                PlaceRow(
                    place["id"],
                    place["name"] or "",
                    place["street"] or "",
                    place["lon"],
                    place["lat"],
                    place["hidden"],
                    place["wheelchair"] == "yes",
                    place["wheelchair"] == "no",
                    tuple(place["spaces"]),
                )
            )
            for place in row["places"]
        ),
        times=tuple(times.items()),
    )
