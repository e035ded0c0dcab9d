"""[region.identity] of region.toml: the name, mark and colour of a city, and what has to be said of them."""

import re
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field

from api.core.languages import DEFAULT, LANGUAGES
from api.regions.colours import LIGHT, family
from api.regions.identity import Identity
from importers import marks
from importers.errors import UnusableError
from importers.strict import Strict, meant, place

LONGEST_NAME: Final = 40  # letters; it stands at the top of every page, on phones too
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_TABLE: Final = ("region", "identity")


def _by_language(said: object) -> object:
    return {DEFAULT: said} if isinstance(said, str) else said


def _good_name(said: dict[str, str]) -> dict[str, str]:
    for language, name in said.items():
        if language not in LANGUAGES:
            raise ValueError(f"{language} ist keine Sprache der Seiten.{meant(language, LANGUAGES)}")
        if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
            raise ValueError(f"muss eine Zeile mit höchstens {LONGEST_NAME} Zeichen sein")
    if said and DEFAULT not in said:
        raise ValueError(f"braucht auch einen deutschen Text ({DEFAULT})")
    return {language: name.strip() for language, name in said.items()}


def _good_file(said: str) -> str:
    if said and not (said.isprintable() and said.endswith(".svg") and Path(said).name == said):
        raise ValueError('muss der Name einer SVG-Datei neben region.toml sein: "zeichen.svg"')
    return said


def _good_colour(said: str) -> str:
    colour = said.strip().lower()
    if colour and not _COLOUR.fullmatch(colour):
        raise ValueError('muss eine Farbe mit sechs Stellen sein: "#0b6a5d"')
    return colour


class IdentityTable(Strict):
    """What a city wants of its own; the mark is a file beside region.toml."""

    name: Annotated[dict[str, str], BeforeValidator(_by_language), AfterValidator(_good_name)] = Field(
        default={}
    )
    mark: Annotated[str, AfterValidator(_good_file)] = ""
    accent: Annotated[str, AfterValidator(_good_colour)] = ""


def read(table: IdentityTable, path: Path) -> tuple[dict[str, Any], list[str]]:
    """Return what the region keeps and remarks for who loads it; path: of region.toml."""
    found = Identity(name=table.name, mark=_mark(table.mark, path), accent=table.accent)
    return found.model_dump(exclude_defaults=True), _remarks(table.accent, path)


def _mark(name: str, path: Path) -> str:
    if not name:
        return ""
    try:
        return marks.read(path.parent / name)
    except marks.MarkError as error:
        raise UnusableError(f"{path}: {place((*_TABLE, 'mark'))} – {name} {error}.") from error


def _remarks(accent: str, path: Path) -> list[str]:
    used = family(accent, LIGHT).accent if accent else accent
    if used == accent:
        return []
    where = place((*_TABLE, "accent"))
    return [f"{path}: {where} – {accent} ist zu hell zum Lesen; auf hellen Seiten steht dafür {used}."]
