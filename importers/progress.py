"""A progress bar on the terminal; nothing where there is no terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from importers.apply import Watch
from importers.record import Entry


@contextmanager
def watched(label: str) -> Iterator[Watch]:
    """Yield what shows how many rows have been worked through (on stderr)."""
    with tqdm(desc=label, unit=" Zeilen", disable=None, leave=False) as bar:

        def watch(_entry: Entry, _outcome: str) -> None:
            bar.update()

        yield watch
