"""What a document says, from the weightiest words to the least: the same for both baselines."""

from dataclasses import dataclass
from typing import Final

from babel import Locale

from bench.search.corpus import Document

_GERMAN: Final = Locale("de").languages


@dataclass(frozen=True)
class Texts:
    """The four weights of a PostgreSQL tsvector: name; whose and for whom; what and where; all else."""

    a: str
    b: str
    c: str
    d: str


def weigh(document: Document, *, with_synonyms: bool) -> Texts:
    """Return a document's texts; the synonyms of its topics, which the database has, count as its summary."""
    where = [word for place in document.places for word in place.words()]
    # Nearly all offers are in German: only another language is worth a word.
    spoken = [_GERMAN.get(code, "") for code in document.languages if code != "de"]
    synonyms = document.topic_synonyms if with_synonyms else []
    return Texts(
        a=document.name,
        b=" \n".join([*document.topic_names, document.provider, *document.audience_names]),
        c=" \n".join([document.summary, *dict.fromkeys(where), *spoken, *synonyms]),
        d=document.description,
    )
