"""Which files of the working folder reach the builder: .dockerignore, as Docker reads it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

IGNORE: Final = ".dockerignore"


class Rules:
    """The patterns of a .dockerignore; the last that fits a path or a folder above it decides."""

    def __init__(self, text: str) -> None:
        lines = (line.strip() for line in text.splitlines() if not line.startswith("#"))
        written = [(not line.startswith("!"), line.removeprefix("!").strip("/")) for line in lines if line]
        self._patterns = [(ignores, re.compile(_expression(pattern))) for ignores, pattern in written]
        self._kept = [pattern for ignores, pattern in written if not ignores]

    def ignores(self, path: str) -> bool:
        """Tell whether the path, relative and with slashes, stays outside."""
        pure = PurePosixPath(path)
        above = [str(pure), *(str(parent) for parent in pure.parents if str(parent) != ".")]
        ignored = False
        for ignores, expression in self._patterns:
            if ignores is not ignored and any(expression.fullmatch(each) for each in above):
                ignored = ignores
        return ignored

    def enters(self, folder: str) -> bool:
        """Tell whether something below an ignored folder may be kept after all."""
        return any(
            kept.startswith(("**", f"{folder}/")) or "*" in kept.partition("/")[0] for kept in self._kept
        )


def files(root: Path) -> Iterator[PurePosixPath]:
    """Yield every file and link that the builder gets, relative to `root`, sorted."""
    rules = Rules((root / IGNORE).read_text(encoding="utf-8"))
    for folder, below, names in os.walk(root):
        here = PurePosixPath(Path(folder).relative_to(root).as_posix())
        below[:] = sorted(
            name for name in below if not rules.ignores(str(here / name)) or rules.enters(str(here / name))
        )
        yield from (here / name for name in sorted(names) if not rules.ignores(str(here / name)))


def _expression(pattern: str) -> str:
    """Translate a pattern: ** is any number of folders, * and ? stay within one."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(known.get(part) or re.escape(part) for part in parts)
