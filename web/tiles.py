"""The installation's own basemap: PMTiles files that browsers read in pieces (HTTP Range)."""

import os

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

DAY_SECONDS = 86_400


class TileFiles(StaticFiles):
    """The *.pmtiles files of a folder; without the folder there is no basemap, but everything else."""

    async def check_config(self) -> None:
        """Let a missing folder be a 404 like a missing file."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a file; whatever else lies in the folder stays unseen."""
        return super().lookup_path(path) if path.endswith(".pmtiles") else ("", None)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, whole or in part; browsers may keep it for a day."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = f"public, max-age={DAY_SECONDS}"
        return response
