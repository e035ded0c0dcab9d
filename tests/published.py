"""The programs of ../shared/checks, run with the libraries that we have: httpx2 and jsonschema-rs.

python -m tests.published CHECK ARGUMENT …
"""

import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import unquote

import httpx2
import jsonschema_rs

SHARED = Path(__file__).parents[2] / "shared"


class Registry:
    """Finds schemas by their addresses."""

    def __init__(self, retrieve: Callable[[str], SimpleNamespace]) -> None:
        self.retrieve = retrieve
        self.known: dict[str, Any] = {}

    def with_resource(self, uri: str, resource: SimpleNamespace) -> "Registry":
        """Return a registry that knows one schema more."""
        found = Registry(self.retrieve)
        found.known = {**self.known, uri: resource.contents}
        return found

    def contents(self, uri: str) -> Any:
        """Return the schema at an address."""
        return self.known[uri] if uri in self.known else self.retrieve(uri).contents

    def followed(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return where a reference to a reference leads: jsonschema-rs fetches only what it sees itself."""
        uri, sharp, pointer = str(schema.get("$ref", "")).partition("#/")
        if not sharp or uri not in self.known:
            return schema
        found = self.known[uri]
        for part in unquote(pointer).split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        return found if list(found) == ["$ref"] else schema


class Validator:
    """As jsonschema.Draft202012Validator."""

    def __init__(self, schema: dict[str, Any], registry: Registry, format_checker: object = None) -> None:
        self.inner = jsonschema_rs.Draft202012Validator(
            registry.followed(schema),
            retriever=registry.contents,
            validate_formats=format_checker is not None,
        )

    def iter_errors(self, body: Any) -> Iterator[SimpleNamespace]:
        """Yield what is wrong."""
        for error in self.inner.iter_errors(body):
            where = "$" + "".join(f".{part}" for part in error.instance_path)
            yield SimpleNamespace(json_path=where, message=error.message)


def _module(name: str, **contents: Any) -> ModuleType:
    made = ModuleType(name)
    made.__dict__.update(contents)
    return made


def _resource(contents: Any, default_specification: object = None) -> SimpleNamespace:
    return SimpleNamespace(contents=contents)


MODULES = {
    "httpx": httpx2,
    "jsonschema": _module("jsonschema", Draft202012Validator=Validator, FormatChecker=object),
    "referencing": _module(
        "referencing", Registry=Registry, Resource=SimpleNamespace(from_contents=_resource)
    ),
    "referencing.jsonschema": _module("referencing.jsonschema", DRAFT202012=None),
}

if __name__ == "__main__":
    sys.modules.update(MODULES)
    check, sys.argv = sys.argv[1], sys.argv[1:]
    runpy.run_path(check, run_name="__main__")
