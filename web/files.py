"""Our files as browsers load them: one style sheet for all pages, and addresses that may be kept for good."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Scope

from api.core.build import build_id

STATIC: Final = Path(__file__).parent / "static"
YEAR_SECONDS: Final = 31_536_000
FOR_GOOD: Final = f"public, max-age={YEAR_SECONDS}, immutable"
STYLE: Final = "css/site.css"
# What others build upon comes first; paper overrules the screen. The file to take along brings its own style.
_FIRST: Final = ("tokens", "base", "buttons")
_LAST: Final = "print"
_OWN: Final = "takeaway"
_BUILD: Final = re.compile(r"[0-9a-f]{10}")
_IMPORT: Final = re.compile(r'^(?:import|export)\b[^;"]*"(\.[^"]+)"', re.MULTILINE)


def address(path: str) -> str:
    """Return the address of a file of ours: "css/map.css" → "/static/0a1b2c3d4e/css/map.css".

    The build stands in front, so that modules which import each other by relative names carry it along.
    """
    return f"/static/{build_id()}/{path}"


class Files(StaticFiles):
    """Our files: under this build's address they may be kept, under any other they are asked for again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file and for how long browsers may keep it."""
        first, _, rest = path.partition("/")
        path = rest if _BUILD.fullmatch(first) else path
        response = _style(scope) if path == STYLE else await super().get_response(path, scope)
        is_kept = first == build_id() and response.status_code in (200, 304)
        response.headers["Cache-Control"] = FOR_GOOD if is_kept else "no-cache"
        return response


@cache
def style() -> str:
    """Return the style of all pages: what every component has in its own file, in one."""
    names = {path.stem for path in (STATIC / "css").glob("*.css")} - {*_FIRST, _LAST, _OWN}
    parts = [_read(name) for name in (*_FIRST, *sorted(names))]
    return "\n".join([*parts, f"@media print {{\n{_read(_LAST)}}}\n"])


def _read(component: str) -> str:
    return (STATIC / "css" / f"{component}.css").read_text(encoding="utf-8")


@cache
def modules(script: str) -> tuple[str, ...]:
    """Return the addresses of all modules that a script of ours imports, and those that they import.

    A browser that is told of them at once need not read one to learn of the next.
    """
    found: list[Path] = []
    ahead = [STATIC / script]
    while ahead:
        module = ahead.pop(0)
        named = (module.parent / name for name in _IMPORT.findall(module.read_text(encoding="utf-8")))
        fresh = [path for path in dict.fromkeys(one.resolve() for one in named) if path not in found]
        found += fresh
        ahead += fresh
    return tuple(address(str(path.relative_to(STATIC.resolve()))) for path in found)


def _style(scope: Scope) -> Response:
    text = style()
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'
    response = Response(text, media_type="text/css", headers={"ETag": tag})
    asked = dict(scope["headers"]).get(b"if-none-match", b"").decode("latin-1")
    return NotModifiedResponse(response.headers) if tag in asked else response
