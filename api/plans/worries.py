"""Which offers answer a worry, and which of a family's conditions they meet."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlmodel import Session

from api.core.errors import FieldError, InvalidInputError
from api.offers import service as offers
from api.offers.queries import Wanted
from api.offers.schemas import OfferFilter, OfferQuery
from api.plans.schemas import Gap, PlanQuestion, WorryIn
from api.plans.starting import Start
from api.regions.models import Region
from api.search import documents, fallback, lexicon, service, surroundings
from api.search.shelf import Shelf
from api.search.table import Chunk, Table
from api.search.tags import Mask

WHOLE: Final = 0.999  # of what is asked for, but for rounding


class Answer(NamedTuple):
    """The rows of a table that answer a worry, and those among them that are foremost about it."""

    rows: Mask
    foremost: Mask


class Known(NamedTuple):
    """A table, and what in it answers each worry."""

    table: Table
    answers: Sequence[Answer]


def known(session: Session, region: Region, question: PlanQuestion, shelf: Shelf | None) -> Known:
    """Return what answers each worry. Raises InvalidInputError for an unknown topic, naming the field.

    Without an index the database says which offers answer, and they are read anew.
    """
    vocabulary = shelf.table.vocabulary if shelf else surroundings.vocabulary(session, region)
    for number, worry in enumerate(question.worries):
        if worry.topic and worry.topic not in vocabulary.topics:
            detail = f"There is no topic {worry.topic!r}."
            raise InvalidInputError(detail, [FieldError(f"worries.{number}.topic", detail)])
    if shelf is not None:
        found = [_in_memory(shelf, worry) for worry in question.worries]
        return Known(
            shelf.table, [_chosen(shelf.table, *pair) for pair in zip(found, question.worries, strict=True)]
        )
    ids = [_in_database(session, region, worry) for worry in question.worries]
    chosen = {worry.offer for worry in question.worries if worry.offer}
    every = sorted(chosen.union(*ids))
    rows = [one.row for one in documents.read(session, region.id, every, lexicon.parts())]
    table = Table([(Chunk(rows), np.ones(len(rows), np.bool_))], vocabulary)
    answers = [np.isin(table.ids, some) for some in ids]
    return Known(
        table,
        [
            _chosen(table, _of_topic(table, worry, found), worry)
            for worry, found in zip(question.worries, answers, strict=True)
        ],
    )


def _in_memory(shelf: Shelf, worry: WorryIn) -> Answer:
    table = shelf.table
    if worry.topic:
        return _of_topic(table, worry, table.topics.any_of([worry.topic]))
    asked, judged = service.understood(shelf, worry.words)
    whole = judged.found & (judged.share > WHOLE)
    # Where nothing answers all of it, what answers most of it is better than nothing.
    most = judged.found & (judged.share >= judged.share.max(initial=0.0) - 0.001)
    rows = whole if whole.any() else most
    # A plan prefers what is near. So what only has a word in passing has no say where others are about the
    # need: a house where people drink coffee is no help with drinking.
    topics = [str(way.key[0]) for concept in asked.concepts for way in concept.ways if way.kind == "topic"]
    about = rows & table.topics.any_of(topics)
    rows = about if about.any() else rows
    best = float(judged.score[rows].max(initial=0.0))
    foremost = rows & (judged.score >= best / 2)
    return Answer(rows if about.any() else foremost, foremost)


def _in_database(session: Session, region: Region, worry: WorryIn) -> list[int]:
    if worry.words:
        return fallback.matching(session, region, worry.words)
    asked = OfferFilter(topic=[worry.topic or ""])
    wanted: Wanted = offers.resolve(session, region, asked)
    return offers.found_ids(session, OfferQuery(topic=asked.topic), wanted, all_pages=True)[1]


def _of_topic(table: Table, worry: WorryIn, rows: Mask) -> Answer:
    return Answer(rows, rows & table.first_topics.any_of([worry.topic]) if worry.topic else rows)


def _chosen(table: Table, answer: Answer, worry: WorryIn) -> Answer:
    """Return only the offer that somebody has chosen, if it is there; else what answers."""
    row = table.row_of.get(worry.offer) if worry.offer else None
    if row is None:
        return answer
    one = np.zeros(len(table), np.bool_)
    one[row] = True
    return Answer(one, one)


class Conditions:
    """What a family cannot do without; unknown is no no: it has to be asked."""

    def __init__(self, table: Table, question: PlanQuestion, start: Start) -> None:
        """Judge all rows."""
        self.table = table
        self.question = question
        self.by_offer: Mapping[Gap, Mask] = {
            Gap.AGES: _ages(table, question.ages),
            Gap.COST: ~table.is_paid if question.cost_free else table.everything(),
        }
        every: Mask = np.ones(len(table.place_ids), np.bool_)
        self.places = every & ~table.inaccessible_places if question.wheelchair else every
        self.reaches = table.outreach & _served(table, start)
        self.speaks = _languages(table, question.languages)

    def met(self, answer: Mask, but: Gap | None = None) -> Mask:
        """Return which of some rows meet all conditions, or all but one; languages are none."""
        found = answer
        for gap, mask in self.by_offer.items():
            if gap is not but:
                found = found & mask
        if self.question.wheelchair and but is not Gap.WHEELCHAIR:
            has_place = self.table.at_place(np.ones(len(self.table.place_ids), np.bool_))
            found = found & (self.table.at_place(self.places) | ~has_place)
        return found

    def understood(self, rows: Mask) -> Mask:
        """Return which of some rows speak a language of the family; all of them if none does.

        Better an office with an interpreter than none: languages choose only where there is a choice.
        """
        chosen = rows & self.speaks
        return chosen if chosen.any() else rows

    def gap(self, answer: Mask) -> Gap:
        """Return why none of some rows meets the conditions."""
        if not answer.any():
            return Gap.NOTHING
        for gap in (Gap.AGES, Gap.WHEELCHAIR, Gap.COST):
            if self.met(answer, but=gap).any():
                return gap
        return Gap.TOGETHER


def _ages(table: Table, ages: Sequence[int]) -> Mask:
    if not ages:
        return table.everything()
    said = np.array(ages)
    fits = (table.min_age[:, None] <= said) & (said <= table.max_age[:, None])
    return np.asarray(fits.any(axis=1), np.bool_)


def _languages(table: Table, languages: Sequence[str]) -> Mask:
    if not languages:
        return table.everything()
    says_nothing: NDArray[np.bool_] = ~np.asarray(table.languages.matrix.any(axis=1), np.bool_)
    return table.languages.any_of(languages) | says_nothing


def _served(table: Table, start: Start) -> Mask:
    """Return which offers come to where a family lives; nobody has said where: all of them may."""
    if start.point is None:
        return table.everything()
    found: Mask = ~table.serves_some | table.serves.any_of(start.spaces)
    return found
