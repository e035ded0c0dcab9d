"""The vocabulary: reading it as a tree, and loading it from its files."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from api.core.errors import FieldError, InvalidInputError
from api.core.tables import columns
from api.taxonomy.models import Audience, Topic
from api.taxonomy.schemas import AudienceOut, CountedTopic, TopicOut


def topics(session: Session) -> list[TopicOut]:
    """Return the topics as a tree of two levels, in their fixed order."""
    rows = session.execute(select(*columns(Topic)).order_by(col(Topic.position))).all()
    tree = {row.id: TopicOut.model_validate(row) for row in rows}
    for row in rows:
        if row.parent_id is not None:
            tree[row.parent_id].children.append(tree[row.id])
    return [tree[row.id] for row in rows if row.parent_id is None]


def counted(topics: Iterable[TopicOut], counts: Mapping[str, int]) -> list[CountedTopic]:
    """Return the topics that have offers, with their numbers."""
    return [
        CountedTopic(**topic.model_dump(), count=counts[topic.slug])
        for topic in topics
        if counts.get(topic.slug)
    ]


def audiences(session: Session) -> list[AudienceOut]:
    """Return the audiences in their fixed order."""
    rows = session.execute(select(*columns(Audience)).order_by(col(Audience.position)))
    return [AudienceOut.model_validate(row) for row in rows]


def with_children(session: Session, slugs: Sequence[str]) -> list[str]:
    """Return the slugs and those of all topics below them, or raise InvalidInputError naming the unknown."""
    wanted = select(col(Topic.id)).where(col(Topic.slug).in_(slugs))
    rows = session.scalars(
        select(col(Topic.slug)).where(col(Topic.id).in_(wanted) | col(Topic.parent_id).in_(wanted))
    ).all()
    check_known("topic", slugs, rows)
    return list(rows)


def helplines(session: Session, slugs: Sequence[str]) -> list[str]:
    """Return the kinds of helplines that belong to these topics or to the ones above them."""
    if not slugs:
        return []
    parents = select(col(Topic.parent_id)).where(
        col(Topic.slug).in_(slugs), col(Topic.parent_id).is_not(None)
    )
    rows = session.scalars(
        select(col(Topic.helplines))
        .where(col(Topic.slug).in_(slugs) | col(Topic.id).in_(parents))
        .order_by(col(Topic.position))
    ).all()
    return list(dict.fromkeys(kind for kinds in rows for kind in kinds))


def check_audiences(session: Session, slugs: Sequence[str]) -> None:
    """Raise InvalidInputError if one of the audiences does not exist."""
    if not slugs:
        return
    rows = session.scalars(select(col(Audience.slug)).where(col(Audience.slug).in_(slugs))).all()
    check_known("audience", slugs, rows)


def check_known(field: str, slugs: Iterable[str], known: Iterable[str]) -> None:
    """Raise InvalidInputError that names the field if a slug is not among the known ones."""
    unknown = sorted(set(slugs) - set(known))
    if unknown:
        detail = f"“{unknown[0]}” is not known"
        raise InvalidInputError(f"{field}: {detail}.", [FieldError(field, detail)])
