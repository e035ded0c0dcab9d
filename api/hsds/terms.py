"""Taxonomies and their terms: topics, audiences, and marks for what HSDS has no field for.

Nothing here needs the database: files are read in a process of their own, which starts for each file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from api.hsds import ids

Document = dict[str, Any]

GERMAN, ENGLISH = "de", "en"
SUMMARY, HOURS, LINE = "text:summary", "text:hours", "text:line"
HIDDEN, OUTREACH, EXAMPLE = "address:hidden", "reach:outreach", "example:yes"
KEPT: Final = "hsds"  # where the import keeps the objects of a row, without people
SPACE_KEY: Final = "space-key"  # how the extent of a service area is said: "lor:110306"
TAXONOMIES: Final = {
    "topic": ("Themen der Unterstützungs-Landkarte", "What people need, in their own words; two levels"),
    "audience": ("Zielgruppen der Unterstützungs-Landkarte", "For whom an offer is made"),
    "mark": ("Merkmale der Unterstützungs-Landkarte", "What HSDS has no field of its own for"),
}
MARKS: Final = {
    "cost:free": "Free of charge",
    "cost:covered": "Paid by the state for people with little money (Bildung und Teilhabe)",
    "cost:paid": "Costs money",
    "access:walk_in": "Open to all, without an appointment",
    "access:call_first": "Please call first",
    "access:appointment": "By appointment",
    "access:referral": "By referral",
    "level:2": "Neighbours and self-help",
    "level:3": "Associations and meeting places",
    "level:4": "Professional advice and public offices",
    "wheelchair:yes": "Suits wheelchairs",
    "wheelchair:partly": "Suits wheelchairs in part",
    "wheelchair:no": "Does not suit wheelchairs",
    HIDDEN: "The address is not public",
    OUTREACH: "Comes to people",
    EXAMPLE: "Invented, for show",
    SUMMARY: "The summary with which the description begins",
    HOURS: "The hours in the words of the source",
    LINE: "The whole line of the timetable, as our own API takes it: HSDS cannot say all of it",
}


class Term(NamedTuple):
    """A term of one of our taxonomies; code: "topic:geld"."""

    code: str
    name: str
    description: str
    language: str
    parent: str | None = None  # code

    @property
    def kind(self) -> str:
        """Return the key of the taxonomy."""
        kind = self.code.partition(":")[0]
        return kind if kind in TAXONOMIES else "mark"

    @property
    def id(self) -> str:
        """Return the identifier, the same in every installation."""
        return ids.of_everywhere("term", self.code)


def taxonomy_id(kind: str) -> str:
    """Return the identifier of a taxonomy."""
    return ids.of_everywhere("taxonomy", kind)


def taxonomy(kind: str) -> Document:
    """Return one of our taxonomies."""
    name, description = TAXONOMIES[kind]
    return {"id": taxonomy_id(kind), "name": name, "description": description}


@dataclass(frozen=True)
class Vocabulary:
    """All our terms in their order, ready to be linked."""

    terms: Sequence[Term]

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Return the terms as HSDS has them, by code."""
        return {term.code: _document(term) for term in self.terms}

    @cached_property
    def by_id(self) -> dict[str, Term]:
        """Return the terms by identifier."""
        return {term.id: term for term in self.terms}

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Return of each code that code and those of the level below."""
        found = {term.code: [term.code] for term in self.terms}
        for term in self.terms:
            if term.parent:
                found[term.parent].append(term.code)
        return found

    def attribute(self, entity: str, link_id: str, code: str, value: str | None = None) -> Document:
        """Return the link of an entity to a term."""
        found = {"id": ids.part(link_id, "attribute", code), "link_type": code.partition(":")[0]}
        found["link_entity"] = entity
        if value is not None:
            found["value"] = value
        return {**found, "taxonomy_term": self.documents[code]}

    def attributes(self, entity: str, link_id: str, codes: Sequence[str]) -> list[Document]:
        """Return the links of an entity to terms; what is no term any more is left out."""
        return [self.attribute(entity, link_id, code) for code in codes if code in self.documents]


def _document(term: Term) -> Document:
    detail = taxonomy(term.kind)
    found = {"id": term.id, "code": term.code, "name": term.name, "description": term.description}
    if term.parent:
        found["parent_id"] = ids.of_everywhere("term", term.parent)
    found |= {"taxonomy": detail["name"], "language": term.language, "taxonomy_id": detail["id"]}
    return {**found, "taxonomy_detail": detail}


def every_taxonomy() -> Iterator[Document]:
    """Yield our taxonomies."""
    return map(taxonomy, TAXONOMIES)


def of_taxonomy(term: Document) -> str | None:
    """Return the identifier of the taxonomy of a term, also of one that is not ours."""
    detail = term.get("taxonomy_detail") or {}
    found = detail.get("id") or term.get("taxonomy_id")
    return None if found is None else str(found)
