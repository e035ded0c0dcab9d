"""Which build of the program is running with which settings, so that caches never mix two of them."""

import hashlib
from functools import cache
from pathlib import Path

from api.core.settings import settings

ROOT = Path(__file__).parents[2]
# Files that the program reads by itself and shows; all other data is in the database.
SHOWN_DATA = ("data/help", "data/texts", "data/words")


@cache
def build_id() -> str:
    """Return ten letters that change with every file of the program and every setting of what it shows.

    They are equal in all processes and on all machines that serve the same files with the same settings.
    """
    shown = settings().model_dump_json(
        exclude={"database_url", "owner_database_url", "test_database_url", "form_secret"}
    )
    digest = hashlib.sha256(shown.encode())
    for folder in ("api", "web", *SHOWN_DATA):
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(ROOT)}:{path.stat().st_size}:".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:10]
