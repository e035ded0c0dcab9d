"""Why an offer was found, and what somebody probably meant."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session

from api.offers.schemas import OfferSummary
from api.search import lexicon
from api.search.analysis import fold, stem, tokens, words
from api.search.lexicon import Stems
from api.search.question import Question
from api.search.ranking import Judged
from api.search.schemas import Span, Why
from api.search.shelf import Shelf

_TEXTS = text("""
  SELECT o.id, concat_ws(' | ', o.name, o.summary, o.description, g.name,
    (SELECT string_agg(concat_ws(' | ', p.name, p.street), ' | ')
     FROM offer_at_place a JOIN public_place p ON p.id = a.place_id WHERE a.offer_id = o.id)) AS said
  FROM offer o LEFT JOIN organization g ON g.id = o.organization_id WHERE o.id = ANY (:ids)
""")


def saying(session: Session, ids: Sequence[int], phrase: Stems) -> list[int]:
    """Return those offers in which the words of a phrase follow each other."""
    found = []
    for row in session.execute(_TEXTS, {"ids": list(ids)}):
        said = [stem(word) for word in words(row.said)]
        size = len(phrase)
        if any(tuple(said[at : at + size]) == phrase for at in range(len(said) - size + 1)):
            found.append(row.id)
    return found


def why(offer: OfferSummary, question: Question, shelf: Shelf | None, judged: Judged | None) -> Why:
    """Return what in an offer answers a question."""
    if shelf is None or judged is None or not question.concepts:
        return Why(name=[], summary=[], provider=[], elsewhere=False, topics=[], languages=[], missing=[])
    row = shelf.row_of[offer.id]
    ways = [way for concept in question.concepts for way in concept.ways]
    meant = {str(term) for way in ways if way.kind == "words" for term in way.key}
    above = shelf.table.vocabulary.above
    slugs = {slug for topic in offer.topics for slug in (topic.slug, above.get(topic.slug, ""))}
    name, summary = _spans(offer.name, meant), _spans(offer.summary, meant)
    provider = _spans(offer.organization.name, meant) if offer.organization else []
    topics = sorted({str(way.key[0]) for way in ways if way.kind == "topic"} & slugs)
    return Why(
        name=name,
        summary=summary,
        provider=provider,
        elsewhere=not (name or summary or provider or topics),
        topics=topics,
        languages=sorted({str(way.key[0]) for way in ways if way.kind == "language"} & set(offer.languages)),
        missing=[
            concept.said
            for concept, answers in zip(question.concepts, judged.answers, strict=True)
            if not answers[row]
        ],
    )


def did_you_mean(
    said: str, question: Question, shelf: Shelf | None, found: Sequence[OfferSummary]
) -> str | None:
    """Return a question with slips mended, written as the offers found write it; None: nothing was mended."""
    if shelf is None:
        return None
    mended = said
    for concept in question.concepts:
        if concept.read:
            mended = mended.replace(concept.said, _written(concept.read, shelf, found))
    return mended if mended != said else None


def _spans(said: str, meant: set[str]) -> list[Span]:
    """Return where words stand that were meant, whole or as a part of a compound, without overlaps."""
    spans: list[Span] = []
    for token in tokens(said):
        pieces = lexicon.parts().stems(said[token.start : token.end])
        if (token.stem in meant or meant.intersection(pieces)) and (
            not spans or spans[-1].end <= token.start
        ):
            spans.append(Span(start=token.start, end=token.end))
    return spans


def _written(word: str, shelf: Shelf, found: Sequence[OfferSummary]) -> str:
    """Return a folded word as people write it: with capitals and umlauts."""
    for offer in found:
        for one in words(f"{offer.name} {offer.summary}"):
            if fold(one) == word:
                return one
    return shelf.lexicon.written.get(word, word)
