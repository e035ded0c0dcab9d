"""A region's own name, mark and colour come from its folder; what is wrong in them is named in German."""

from pathlib import Path

import pytest
from sqlmodel import Session

from api.regions import identity
from api.regions.models import Region
from importers import regions
from importers.errors import UnusableError

REGION = """
[region]
slug = "dort"
name = "Dort"
state = "BE"
help_name = "Telefon"
help_phone = "030 1"
[region.identity]
name = "Familienwegweiser"
mark = "zeichen.svg"
accent = "#FFEE88"
"""
MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "region.toml"
    path.write_text(REGION)
    (tmp_path / "zeichen.svg").write_text(MARK)
    return path


def load(session: Session, path: Path) -> tuple[Region, list[str]]:
    region, remarks = regions.load(session, path, regions.read_region(path))
    session.flush()
    session.expire_all()
    return region, remarks


def test_name_mark_and_colour_are_loaded_and_loading_again_changes_nothing(
    session: Session, file: Path
) -> None:
    region, remarks = load(session, file)
    own = identity.of_region(region)
    assert (own.name, own.mark, own.accent) == ({"de": "Familienwegweiser"}, MARK, "#ffee88")
    (said,) = remarks
    assert "[identity] accent – #ffee88 ist zu hell" in said
    assert said.endswith("steht dafür #776600.")
    before = region.data_version
    assert load(session, file)[0].data_version == before


def test_a_changed_drawing_is_a_new_state_of_the_region(session: Session, file: Path) -> None:
    before = load(session, file)[0].data_version
    (file.parent / "zeichen.svg").write_text(MARK.replace("h8", "h4"))
    region, _ = load(session, file)
    assert region.data_version > before
    assert "h4" in identity.of_region(region).mark


def test_without_the_table_everything_is_ours_again(session: Session, file: Path) -> None:
    load(session, file)
    file.write_text(REGION.partition("[region.identity]")[0])
    region, remarks = load(session, file)
    assert (region.identity, remarks) == ({}, [])


def test_a_name_can_be_said_in_several_languages_and_a_readable_colour_needs_no_remark(
    session: Session, file: Path
) -> None:
    by_language = 'name = { de = "Wegweiser", en = "Family guide" }'
    file.write_text(REGION.replace('name = "Familienwegweiser"', by_language).replace("#FFEE88", "#c00000"))
    region, remarks = load(session, file)
    assert identity.of_region(region).name == {"de": "Wegweiser", "en": "Family guide"}
    assert remarks == []


@pytest.mark.parametrize(
    ("said", "instead", "complaint"),
    [
        ('"Familienwegweiser"', '"  "', r"\[region\] \[identity\] name – muss eine Zeile mit höchstens 40"),
        ('"Familienwegweiser"', f'"{"x" * 41}"', "höchstens 40 Zeichen"),
        ('"Familienwegweiser"', r'"a\nb"', "muss eine Zeile"),
        ('"Familienwegweiser"', '{ en = "Guide" }', "braucht auch einen deutschen Text"),
        ('"Familienwegweiser"', '{ de = "A", enn = "B" }', "enn ist keine Sprache der Seiten. Gemeint: en?"),
        ('"Familienwegweiser"', "7", "name – muss eine Tabelle sein"),
        ('"#FFEE88"', '"gelb"', "accent – muss eine Farbe mit sechs Stellen sein"),
        ('"#FFEE88"', '"#fff"', "muss eine Farbe mit sechs Stellen sein"),
        ('"zeichen.svg"', '"../zeichen.svg"', "mark – muss der Name einer SVG-Datei neben region.toml sein"),
        ('"zeichen.svg"', '"zeichen.png"', "muss der Name einer SVG-Datei"),
        ("accent", "akzent", "dieses Feld gibt es nicht. Gemeint: accent?"),
    ],
)
def test_a_mistake_in_the_file_is_named(file: Path, said: str, instead: str, complaint: str) -> None:
    file.write_text(REGION.replace(said, instead, 1))
    with pytest.raises(UnusableError, match=complaint):
        regions.read_region(file)


def test_a_drawing_that_is_refused_is_named_with_its_field(session: Session, file: Path) -> None:
    (file.parent / "zeichen.svg").write_text(MARK.replace("<path", "<script"))
    complaint = r"region.toml: \[region\] \[identity\] mark – zeichen.svg enthält <script>"
    with pytest.raises(UnusableError, match=complaint):
        load(session, file)
