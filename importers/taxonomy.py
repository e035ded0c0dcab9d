"""Loads the installation's topics and audiences from data/taxonomy; loading again changes nothing."""

from pathlib import Path
from typing import Any

from pydantic import Field
from sqlalchemy import select
from sqlmodel import Session

from api.taxonomy.models import Audience, Topic
from importers.put import put
from importers.strict import Strict, read_toml


class Term(Strict):
    """A topic with its finer topics."""

    slug: str = Field(min_length=1)
    icon: str = ""
    de: str = Field(min_length=1)
    en: str = Field(min_length=1)
    description_de: str = ""
    description_en: str = ""
    synonyms: list[str] = Field(default=[])
    children: list["Term"] = Field(default=[])


class Group(Strict):
    """An audience; ages in years."""

    slug: str = Field(min_length=1)
    de: str = Field(min_length=1)
    en: str = Field(min_length=1)
    min_age: int | None = None
    max_age: int | None = None


class TopicsFile(Strict):
    """topics.toml."""

    topics: list[Term]


class AudiencesFile(Strict):
    """audiences.toml."""

    audiences: list[Group]


def load(session: Session, folder: Path) -> list[str]:
    """Bring topics and audiences to what the files say; return remarks on what is in no file any more.

    Nothing is deleted: offers may carry it.
    """
    topics = read_toml(folder / "topics.toml", TopicsFile).topics
    audiences = read_toml(folder / "audiences.toml", AudiencesFile).audiences
    return [*_load_topics(session, topics), *_load_audiences(session, audiences)]


def _load_topics(session: Session, terms: list[Term]) -> list[str]:
    rows = {row.slug: row for row in session.scalars(select(Topic))}
    left = set(rows)
    position = 0
    for parent in terms:
        for term in (parent, *parent.children):
            position += 1
            values = _topic_values(term, parent, position)
            values["parent_id"] = None if term is parent else rows[parent.slug].id
            rows[term.slug] = put(session, Topic, rows.get(term.slug), values)
            left.discard(term.slug)
    return [f"Thema „{slug}“ steht in keiner Datei mehr und bleibt bestehen." for slug in sorted(left)]


def _topic_values(term: Term, parent: Term, position: int) -> dict[str, Any]:
    descriptions = {"de": term.description_de, "en": term.description_en}
    return {
        "slug": term.slug,
        "icon": term.icon or parent.icon,
        "position": position,
        "names": {"de": term.de, "en": term.en},
        "descriptions": {language: said for language, said in descriptions.items() if said},
        "synonyms": term.synonyms,
    }


def _load_audiences(session: Session, groups: list[Group]) -> list[str]:
    rows = {row.slug: row for row in session.scalars(select(Audience))}
    left = set(rows)
    for position, group in enumerate(groups, start=1):
        values = {
            "slug": group.slug,
            "position": position,
            "names": {"de": group.de, "en": group.en},
            "min_age": group.min_age,
            "max_age": group.max_age,
        }
        put(session, Audience, rows.get(group.slug), values)
        left.discard(group.slug)
    return [f"Zielgruppe „{slug}“ steht in keiner Datei mehr und bleibt bestehen." for slug in sorted(left)]
