"""Loads the installation's topics and audiences from data/taxonomy; loading again changes nothing."""

from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field
from sqlalchemy import select
from sqlmodel import Session

from api.core.languages import LANGUAGES
from api.regions.helplines import Kind
from api.taxonomy.models import Audience, Topic
from importers.put import put
from importers.strict import Strict, read_toml


class Named(Strict):
    """What has a name in each language; where one is missing, pages show the German one."""

    model_config = ConfigDict(populate_by_name=True)

    slug: str = Field(min_length=1)
    de: str = Field(min_length=1)
    de_simple: str = Field(default="", alias="de-simple")
    en: str = ""
    tr: str = ""
    ar: str = ""
    uk: str = ""

    def names(self) -> dict[str, str]:
        """Return the names by language."""
        said = {code: getattr(self, code.replace("-", "_")) for code in LANGUAGES}
        return {code: name for code, name in said.items() if name}


class Term(Named):
    """A topic with its finer topics."""

    icon: str = ""
    description_de: str = ""
    description_en: str = ""
    synonyms: list[str] = Field(default=[])
    helplines: list[Kind] = Field(default=[])
    children: list["Term"] = Field(default=[])


class Group(Named):
    """An audience; ages in years."""

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
        "names": term.names(),
        "descriptions": {language: said for language, said in descriptions.items() if said},
        "synonyms": term.synonyms,
        "helplines": list(term.helplines),
    }


def _load_audiences(session: Session, groups: list[Group]) -> list[str]:
    rows = {row.slug: row for row in session.scalars(select(Audience))}
    left = set(rows)
    for position, group in enumerate(groups, start=1):
        values = {
            "slug": group.slug,
            "position": position,
            "names": group.names(),
            "min_age": group.min_age,
            "max_age": group.max_age,
        }
        put(session, Audience, rows.get(group.slug), values)
        left.discard(group.slug)
    return [f"Zielgruppe „{slug}“ steht in keiner Datei mehr und bleibt bestehen." for slug in sorted(left)]
