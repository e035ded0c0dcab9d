"""The way without an index: the database looks for the words itself, plainly, until there is one again."""

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlmodel import Session, col

from api.offers import queries
from api.offers.models import Offer
from api.organizations.models import Organization
from api.regions.models import Region
from api.search import lexicon, surroundings
from api.search.analysis import fold, stem, words
from api.search.lexicon import Lexicon

MOST_WORDS = 8


def matching(session: Session, region: Region, text: str) -> list[int]:
    """Return the ids of published offers that have all words of a text, else of those that have any."""
    said = [word for word in words(text) if not lexicon.says_nothing(word)]
    telling = [word for word in said if fold(word) not in lexicon.weak()] or said
    known = surroundings.lexicon(session)
    conditions = [_has(word, known) for word in telling[:MOST_WORDS]]
    if not conditions:
        return []
    return _ids(session, region, and_(*conditions)) or _ids(session, region, or_(*conditions))


def _ids(session: Session, region: Region, condition: ColumnElement[bool]) -> list[int]:
    rows = select(col(Offer.id)).where(queries.published(region.id), condition)
    return list(session.scalars(rows.order_by(func.lower(col(Offer.name)), col(Offer.id))))


def _has(word: str, known: Lexicon) -> ColumnElement[bool]:
    own = stem(word)
    ways: list[ColumnElement[bool]] = [_text().contains(own, autoescape=True)]
    as_written, by_stem = known.meanings([word])
    meanings = as_written or by_stem
    topics = [meaning.key[0] for meaning in meanings if meaning.kind == "topic"]
    if topics:
        ways.append(col(Offer.topics).op("&&")(literal(topics, ARRAY(TEXT))))
    languages = [meaning.key[0] for meaning in meanings if meaning.kind == "language"]
    if languages:
        ways.append(col(Offer.languages).op("&&")(literal(languages, ARRAY(TEXT))))
    return or_(*ways)


def _text() -> ColumnElement[str]:
    """Return what an offer says, with letters as api.search.analysis.fold has them, as far as SQL can."""
    provider = (
        select(col(Organization.name))
        .where(col(Organization.id) == col(Offer.organization_id))
        .scalar_subquery()
    )
    said = func.concat_ws(" ", col(Offer.name), col(Offer.summary), col(Offer.description), provider)
    return func.replace(func.translate(func.lower(said), "äöüéèáàç", "aoueeaac"), "ß", "ss")
