"""A list on its way: what a form says of it, and what a button does to it. Nothing of it is kept.

Every page that leads to a list sends the same fields to /liste by POST, in this order:

* `o`, once for each entry: the number of an offer ("12"), or of an offer and of one of its places ("12.7");
* `n`, for each note of an entry: its position among the fields `o`, from 0, and a value of Note
  ("0:call_first"). Notes that nobody knows are passed over.

The page of the draft itself adds `do`: "up:2", "down:2" or "remove:2", and `sprache`, the language in which
the list will be read.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from api.core.errors import FieldError, InvalidInputError
from api.core.languages import LANGUAGES
from api.referrals.models import MOST_ENTRIES, Note
from api.referrals.schemas import Wanted

MOST_BYTES: Final = 24_000
MOST_FIELDS: Final = 600  # a Merkliste of 100 offers, or a full list with all notes
_ENTRY: Final = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,18}))?", re.ASCII)
_NOTE: Final = re.compile(r"([0-9]{1,3}):([a-z_]{1,20})", re.ASCII)
_NOTES: Final = {note.value: note for note in Note}
_STEP: Final = re.compile(r"(up|down|remove):([0-9]{1,3})", re.ASCII)

Pairs = Sequence[tuple[str, str]]


class Draft(NamedTuple):
    """Entries in their order, how many did not fit, and for which language the list is meant."""

    entries: list[Wanted]
    left_out: int
    locale: str


def read(pairs: Pairs, locale: str) -> Draft:
    """Return what a form says; raise InvalidInputError for entries that no page of ours sends."""
    wanted = _wanted(pairs)
    asked = [value for name, value in pairs if name == "sprache"]
    chosen = asked[-1] if asked and asked[-1] in LANGUAGES else locale
    entries = _stepped(wanted, [value for name, value in pairs if name == "do"])
    return Draft(entries[:MOST_ENTRIES], len(entries[MOST_ENTRIES:]), chosen)


def said(entry: Wanted) -> str:
    """Return an entry as the field `o` says it."""
    return str(entry.offer_id) if entry.place_id is None else f"{entry.offer_id}.{entry.place_id}"


def _wanted(pairs: Pairs) -> list[Wanted]:
    """Return every entry once, with all notes that any of its doubles has."""
    notes: dict[int, set[Note]] = {}
    for name, value in pairs:
        match = _NOTE.fullmatch(value) if name == "n" else None
        if match and match[2] in _NOTES:
            notes.setdefault(int(match[1]), set()).add(_NOTES[match[2]])
    found: dict[tuple[int, int | None], Wanted] = {}
    for position, value in enumerate(value for name, value in pairs if name == "o"):
        match = _ENTRY.fullmatch(value)
        if match is None:
            raise InvalidInputError("o: no entry of a list.", [FieldError("o", "no entry of a list")])
        key = (int(match[1]), int(match[2]) if match[2] else None)
        before = found.get(key, Wanted(*key))
        found[key] = before._replace(notes=before.notes | notes.get(position, set()))
    return list(found.values())


def _stepped(entries: list[Wanted], steps: Sequence[str]) -> list[Wanted]:
    """Return the entries after the buttons that were pressed; what leads nowhere does nothing."""
    for step in steps:
        match = _STEP.fullmatch(step)
        if match is None or int(match[2]) >= len(entries):
            continue
        position = int(match[2])
        moved = entries.pop(position)
        if match[1] != "remove":
            entries.insert(max(position + (1 if match[1] == "down" else -1), 0), moved)
    return entries
