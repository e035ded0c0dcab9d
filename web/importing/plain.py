"""What the assistant says of a list, for people who know their list but no words of ours."""

import re
from collections.abc import Mapping
from typing import Final

from web.importing.labels import FIELDS

PLAINER: Final = (
    (", x und y vertauscht", " (die beiden Spalten sind vertauscht)"),
    ("wenn Sie es in der Zuordnung eintragen", "wenn Sie unten wählen, was gilt"),
    ("alle Werte sind Kürzel, die es gibt", "alle Werte kennt die Landkarte"),
    ("dieser Layer", "diese Ebene"),
    ("andere Layer", "andere Ebenen"),
)
_FIELD: Final = re.compile(r"(?<=sie könnte )[a-z_]+(?= füllen)|(?<=Das Feld )[a-z_]+(?= fällt)")
_RULE: Final = re.compile(r"(?<=Eine Regel für ).+(?= fällt)")


def plain(text: str, topics: Mapping[str, str] | None = None) -> str:
    """Return a sentence without names of our fields. topics: names by their slugs."""
    for ours, theirs in PLAINER:
        text = text.replace(ours, theirs)
    text = _FIELD.sub(lambda found: f"„{FIELDS.get(found[0], found[0])}“", text)
    names = topics or {}
    return _RULE.sub(lambda found: ", ".join(names.get(one, one) for one in found[0].split(", ")), text)
