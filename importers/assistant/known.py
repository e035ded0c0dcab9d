"""The next list of a kind: a mapping that was made before is used again, and what is different is named."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from importers.assistant.draft import Certainty, Draft, Guess, Unused
from importers.errors import UnusableError
from importers.mapping import Mapping, mapping_of, read_mapping

FITS: Final = 0.75  # share of a mapping's columns that the file must have
LISTS: Final = ("columns", "key", "offer_key", "points", "fill_down")  # of columns, in any table
FEWEST: Final = 3  # columns, so that "name" alone does not make a kind


def used(fresh: Draft, candidates: Sequence[Path]) -> Draft:
    """Return the draft with the mapping that fits its columns best; as it is if none does.

    Where a column is gone, and the fresh guess has another one for the same field, that one is taken.
    """
    names = {column.name for column in fresh.columns}
    best, share, path = None, 0.0, None
    for candidate in candidates:
        try:
            mapping = read_mapping(candidate)
        except UnusableError:
            continue  # somebody is still writing it
        wanted = _columns(mapping)
        if mapping.source.region != fresh.mapping.source.region or len(wanted) < FEWEST:
            continue
        there = len(wanted & names) / len(wanted)
        if there >= FITS and there > share:
            best, share, path = mapping, there, candidate
    return fresh if best is None or path is None else _with(fresh, best, path.name, names)


def _columns(mapping: Mapping) -> set[str]:
    return {column for _, column in mapping.named_columns()} - set(mapping.file.made)


def _with(fresh: Draft, mapping: Mapping, origin: str, names: set[str]) -> Draft:
    gone = sorted(_columns(mapping) - names)
    renamed = {column: new for column in gone if (new := _renamed(column, mapping, fresh))}
    told = _replaced(mapping.model_dump(mode="json", exclude_defaults=True), renamed)
    lost = [column for column in gone if column not in renamed]
    told, dropped = _without(told, lost)
    again = mapping_of(told, origin)
    warnings = [f"„{old}“ heißt jetzt wohl „{new}“." for old, new in renamed.items()]
    warnings += [f"Die Spalte „{column}“ gibt es nicht mehr." for column in lost]
    warnings += [f"{what} fällt darum weg." for what in dropped]
    said = f"wie in {origin}"
    guesses = [
        Guess(field=field, specs=specs, certainty=Certainty.SURE, reason=said)
        for field, specs in again.fields.items()
    ]
    taken = _columns(again)
    extra = [
        f"Neu ist „{column.name}“; sie könnte {guess.field} füllen."
        for column in fresh.columns
        if column.name not in taken
        for guess in fresh.guesses
        if column.name in guess.specs and guess.field not in again.fields
    ]
    unused = {one.column: one.reason for one in fresh.unused}
    return fresh.model_copy(
        update={
            "mapping": again,
            "guesses": guesses,
            "unused": [
                Unused(column=column.name, reason=unused.get(column.name, f"{said} nicht benutzt"))
                for column in fresh.columns
                if column.name not in taken
            ],
            "rules": [],
            "file_reasons": dict.fromkeys(again.file.model_dump(exclude_defaults=True), said),
            "warnings": [
                f"Die Zuordnung {origin} passt und wird wieder benutzt.",
                *warnings,
                *extra,
                *fresh.warnings,
            ],
            "missing": [],
        }
    )


def _renamed(column: str, mapping: Mapping, fresh: Draft) -> str | None:
    """Return the column that the fresh guess has for the fields which the lost one filled."""
    known = _columns(mapping)
    for field in mapping.fields:
        if column in mapping.columns_of(field) and field in fresh.by_field:
            specs = fresh.by_field[field].specs
            if len(specs) == 1 and specs[0] not in known and "{" not in specs[0]:
                return specs[0]
    return None


def _replaced(told: dict[str, Any], renamed: dict[str, str]) -> dict[str, Any]:
    """Return the mapping with new names for columns, wherever columns stand and nowhere else."""

    def new(spec: str) -> str:
        for old, name in renamed.items():
            spec = name if spec == old else spec.replace(f"{{{old}}}", f"{{{name}}}")
        return spec

    fields = {field: list(map(new, specs)) for field, specs in told["fields"].items()}
    found = told | {"fields": fields, "file": _renamed_in(told["file"], new)}
    for table in ("rules", "skip"):
        if table in told:
            found[table] = [_renamed_in(one, new) for one in told[table]]
    return found


def _renamed_in(table: dict[str, Any], new: Callable[[str], str]) -> dict[str, Any]:
    lists = {name: list(map(new, table[name])) for name in LISTS if name in table}
    one = {"column": new(table["column"])} if table.get("column") else {}
    return table | lists | one


def _without(told: dict[str, Any], lost: list[str]) -> tuple[dict[str, Any], list[str]]:
    """Return the mapping without what needs lost columns, and what that was."""
    dropped = []
    fields = {}
    for field, specs in told["fields"].items():
        kept = [spec for spec in specs if not any(spec == one or f"{{{one}}}" in spec for one in lost)]
        if kept:
            fields[field] = kept
        else:
            dropped.append(f"Das Feld {field}")
    told = told | {"fields": fields}
    for table in ("rules", "skip"):
        kept_rules = []
        for rule in told.get(table, []):
            columns = [column for column in rule.get("columns", []) if column not in lost]
            if rule.get("column") in lost or (rule.get("columns") and not columns):
                dropped.append(f"Eine Regel für {', '.join(rule.get('topics', rule.get('audiences', [])))}")
            else:
                kept_rules.append(rule | ({"columns": columns} if rule.get("columns") else {}))
        if kept_rules or table in told:
            told[table] = kept_rules
    for name in LISTS:
        if name in told["file"]:
            told["file"] = told["file"] | {
                name: [column for column in told["file"][name] if column not in lost]
            }
    return told, dropped
