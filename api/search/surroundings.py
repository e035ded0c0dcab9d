"""What a region's offers are found by besides their own words: topics, audiences, spaces."""

from sqlalchemy import select
from sqlmodel import Session, col

from api.core.tables import columns
from api.regions.models import Region
from api.search.lexicon import Lexicon
from api.search.shelf import Where
from api.search.table import Vocabulary
from api.spaces import queries as spaces
from api.spaces.models import Division, Space, SpaceOverlap
from api.taxonomy import service as taxonomy

_made: dict[str, Lexicon] = {}  # the latest one alone


def lexicon(session: Session) -> Lexicon:
    """Return what words mean in an installation; made anew only when topics or groups change: it is slow."""
    topics, audiences = taxonomy.topics(session), taxonomy.audiences(session)
    said = repr((topics, audiences))
    known = _made.get(said)
    if known is None:
        known = Lexicon(topics, audiences)
        _made.clear()
        _made[said] = known
    return known


def vocabulary(session: Session, region: Region) -> Vocabulary:
    """Return the choices of a region's filters."""
    topics = taxonomy.topics(session)
    known = session.execute(spaces.refs(region)).all()
    overlaps: dict[int, set[str]] = {}
    rows = session.execute(
        select(col(SpaceOverlap.space_id), col(Space.key))
        .join(Space, col(Space.id) == col(SpaceOverlap.other_id))
        .where(col(SpaceOverlap.space_id).in_([space.id for space in known]))
    )
    for space_id, key in rows:
        overlaps.setdefault(space_id, set()).add(key)
    division = select(columns(Division).slug).where(
        col(Division.region_id) == region.id, col(Division.resident_level).is_not(None)
    )
    return Vocabulary(
        above={child.slug: topic.slug for topic in topics for child in topic.children},
        topics=frozenset(one.slug for topic in topics for one in (topic, *topic.children)),
        top=tuple(topic.slug for topic in topics),
        zone=region.timezone,
        state=region.state,
        audiences=frozenset(audience.slug for audience in taxonomy.audiences(session)),
        resident_division=session.scalar(division) or "",
        resident={space.id: space.key for space in known if space.is_resident},
        spaces={space.key: (space.id, space.division) for space in known},
        overlaps={space_id: frozenset(keys) for space_id, keys in overlaps.items()},
    )


def places(session: Session, region: Region) -> list[Where]:
    """Return the spaces of a region as people name them."""
    rows = session.execute(spaces.refs(region))
    return [Where(row.id, row.name, row.slug, row.is_resident) for row in rows]
