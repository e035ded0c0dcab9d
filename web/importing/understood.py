"""What was understood of a list, in plain words with examples: fields, topics, how the file was read."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from importers.assistant.draft import Certainty, Draft
from importers.file_table import LON_LAT
from importers.rules import Rule
from web.importing.labels import FIELDS, GROUPS
from web.importing.plain import plain

SHOWN: Final = 2  # examples of a column
LONGEST: Final = 40  # letters of an example

Names = Mapping[str, str]


class Line(NamedTuple):
    """One thing that was understood: of which fields, from which columns."""

    label: str
    fields: list[str]
    columns: list[str]
    examples: list[str]
    reason: str
    is_sure: bool


def lines(draft: Draft) -> list[Line]:
    """Return what fills the fields of an offer, in the order of the form."""
    filled = [name for group in GROUPS.values() for name in group if name in draft.mapping.fields]
    found = []
    for name in filled:
        if name == "lat" and "lon" in filled:
            continue  # said with lon
        fields = [one for one in LON_LAT if one in filled] if name in LON_LAT else [name]
        found.append(_line(draft, fields))
    return found


def _line(draft: Draft, fields: list[str]) -> Line:
    guesses = [draft.by_field[name] for name in fields if name in draft.by_field]
    columns = [
        column
        for name in fields
        for made in draft.mapping.columns_of(name)
        for column in (draft.mapping.file.point_columns if made in draft.mapping.file.made else [made])
    ]
    columns = list(dict.fromkeys(columns))
    label = FIELDS[fields[0]]
    reasons = dict.fromkeys(guess.reason for guess in guesses)
    return Line(
        label,
        fields,
        columns,
        _examples(draft, columns),
        plain("; ".join(reasons)),
        all(guess.certainty == Certainty.SURE for guess in guesses),
    )


def _examples(draft: Draft, columns: list[str]) -> list[str]:
    """Return some values of a column; of several columns the first of each, together."""
    known = {column.name: column.examples for column in draft.columns}
    examples = [known.get(column, []) for column in columns]
    if len(columns) == 1:
        return [_short(value) for value in examples[0][:SHOWN]]
    return [_short(" ".join(values[0] for values in examples if values))]


def _short(value: str) -> str:
    return value if len(value) <= LONGEST else f"{value[:LONGEST].rstrip()} …"


class RuleLine(NamedTuple):
    """One rule in words: what follows, from which words in which columns, for how many rows."""

    follows: str
    columns: list[str]
    words: list[str]
    rows: int  # 0: nobody has counted


def rule(draft: Draft, number: int, topics: Names) -> RuleLine:
    """Return a rule as people read it."""
    said: Rule = draft.mapping.rules[number]
    known = draft.rules[number].rows if number < len(draft.rules) else 0
    follows = ", ".join(topics.get(one, one) for one in (*said.topics, *said.audiences))
    return RuleLine(follows, said.named, said.contains or said.equals, known)


def reading(draft: Draft) -> list[str]:
    """Return how the file itself was read, where that is not plain to see."""
    said: list[str] = []
    table: dict[str, Any] = draft.mapping.file.model_dump(exclude_defaults=True)
    if "sheet" in table:
        said.append(f"Gelesen wird Blatt „{table['sheet']}“.")
    if "object" in table:
        said.append(f"Gelesen wird die Ebene „{table['object']}“.")
    if "fill_down" in table:
        columns = ", ".join(f"„{column}“" for column in table["fill_down"])
        said.append(f"Leere Zellen in {columns} bekommen den Wert darüber (verbundene Zellen).")
    if "header" in table:
        said.append(f"Die Namen der Spalten stehen in Zeile {table['header']}.")
    if table.get("header_rows", 1) > 1:
        said.append(f"Die Namen der Spalten stehen in {table['header_rows']} Zeilen.")
    if "crs" in table:
        said.append("Die Koordinaten werden umgerechnet.")
    if table.get("axes"):
        said.append("Länge und Breite sind vertauscht; wir tauschen sie.")
    return said


def in_words(draft: Draft, topics: Names) -> list[str]:
    """Return what people should know before they look at the fields."""
    return [plain(warning, topics) for warning in draft.warnings]
