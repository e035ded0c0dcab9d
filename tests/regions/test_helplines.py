"""Numbers to call: ours hold everywhere, a region adds its own or says it better; so do texts."""

import pytest
from sqlmodel import Session

from api.regions import helplines, texts
from api.regions.models import Region
from api.taxonomy import service as taxonomy
from tests.factories import make_topic

OWN = {"slug": "haus", "name": {"de": "Haus"}, "phones": ["030 1"], "kinds": ["poison"]}


@pytest.mark.parametrize(
    "number", ["112", "110", "116 016", "0800 123 99 00", "116 123", "116 111", "116 117"]
)
def test_the_numbers_that_everybody_needs_are_there(region: Region, number: str) -> None:
    assert number in [phone for line in helplines.of_region(region) for phone in line.phones]


def test_every_number_is_named_in_every_language() -> None:
    for line in helplines.everywhere():
        assert {"de", "en", "tr", "ar", "uk"} <= set(line.name)
        assert line.note.keys() == line.name.keys()
        assert line.always or line.when.keys() == line.name.keys()


def test_a_region_adds_a_number_and_replaces_one(session: Session, region: Region) -> None:
    region.helplines = [OWN, {**OWN, "slug": "polizei", "kinds": ["emergency"]}]
    session.flush()
    session.refresh(region)
    found = {line.slug: line for line in helplines.of_region(region)}
    assert found["haus"].phones == ["030 1"]
    assert found["polizei"].name == {"de": "Haus"}
    assert [line.slug for line in helplines.of_kinds(region, ["poison", "emergency"])] == [
        "haus",
        "feuerwehr-rettung",
        "polizei",
    ]


def test_a_topic_passes_its_kinds_down(session: Session) -> None:
    parent = make_topic(session, "gefahr", helplines=["violence"])
    make_topic(session, "schutz", parent)
    make_topic(session, "sport")
    assert taxonomy.helplines(session, ["schutz"]) == ["violence"]
    assert taxonomy.helplines(session, ["gefahr", "sport"]) == ["violence"]
    assert taxonomy.helplines(session, ["sport"]) == []
    assert taxonomy.helplines(session, []) == []


def test_changed_numbers_and_texts_raise_the_version(session: Session, region: Region) -> None:
    session.refresh(region)
    before = region.data_version
    region.texts = {"impressum": {"de": "# Wir"}}
    session.flush()
    session.refresh(region)
    assert region.data_version == before + 1


@pytest.mark.parametrize(
    ("language", "text"), [("de", ("Wir", "de")), ("en", ("We", "en")), ("tr", ("Wir", "de"))]
)
def test_a_text_is_in_the_language_or_in_german(region: Region, language: str, text: tuple[str, str]) -> None:
    region.texts = {"impressum": {"de": "Wir", "en": "We"}}
    assert texts.of_region(region, "impressum", language) == text
    assert "Datenschutz" in texts.of_region(region, "datenschutz", language).markdown
