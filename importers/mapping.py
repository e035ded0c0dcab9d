"""The mapping file of a source: which column is which field, and which words mean which topic."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from importers.addressed import parted
from importers.errors import UnusableError
from importers.file_table import FileTable
from importers.record import Record
from importers.rules import Rule, Skip
from importers.strict import DataDate, Strict, WebAddress, meant, read_content, read_toml
from importers.values import as_text, line

# A whole address in one cell; it fills those of its parts that the row does not say by themselves.
ADDRESS = "address"
PARTS = ("street", "postcode", "town")
_GOVERNED = tuple(Record.model_fields)
FIELDS = (*_GOVERNED, ADDRESS)
_COLUMN = re.compile(r"\{([^{}]+)\}")


def _alternatives(spec: object) -> list[str]:
    if isinstance(spec, str):
        return [spec]
    if isinstance(spec, list) and spec and all(isinstance(column, str) for column in spec):
        return spec
    raise ValueError("muss ein Spaltenname, ein Text mit {Spalte} oder eine Liste davon sein")


# What stands in a new mapping where only a person knows the answer.
UNKNOWN = "unbekannt – bitte eintragen"


class Published(Strict):
    """Who published data for a region on what terms."""

    slug: str = Field(min_length=1)
    region: str = Field(min_length=1)
    title: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    url: WebAddress = ""
    licence: str = Field(min_length=1)
    licence_url: WebAddress = ""
    attribution: str = Field(min_length=1)
    date: DataDate | None = None


class SourceTable(Published):
    """Who published a list on what terms, and how far its import is trusted."""

    trust: Literal["apply", "propose"] = "propose"
    examples: bool = False

    @model_validator(mode="after")
    def _is_complete(self) -> "SourceTable":
        open_ = [name for name in type(self).model_fields if getattr(self, name) == UNKNOWN]
        if open_ and self.trust == "apply":
            raise ValueError(f'{", ".join(open_)}: bitte erst eintragen, dann geht trust = "apply"')
        return self


class Mapping(Strict):
    """A whole mapping file."""

    source: SourceTable
    file: FileTable
    fields: dict[str, Annotated[list[str], BeforeValidator(_alternatives)]]
    defaults: dict[str, Any] = Field(default={})
    skip: list[Skip] = Field(default=[])
    rules: list[Rule] = Field(default=[])

    @property
    def governed(self) -> list[str]:
        """Return the fields that this source says something about; it leaves all others alone."""
        named = {*self.fields, *self.defaults}
        named |= {"topics" for rule in self.rules if rule.topics}
        named |= {"audiences" for rule in self.rules if rule.audiences}
        named |= set(PARTS) if ADDRESS in self.fields else set()
        return [field for field in _GOVERNED if field in named]

    def columns_of(self, field: str) -> list[str]:
        """Return the columns that a field is filled from."""
        specs = self.fields.get(field, []) + (self.fields.get(ADDRESS, []) if field in PARTS else [])
        return [column for spec in specs for column in _columns(spec)]

    def reader(self, field: str) -> Callable[[dict[str, Any]], Any]:
        """Return what reads from a row what it says for a field: of several alternatives the first filled."""
        specs = self.fields.get(field, [])
        has_parts = field in PARTS and ADDRESS in self.fields
        if len(specs) == 1 and not has_parts and not _COLUMN.search(specs[0]):
            return partial(_cell, specs[0])
        address = self.reader(ADDRESS) if has_parts else None
        return partial(_first_filled, [(spec, bool(_COLUMN.search(spec))) for spec in specs], address, field)

    def check_columns(self, known: set[str], origin: str) -> None:
        """Raise UnusableError if the mapping names a column that no row has."""
        for where, column in self.named_columns():
            if column not in known:
                raise UnusableError(
                    f"{origin}: {where} – die Spalte „{column}“ gibt es in der Datei nicht."
                    f"{meant(column, known)}"
                )

    def named_columns(self) -> Iterator[tuple[str, str]]:
        """Yield every column that is named, with where that is."""
        for name in ("key", "offer_key", "points"):
            for column in getattr(self.file, name):
                yield f"[file] {name}", column
        for field in self.fields:
            for column in self.columns_of(field):
                yield f"[fields] {field}", column
        for table, conditions in (("skip", self.skip), ("rules", self.rules)):
            for number, condition in enumerate(conditions, start=1):
                for column in condition.named:
                    yield f"[[{table}]] Nr. {number}", column


def read_mapping(path: Path) -> Mapping:
    """Return a mapping file or raise UnusableError that names file, table and key."""
    return _checked(read_toml(path, Mapping), str(path))


def mapping_of(content: dict[str, Any], origin: str) -> Mapping:
    """Return a mapping as a program says it, or raise UnusableError as read_mapping does."""
    return _checked(read_content(content, Mapping, origin), origin)


def _checked(mapping: Mapping, origin: str) -> Mapping:
    for table, known in (("fields", FIELDS), ("defaults", _GOVERNED)):
        for field in getattr(mapping, table):
            if field not in known:
                raise UnusableError(
                    f"{origin}: [{table}] {field} – dieses Feld gibt es nicht.{meant(field, known)}"
                )
    if "name" not in mapping.fields:
        raise UnusableError(f"{origin}: [fields] name – fehlt. Jedes Angebot braucht einen Namen.")
    return mapping


def _columns(spec: str) -> list[str]:
    return _COLUMN.findall(spec) or [spec]


def _cell(column: str, values: dict[str, Any]) -> Any:  # noqa: ANN401 - a cell may hold anything
    return values.get(column)


def _first_filled(
    specs: list[tuple[str, bool]],
    address: Callable[[dict[str, Any]], Any] | None,
    part: str,
    values: dict[str, Any],
) -> Any:  # noqa: ANN401
    for spec, is_template in specs:
        found = _filled_in(spec, values) if is_template else values.get(spec)
        if as_text(found):
            return found
    return getattr(parted(line(address(values))), part) if address else None


def _filled_in(spec: str, values: dict[str, Any]) -> str:
    """Return the text with its columns filled in, or nothing if one of them is empty."""
    texts = {column: as_text(values.get(column)) for column in _columns(spec)}
    if not all(texts.values()):
        return ""
    return _COLUMN.sub(lambda found: texts[found[1]], spec)


__all__ = ["FIELDS", "FileTable", "Mapping", "SourceTable", "mapping_of", "read_mapping"]
