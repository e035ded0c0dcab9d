"""Searching: words and filters in one question, answered from the index or, without one, by the database."""

import json
import logging
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from api.core.geo import LonLat
from api.offers import facets as facets_in_database
from api.offers import map_points
from api.offers import service as offers
from api.offers.queries import Wanted
from api.offers.schemas import Facets, OfferFilter, OfferQuery, OfferSummary
from api.regions.models import Region
from api.search import cards, drawing, explaining, fallback, ranking, wishes
from api.search.cards import Card
from api.search.counting import Choice
from api.search.index import IndexBrokenError
from api.search.question import Question, understand
from api.search.ranking import Judged
from api.search.schemas import Around, Found, PointsQuery, SearchQuery, SearchResults, Why
from api.search.shelf import Shelf
from api.search.shelves import Shelves
from api.search.table import Table

NOTHING_SAID = Question(())

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

log = logging.getLogger("landkarte.search")


class Hits(NamedTuple):
    """What was found: ids in their order, and what is known about them."""

    ids: Sequence[int]
    whole: int
    facets: Facets
    wanted: Wanted
    question: Question = NOTHING_SAID
    shelf: Shelf | None = None
    judged: Judged | None = None
    choice: Choice | None = None

    @property
    def is_plain(self) -> bool:
        """Return whether words were answered without an index: an answer that nobody should keep."""
        return self.shelf is None and self.wanted.ids is not None


class Answer(NamedTuple):
    """A page of what was found."""

    query: SearchQuery
    hits: Hits
    cards: list[Card]
    whys: list[explaining.WhyDict]  # of each card

    def as_json(self) -> str:
        """Return the answer as SearchResults have it; the cards are JSON already."""
        results = ",".join(
            f'{{"offer":{card.json},"why":{_as_json(why)}}}'
            for card, why in zip(self.cards, self.whys, strict=True)
        )
        rest = self._around().model_dump_json()
        return f'{{"results":[{results}],{rest[1:]}'

    def results(self) -> SearchResults:
        """Return the answer for who goes on working with it."""
        offers = [OfferSummary.model_validate_json(card.json) for card in self.cards]
        found = [
            Found(offer=offer, why=Why.model_validate(why))
            for offer, why in zip(offers, self.whys, strict=True)
        ]
        return SearchResults(results=found, **dict(self._around()))

    def _around(self) -> Around:
        hits = self.hits
        return Around(
            total=hits.facets.total,
            whole=hits.whole,
            facets=hits.facets,
            page=self.query.page,
            per_page=self.query.per_page,
            did_you_mean=explaining.did_you_mean(self.query.q, hits.question, hits.shelf, self.cards),
            unknown=list(hits.question.unknown),
            by="index" if hits.shelf else "database",
        )


def find(session: Session, region: Region, query: SearchQuery, shelves: Shelves | None) -> Answer:
    """Return a page of what was found. Raises InvalidInputError for an unknown name in a filter."""
    hits = _look_up(session, region, query, shelves, all_pages=False)
    ids = hits.ids[query.offset : query.offset + query.per_page]
    if hits.shelf is None:
        found = cards.read(session, region, ids, hits.wanted)
    else:
        found = hits.shelf.cards.of(session, region, ids, hits.choice)
    reasons = explaining.Reasons(hits.question, hits.shelf, hits.judged)
    return Answer(query, hits, found, [reasons.of(card) for card in found])


def look_up(session: Session, region: Region, query: SearchQuery, shelves: Shelves | None) -> Hits:
    """Return everything that answers a question, on all pages, from the index if it is there."""
    return _look_up(session, region, query, shelves, all_pages=True)


def _look_up(
    session: Session, region: Region, query: SearchQuery, shelves: Shelves | None, *, all_pages: bool
) -> Hits:
    shelf = shelves.at(region) if shelves else None
    if shelf is not None and shelves is not None:
        try:
            return _in_memory(shelf, query, wishes.resolve(session, region, query, shelf))
        except IndexBrokenError:
            log.warning("The search index of region %s is broken; the database answers.", region.id)
            shelves.forget(region)
    return _in_database(session, region, query, offers.resolve(session, region, query), all_pages=all_pages)


def listed(session: Session, region: Region, query: OfferQuery, shelves: Shelves | None) -> str:
    """Return a page of offers without words as JSON; see api.offers.service.find."""
    shelf = shelves.at(region) if shelves else None
    wanted = wishes.resolve(session, region, query, shelf)
    if shelf is None:
        return offers.find(session, region, query, wanted).model_dump_json()
    table = shelf.table
    choice = Choice(table, wanted, table.everything())
    rows = np.flatnonzero(choice.found)
    ordered = _grouped(table, _in_order(table, rows, query.sort, query.near), query.group)
    page = ordered[query.offset : query.offset + query.per_page]
    found = shelf.cards.of(session, region, table.ids[page].tolist(), choice)
    results = ",".join(card.json for card in found)
    end = f'"page":{query.page},"per_page":{query.per_page}}}'
    return f'{{"total":{len(rows)},"results":[{results}],{end}'


def count(session: Session, region: Region, asked: OfferFilter, shelves: Shelves | None) -> Facets:
    """Return how many offers each further choice would give."""
    shelf = shelves.at(region) if shelves else None
    wanted = wishes.resolve(session, region, asked, shelf)
    if shelf is None:
        return facets_in_database.count(session, region, wanted)
    return Choice(shelf.table, wanted, shelf.table.everything()).facets()


def is_plain(region: Region, shelves: Shelves | None) -> bool:
    """Return whether words are answered without an index just now: an answer that nobody should keep."""
    return shelves is None or shelves.stands_at(region) != "fresh"


def nearby(
    session: Session, region: Region, query: SearchQuery, shelves: Shelves | None
) -> list[OfferSummary]:
    """Return the offers nearest to the chosen spaces but across their border, words and filters as asked."""
    wanted = offers.resolve(session, region, query)
    return offers.nearby(session, region, narrowed(session, region, query.q, wanted, shelves))


def points(session: Session, region: Region, query: PointsQuery, shelves: Shelves | None) -> str:
    """Return the points of what answers words and filters as compact JSON; see MapPoints."""
    shelf = shelves.at(region) if shelves else None
    if shelf is not None and shelves is not None:
        try:
            wanted = wishes.resolve(session, region, query, shelf)
            is_said = bool(query.q.strip())
            found = understood(shelf, query.q)[1].found if is_said else shelf.table.everything()
            return drawing.columns(Choice(shelf.table, wanted, found), region.data_version)
        except IndexBrokenError:
            shelves.forget(region)
    wanted = offers.resolve(session, region, query)
    if query.q.strip():
        wanted = wanted.only(fallback.matching(session, region, query.q))
    return map_points.columns(session, wanted, region.data_version)


def narrowed(session: Session, region: Region, text: str, wanted: Wanted, shelves: Shelves | None) -> Wanted:
    """Return a wish for those offers alone that answer a text; the same wish if the text is empty."""
    if not text.strip():
        return wanted
    shelf = shelves.at(region) if shelves else None
    if shelf is not None and shelves is not None:
        try:
            return wanted.only(shelf.table.ids[understood(shelf, text)[1].found].tolist())
        except IndexBrokenError:
            shelves.forget(region)
    return wanted.only(fallback.matching(session, region, text))


def _in_memory(shelf: Shelf, query: SearchQuery, wanted: Wanted) -> Hits:
    table = shelf.table
    is_said = bool(query.q.strip())
    question, judged = understood(shelf, query.q) if is_said else (NOTHING_SAID, None)
    choice = Choice(table, wanted, judged.found if judged else table.everything())
    rows = np.flatnonzero(choice.found)
    if query.sort == "best" and judged is not None:
        rows = ranking.order(shelf, judged, rows, query.near)
    else:
        rows = _in_order(table, rows, query.sort, query.near)
    rows = _grouped(table, rows, query.group)
    whole = int((judged.share[rows] > 0.999).sum()) if judged else len(rows)  # noqa: PLR2004
    return Hits(table.ids[rows].tolist(), whole, choice.facets(), wanted, question, shelf, judged, choice)


def _in_order(table: Table, rows: NDArray[np.int64], sort: str, near: LonLat | None) -> NDArray[np.int64]:
    """Return rows in the order of api.offers.service.find."""
    if sort == "distance" and near is not None:
        return rows[np.lexsort((table.by_name[rows], table.nearest(near)[rows]))]
    if sort == "verified":
        return rows[np.lexsort((table.by_name[rows], -table.verified_on[rows]))]
    return rows[np.argsort(table.by_name[rows])]


def _grouped(table: Table, rows: NDArray[np.int64], group: str | None) -> NDArray[np.int64]:
    """Return rows that are in order by their groups, in the same order within each."""
    return rows[np.argsort(table.level[rows], kind="stable")] if group == "level" else rows


def understood(shelf: Shelf, text: str) -> tuple[Question, Judged]:
    """Return what a text asks for, and which offers answer it how well."""
    question = understand(text, shelf)
    judged = ranking.judge(shelf, question)
    for concept in question.concepts:
        if concept.phrase:
            judged = judged._replace(found=judged.found & shelf.saying(concept.phrase))
    return question, judged


def _in_database(
    session: Session, region: Region, query: SearchQuery, wanted: Wanted, *, all_pages: bool
) -> Hits:
    is_said = bool(query.q.strip())
    ids = fallback.matching(session, region, query.q) if is_said else None
    wanted = wanted.only(ids) if ids is not None else wanted
    sort = "name" if query.sort == "best" else query.sort
    said = {name: getattr(query, name) for name in OfferFilter.model_fields}
    paged = {"group": query.group, "page": query.page, "per_page": query.per_page}
    plain = OfferQuery.model_validate({**said, "sort": sort, **paged})
    counts = facets_in_database.count(session, region, wanted)
    _, found = offers.found_ids(session, plain, wanted, all_pages=all_pages)
    # One page alone is known; what comes before it is filled up, so that it is found in its place.
    before = [] if all_pages else [0] * query.offset
    return Hits(before + found, counts.total, counts, wanted)
