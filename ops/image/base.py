"""The Debian that FROM stands for: made by debootstrap, kept as a tar file, unpacked for each stage."""

import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

from ops.image.mirrors import main_source

SUITES: Final = {"debian:12-slim": "bookworm", "debian:bookworm-slim": "bookworm"}
KEPT_DAYS: Final = 30
SECONDS_A_DAY: Final = 86_400
# What the slim images of Debian leave out, then and in later installations.
LEFT_OUT: Final = ("doc", "groff", "info", "linda", "lintian", "locale", "man")
RULES: Final = "".join(f"path-exclude /usr/share/{name}/*\n" for name in LEFT_OUT)
# Licences stay.
EXCEPTION: Final = "path-include /usr/share/doc/*/copyright\n"
# Files that an engine lays into a container from outside; in the image they are empty.
ENGINES_OWN: Final = ("etc/hosts", "etc/hostname", "etc/resolv.conf")


class BaseError(Exception):
    """The base of a stage cannot be made here."""


def unpack(image: str, store: Path, root: Path) -> None:
    """Lay the base that `image` names into the new folder `root`."""
    root.mkdir()
    subprocess.run(["tar", "-xf", _tar(image, store), "-C", root], check=True)


def _tar(image: str, store: Path) -> Path:
    """Return the tar file of a base; made anew when it is older than KEPT_DAYS."""
    if image not in SUITES:
        raise BaseError(f"FROM {image}: only {', '.join(SUITES)} can be made here")
    kept = store / f"{SUITES[image]}-slim.tar"
    if kept.exists() and time.time() - kept.stat().st_mtime < KEPT_DAYS * SECONDS_A_DAY:
        return kept
    with tempfile.TemporaryDirectory(prefix="base-", dir=store) as folder:
        root = Path(folder) / "root"
        command = ["debootstrap", "--variant=minbase", SUITES[image], str(root), main_source()]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode:
            raise BaseError(f"debootstrap: {done.stdout[-800:]}{done.stderr[-400:]}")
        _make_slim(root)
        fresh = Path(folder) / "base.tar"
        subprocess.run(["tar", "--numeric-owner", "-cf", fresh, "-C", root, "."], check=True)
        fresh.replace(kept)
    return kept


def _make_slim(root: Path) -> None:
    """Take away what a slim image does not have, and what debootstrap copied from this machine."""
    for name in LEFT_OUT:
        for path in (root / "usr/share" / name).rglob("*"):
            if path.name != "copyright" and (path.is_file() or path.is_symlink()):
                path.unlink()
    for folder in ("var/cache/apt", "var/lib/apt/lists", "var/log"):
        shutil.rmtree(root / folder)
        (root / folder).mkdir(parents=True)
    (root / "etc/dpkg/dpkg.cfg.d/docker").write_text(RULES + EXCEPTION)
    (root / "etc/apt/sources.list").write_text("")
    for name in ENGINES_OWN:
        (root / name).write_text("")
