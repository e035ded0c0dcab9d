"""The vocabulary of this installation, as its tables have it."""

from sqlalchemy import select
from sqlmodel import Session

from api.core.tables import columns
from api.hsds.terms import ENGLISH, GERMAN, MARKS, Term, Vocabulary
from api.taxonomy.models import Audience, Topic


def read(session: Session) -> Vocabulary:
    """Return the vocabulary of this installation."""
    topic, audience = columns(Topic), columns(Audience)
    topics = session.execute(
        select(topic.id, topic.parent_id, topic.slug, topic.names, topic.descriptions).order_by(
            topic.position, topic.id
        )
    ).all()
    slugs = {row.id: row.slug for row in topics}
    found = [
        _term(f"topic:{row.slug}", row.names, row.descriptions.get(GERMAN), slugs.get(row.parent_id))
        for row in topics
    ]
    audiences = session.execute(
        select(audience.slug, audience.names).order_by(audience.position, audience.id)
    )
    found += [_term(f"audience:{row.slug}", row.names) for row in audiences]
    found += [Term(code, name, name, ENGLISH) for code, name in MARKS.items()]
    return Vocabulary(found)


def _term(
    code: str, names: dict[str, str], description: str | None = None, parent: str | None = None
) -> Term:
    name = names.get(GERMAN) or code.partition(":")[2]
    return Term(code, name, description or name, GERMAN, f"topic:{parent}" if parent else None)
