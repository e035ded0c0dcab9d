"""The system's own headless Chromium, with the arguments that keep it from calling anybody."""

from pathlib import Path
from typing import Final

# The first has no window and starts in half the time.
PLACES: Final = tuple(
    Path(program)
    for program in ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/snap/bin/chromium")
)
ARGUMENTS: Final = (
    "--headless",
    "--no-sandbox",  # as root, and in containers, there is none
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> Path:
    """Return the browser's program; raise FileNotFoundError with the command that installs it."""
    for place in PLACES:
        if place.exists():
            return place
    raise FileNotFoundError("Chromium fehlt. Bitte „sh ops/packages.sh browser“ ausführen.")
