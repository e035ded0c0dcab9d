"""A region's numbers and texts come from its folder; what is wrong in them is named in German."""

from pathlib import Path

import pytest
from sqlmodel import Session

from api.regions import helplines
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
exit_url = "https://wetter.example/"
[[help]]
slug = "gift"
phones = ["030 19240", "+49 30 19240"]
kinds = ["poison"]
always = true
[help.name]
de = "Giftnotruf"
en = "Poison helpline"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "region.toml"
    path.write_text(REGION)
    (tmp_path / "texte").mkdir()
    return path


def load(session: Session, path: Path) -> Region:
    region, _remarks = regions.load(session, path, regions.read_region(path))
    session.flush()
    session.expire_all()
    return region


def test_numbers_texts_and_the_way_out_are_loaded_and_loading_again_changes_nothing(
    session: Session, file: Path
) -> None:
    (file.parent / "texte" / "impressum.md").write_text("# Wir")
    (file.parent / "texte" / "impressum.en.md").write_text("# Us")
    region = load(session, file)
    (gift,) = helplines.of_kinds(region, ["poison"])
    assert (gift.name["en"], gift.always) == ("Poison helpline", True)
    assert region.texts == {"impressum": {"de": "# Wir", "en": "# Us"}}
    assert region.exit_url == "https://wetter.example/"
    before = region.data_version
    assert load(session, file).data_version == before


def test_a_text_is_edited_and_loaded_again(session: Session, file: Path) -> None:
    text = file.parent / "texte" / "datenschutz.md"
    text.write_text("# Alt")
    load(session, file)
    text.write_text("# Neu")
    assert load(session, file).texts == {"datenschutz": {"de": "# Neu"}}
    text.unlink()
    assert load(session, file).texts == {}


@pytest.mark.parametrize(
    ("said", "instead", "complaint"),
    [
        ('"030 19240"', '"anrufen"', r"\[\[help\]\] Nr. 1 phones – muss aus Telefonnummern bestehen"),
        ('["poison"]', '["gift"]', "erlaubt ist: 'emergency', 'poison'"),
        ('de = "Giftnotruf"\n', "", "braucht auch einen deutschen Text"),
        ("always", "allways", "dieses Feld gibt es nicht. Gemeint: always?"),
        ('exit_url = "https', 'exit_url = "javascript', "muss eine Internetadresse sein"),
    ],
)
def test_a_mistake_in_the_file_is_named(file: Path, said: str, instead: str, complaint: str) -> None:
    file.write_text(REGION.replace(said, instead, 1))
    with pytest.raises(UnusableError, match=complaint):
        regions.read_region(file)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("impresum.md", b"x", "kennt das Programm nicht. Gemeint: impressum?"),
        ("impressum.en.md", b"x", "Es fehlt der deutsche Text"),
        ("impressum.md", b"\xff", "nicht in UTF-8"),
        ("impressum.md", b"a\x00b", "keines davon NUL"),
        ("impressum.md", b"x" * 50_001, "höchstens 50000 Zeichen"),
    ],
)
def test_an_unusable_text_is_named(
    session: Session, file: Path, name: str, content: bytes, complaint: str
) -> None:
    (file.parent / "texte" / name).write_bytes(content)
    with pytest.raises(UnusableError, match=complaint):
        load(session, file)
