"""What is looked at in a finished image before anything of it runs."""

import subprocess
from pathlib import Path
from typing import Final

from ops.image.build import Stage
from ops.image.chroot import World

MEGABYTE: Final = 1_000_000
# Folders that everybody may write to in any Debian; with a read-only root nobody does.
STICKY: Final = {"/tmp", "/var/tmp", "/run/lock"}  # noqa: S108 - named, not used
UNWANTED: Final = (
    "usr/bin/*gcc*",
    "usr/bin/cc",
    "usr/bin/make",
    "usr/bin/pip*",
    "usr/bin/curl",
    "usr/bin/wget",
    "opt/landkarte/bin/pip*",
    "opt/landkarte/lib/python3*/site-packages/pip*",
    "usr/lib/python3*/ensurepip",
    "usr/lib/python3/dist-packages/pip*",
    "opt/pip",
    "app/tests",
    "app/ops",
    "app/docs",
    "app/var",
    "app/**/.*",
    "etc/pip.conf",
    "mnt/*",
)


class ImageError(Exception):
    """The image holds something it should not, or lacks something."""


def size(image: Stage) -> tuple[float, float]:
    """Return the megabytes of the whole image, and those that are not of the base's folders."""
    done = subprocess.run(
        [
            "du",
            "--one-file-system",
            "--summarize",
            "--bytes",
            "--total",
            image.root / "opt",
            image.root / "app",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    ours = int(done.stdout.splitlines()[-1].split()[0])
    whole = subprocess.run(["du", "-xsb", image.root], check=True, capture_output=True, text=True)
    return int(whole.stdout.split()[0]) / MEGABYTE, ours / MEGABYTE


def holds_nothing_unwanted(image: Stage) -> None:
    """Raise ImageError for pip, compilers, tests, hidden files and traces of the build."""
    found = [str(path) for pattern in UNWANTED for path in image.root.glob(pattern)]
    full = [name for name in ("etc/resolv.conf", "etc/apt/sources.list") if (image.root / name).read_text()]
    if found or full:
        raise ImageError(f"unwanted: {found + full}")


def lends_no_rights(image: Stage) -> None:
    """Raise ImageError for files with a setuid or setgid mark."""
    done = subprocess.run(
        ["find", image.root, "-xdev", "-type", "f", "-perm", "/6000"],
        check=True,
        capture_output=True,
        text=True,
    )
    if done.stdout:
        raise ImageError(f"setuid: {done.stdout}")


def is_closed_to_its_user(image: Stage) -> None:
    """Raise ImageError if the user of the image is root, or could write to any file or folder of it."""
    if image.user.partition(":")[0] == "0":
        raise ImageError("the image runs as root")
    world = World(image.root, image.environment, image.user)
    # What its user may not even look into says so on stderr, with an exit code of 1.
    command = (
        r"find / -xdev -path /proc -prune -o -path /dev -prune -o \( -type f -o -type d \) -writable -print"
    )
    done = world.run("sh", "-c", f"{command} 2>/dev/null", check=False)
    if found := set(done.stdout.split()) - STICKY:
        raise ImageError(f"can be written: {sorted(found)[:10]}")


def sets_sheets(image: Stage) -> None:
    """Raise ImageError if the image lacks what WeasyPrint loads, or its font."""
    world = World(image.root, image.environment, image.user)
    program = (
        "from weasyprint import HTML; text = 'Straße, Türkçe, العربية, Українська'\n"
        "assert b'DejaVu' in HTML(string=text).write_pdf(uncompressed_pdf=True)"
    )
    done = world.run("python", "-c", program, check=False)
    if done.returncode:
        raise ImageError(f"no sheet: {done.stdout[-300:]}{done.stderr[-300:]}")


def is_compiled(image: Stage) -> int:
    """Return how many modules have their bytecode; raise ImageError if one has not."""
    modules = [path for top in ("app", "opt") for path in (image.root / top).rglob("*.py")]
    lacking = [path for path in modules if not list((path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"))]
    if lacking:
        raise ImageError(f"without bytecode: {lacking[:5]}")
    return len(modules)


def holds_only_what_git_knows(source: Path, image: Stage) -> int:
    """Return how many files of the project are in the image; raise ImageError for one that git ignores."""
    here = [
        path.relative_to(image.root / "app") for path in (image.root / "app").rglob("*") if path.is_file()
    ]
    ours = [str(path) for path in here if "__pycache__" not in path.parts]
    done = subprocess.run(
        ["git", "check-ignore", "--stdin"],
        check=False,
        cwd=source,
        input="\n".join(ours),
        capture_output=True,
        text=True,
    )
    if done.stdout:
        raise ImageError(f"ignored by git: {done.stdout.split()[:5]}")
    return len(ours)
