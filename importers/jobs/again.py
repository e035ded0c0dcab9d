"""Mappings of lists that came in before, laid out for the assistant; what it says of them names the list."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from importers.assistant.draft import Draft


def lay_out(mappings: Mapping[str, datetime], folder: Path, timezone: str) -> dict[Path, str]:
    """Write mappings into a folder; return their files, and how people know the lists: title and day."""
    known = {}
    for number, (mapping, at) in enumerate(mappings.items()):
        file = folder / f"bekannt-{number}.toml"
        file.write_text(mapping, encoding="utf-8")
        day = at.astimezone(ZoneInfo(timezone))
        known[file] = f"beim letzten Einlesen von „{_title(mapping)}“ am {day.day}.{day.month}.{day.year}"
    return known


def said(draft: Draft, known: Mapping[Path, str]) -> Draft:
    """Return the draft with the words for a list in place of the name of our file."""
    for file, words in known.items():
        if any(file.name in warning for warning in draft.warnings):
            return _named(draft, file.name, words)
    return draft


def _named(draft: Draft, name: str, words: str) -> Draft:
    used = f"Die Zuordnung {name} passt und wird wieder benutzt."

    def plain(text: str) -> str:
        if text == used:
            return f"Die Spalten sind wie {words}. Wir verstehen die Liste wieder so."
        return text.replace(f"wie in {name}", f"wie {words}").replace(name, "die Zuordnung")

    return draft.model_copy(
        update={
            "guesses": [one.model_copy(update={"reason": plain(one.reason)}) for one in draft.guesses],
            "unused": [one.model_copy(update={"reason": plain(one.reason)}) for one in draft.unused],
            "file_reasons": {key: plain(reason) for key, reason in draft.file_reasons.items()},
            "warnings": [plain(warning) for warning in draft.warnings],
        }
    )


def _title(mapping: str) -> str:
    try:
        return str(tomllib.loads(mapping)["source"]["title"])
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        return "Liste"
