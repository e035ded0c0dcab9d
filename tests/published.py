"""The programs of ../shared/checks, run with the libraries that we have: httpx2 and jsonschema-rs.

python -m tests.published CHECK ARGUMENT …
"""

import runpy
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx2
import jsonschema_rs

SHARED = Path(__file__).parents[2] / "shared"


class Registry:
    """Finds schemas by their addresses."""

    def __init__(self, retrieve: Callable[[str], SimpleNamespace]) -> None:
        self.retrieve = retrieve


class Validator:
    """As jsonschema.Draft202012Validator."""

    def __init__(self, schema: dict[str, Any], registry: Registry) -> None:
        self.inner = jsonschema_rs.Draft202012Validator(
            schema, retriever=lambda uri: registry.retrieve(uri).contents
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
    "jsonschema": _module("jsonschema", Draft202012Validator=Validator),
    "referencing": _module(
        "referencing", Registry=Registry, Resource=SimpleNamespace(from_contents=_resource)
    ),
    "referencing.jsonschema": _module("referencing.jsonschema", DRAFT202012=None),
}

if __name__ == "__main__":
    sys.modules.update(MODULES)
    check, sys.argv = sys.argv[1], sys.argv[1:]
    runpy.run_path(check, run_name="__main__")
