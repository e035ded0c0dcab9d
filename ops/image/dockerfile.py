"""Reads a Dockerfile into its instructions; what it does not know is an error, never passed over."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KNOWN: Final = frozenset(
    {
        "ARG",
        "CMD",
        "COPY",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "RUN",
        "STOPSIGNAL",
        "USER",
        "WORKDIR",
    }
)
FLAGS: Final = {
    "COPY": {"from"},
    "HEALTHCHECK": {"interval", "timeout", "start-period", "retries"},
}
VARIABLE: Final = re.compile(r"\\\$|\$(?:\{([^}]*)\}|([A-Za-z_][A-Za-z0-9_]*))")
WORD: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^\s"])+')


class DockerfileError(Exception):
    """The Dockerfile says something that this reader does not know; names the line."""


@dataclass(frozen=True)
class Instruction:
    """One instruction: its first line, its name in capitals, its --flags and the rest as one line."""

    line: int
    name: str
    flags: Mapping[str, str]
    rest: str

    @property
    def command(self) -> list[str]:
        """The words of the JSON form, or the shell form as a shell gets it."""
        if self.rest.startswith("["):
            return [str(word) for word in json.loads(self.rest)]
        return ["/bin/sh", "-c", self.rest]

    @property
    def pairs(self) -> dict[str, str]:
        """NAME=value pairs, quotes taken away; raises DockerfileError for the old form without `=`."""
        words = WORD.findall(self.rest)
        if any("=" not in word for word in words):
            raise DockerfileError(f"line {self.line}: {self.name} without “=”")
        return dict(_unquoted(word).split("=", 1) for word in words)


def read(path: Path) -> list[Instruction]:
    """Return the instructions of a Dockerfile in their order."""
    found = [_instruction(line, text) for line, text in _logical_lines(path.read_text(encoding="utf-8"))]
    if not any(instruction.name == "FROM" for instruction in found):
        raise DockerfileError("there is no FROM")
    return found


def substituted(text: str, values: Mapping[str, str]) -> str:
    """Return the text with $NAME and ${NAME} filled in, an unknown name as nothing, as the builders do."""

    def value(match: re.Match[str]) -> str:
        if match[0] == r"\$":
            return "$"
        name = match[1] if match[1] is not None else match[2]
        if not name.isidentifier():
            raise DockerfileError(f"only $NAME and ${{NAME}} are known, not {match[0]}")
        return values.get(name, "")

    return VARIABLE.sub(value, text)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (first line number, text) with continued lines joined and comments left out."""
    begun, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            if not begun and re.match(r"#\s*(escape|syntax|check)\s*=", stripped):
                raise DockerfileError(f"line {number}: directives are not known here")
            continue  # also within a continued instruction
        begun = begun or number
        parts.append(stripped.removesuffix("\\"))
        if not stripped.endswith("\\"):
            yield begun, " ".join(part.strip() for part in parts)
            begun, parts = 0, []
    if parts:
        raise DockerfileError(f"line {begun}: the instruction has no end")


def _instruction(line: int, text: str) -> Instruction:
    name, _, rest = text.partition(" ")
    name, rest = name.upper(), rest.strip()
    if name not in KNOWN:
        raise DockerfileError(f"line {line}: the instruction {name} is not known here")
    flags = {}
    while match := re.match(r"--([a-z-]+)(?:=(\S+))?\s*", rest):
        if match[1] not in FLAGS.get(name, set()) or match[2] is None:
            raise DockerfileError(f"line {line}: {name} --{match[1]} is not known here")
        flags[match[1]] = match[2]
        rest = rest[match.end() :]
    if not rest or "<<" in rest:
        raise DockerfileError(f"line {line}: {name} without arguments or with a here-document")
    return Instruction(line, name, flags, rest)


def _unquoted(word: str) -> str:
    """Take double quotes and backslashes away, as the builders do for ENV and LABEL."""
    return re.sub(r'\\(.)|"', lambda match: match[1] or "", word)
