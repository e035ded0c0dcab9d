"""Reads compose.yaml with its variables filled in, as far as this project uses the format."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

VARIABLE: Final = re.compile(r"\$(?:(\$)|\{([A-Z_]+)(?:(:[-?])([^}]*))?\})")


class ComposeError(Exception):
    """A variable that has to be set is not, or the file says something this reader does not know."""


def read(path: Path, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the file's content; raise ComposeError for a variable with `:?` that `values` lack."""
    return {
        name: _filled(part, values) for name, part in yaml.safe_load(path.read_text(encoding="utf-8")).items()
    }


def environment(service: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    """Return a service's variables; those without a value are taken from `values` or left out."""
    found = {}
    for name, value in service.get("environment", {}).items():
        if value is not None:
            found[name] = str(value)
        elif name in values:
            found[name] = values[name]
    return found


def _filled(part: Any, values: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever YAML holds
    if isinstance(part, dict):
        return {name: _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    return _substituted(part, values) if isinstance(part, str) else part


def _substituted(text: str, values: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if match[1]:
            return "$"
        found = values.get(match[2], "")
        if not found and match[3] == ":?":
            raise ComposeError(f"{match[2]}: {match[4]}")
        return found or (match[4] if match[3] == ":-" else "")

    filled = VARIABLE.sub(value, text)
    if "$" in VARIABLE.sub("", text):
        raise ComposeError(f"a variable of a kind not known here: {text}")
    return filled
