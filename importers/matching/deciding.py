"""Which rows mean an offer that another source or a person has already entered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from api.history.models import ImportBatch
from api.offers.models import Status
from importers.matching import reading
from importers.matching.evidence import Evidence, weigh
from importers.matching.facts import Facts, Known, of_record
from importers.matching.index import Index
from importers.matching.verdicts import Verdict, judge
from importers.record import Entry, Record

_KEPT = "matching"


@dataclass(frozen=True)
class Candidate:
    """An offer that a row may mean, and why."""

    offer_id: int
    at_place_id: int | None
    name: str
    status: Status
    evidence: Evidence
    verdict: Verdict

    @property
    def reason(self) -> str:
        """Return why it may be the same, for the person who decides."""
        known = f"„{self.name}“ (Angebot {self.offer_id})"
        return f"Vielleicht schon vorhanden: {known} – {self.evidence.sentence}."


Match = tuple[Verdict, Candidate | None]


class Matcher:
    """The offers that the rows of one source are compared with, as they are at one moment."""

    def __init__(self, session: Session, region_id: int, source_id: int | None) -> None:
        """Read the offers of the region that the source has no row for."""
        self.districts = reading.districts(session, region_id)
        self.index = Index(reading.offers(session, region_id, source_id, self.districts))
        self._taken: dict[int, str] = {}  # offers that a row is linked to, with the row's key

    def match(self, entries: Sequence[Entry]) -> dict[str, Match]:
        """Return what rows mean, by their keys; of two that mean one offer, the better one is linked."""
        found = {
            entry.key: self.look_up(entry.record)
            for entry in entries
            if entry.record is not None and self.index.known
        }
        for key, (verdict, candidate) in sorted(found.items(), key=_better_first):
            if verdict != Verdict.CERTAIN or candidate is None:
                continue
            if self._taken.setdefault(candidate.offer_id, key) != key:
                found[key] = Verdict.DOUBTFUL, candidate
        return {entry.key: found.get(entry.key, (Verdict.NEW, None)) for entry in entries}

    def look_up(self, record: Record) -> Match:
        """Return what an entry means, whoever else means the same."""
        found = sorted(self._candidates(of_record(record, self.districts)), key=_order)
        if not found:
            return Verdict.NEW, None
        best = found[0]
        certain = [one for one in found if one.verdict == Verdict.CERTAIN]
        is_certain = certain == [best] and best.status == Status.PUBLISHED
        return (Verdict.CERTAIN if is_certain else Verdict.DOUBTFUL), best

    def pairs(self) -> Iterator[tuple[Known, Candidate]]:
        """Yield the offers that may be the same as a later one, with that one."""
        for one in self.index.known.values():
            for candidate in sorted(self._candidates(one.facts), key=_order):
                if candidate.offer_id > one.offer_id:
                    yield one, candidate

    def _candidates(self, facts: Facts) -> Iterator[Candidate]:
        for known in self.index.candidates(facts):
            evidence = weigh(facts, known.facts)
            verdict = judge(evidence, is_hidden=facts.is_hidden or known.facts.is_hidden)
            if verdict != Verdict.NEW:
                at_place = evidence.at.at_place_id if evidence.at else None
                name = known.facts.text
                yield Candidate(known.offer_id, at_place, name, known.status, evidence, verdict)


def match_all(session: Session, region_id: int, source_id: int, entries: Sequence[Entry]) -> dict[str, Match]:
    """Return for the key of each row of a source whether it means an offer that is there, and which one."""
    return _matcher(session, region_id, source_id).match(entries)


def pairs(session: Session, region_id: int) -> Iterator[tuple[Known, Candidate]]:
    """Yield the offers of a region that may be the same, each pair once."""
    yield from Matcher(session, region_id, None).pairs()


def _matcher(session: Session, region_id: int, source_id: int) -> Matcher:
    """Return the matcher of the import that is going on.

    An import keeps the region to itself, and its own rows are never compared with each other: what was read
    for its first row stays true until the next batch.
    """
    batches = select(func.max(col(ImportBatch.id))).where(col(ImportBatch.region_id) == region_id)
    newest = session.scalar(batches)
    key = (region_id, source_id, newest)
    kept: tuple[tuple[int, int, int | None], Matcher] | None = session.info.get(_KEPT)
    if kept is None or newest is None or kept[0] != key:
        kept = key, Matcher(session, region_id, source_id)
        session.info[_KEPT] = kept
    return kept[1]


def _better_first(found: tuple[str, Match]) -> float:
    candidate = found[1][1]
    return -candidate.evidence.score if candidate else 0.0


def _order(candidate: Candidate) -> tuple[bool, float, int]:
    return candidate.verdict != Verdict.CERTAIN, -candidate.evidence.score, candidate.offer_id
