"""A progress bar on the terminal; nothing where there is no terminal."""

from collections.abc import Callable, Iterable

from tqdm import tqdm

from importers.record import Entry


def watched(label: str) -> Callable[[list[Entry]], Iterable[Entry]]:
    """Return a function that shows how far a list of rows has been worked through (on stderr)."""

    def watch(entries: list[Entry]) -> Iterable[Entry]:
        return tqdm(entries, desc=label, unit=" Zeilen", disable=None, leave=False)

    return watch
