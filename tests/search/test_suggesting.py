"""While somebody types: topics, spaces, offers and houses that begin so, and nothing that is not public."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.search import suggesting
from api.search.schemas import Suggestion
from tests.search.building import held
from tests.search.quarter import POSTCODE, SECRET, STREET, TOWN, Quarter


@pytest.fixture(scope="module")
def quarter(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarter]:
    """A dozen offers; tests only read them."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(bind=connection, expire_on_commit=False) as session:
            yield Quarter(session, tmp_path_factory.mktemp("index"))
        transaction.rollback()


def suggested(quarter: Quarter, typed: str, locale: str = "de") -> list[Suggestion]:
    return suggesting.suggest(quarter.session, quarter.region, typed, locale, held(quarter.shelf))


def labels(quarter: Quarter, typed: str, kind: str = "") -> list[str]:
    return [one.label for one in suggested(quarter, typed) if kind in {"", one.kind}]


def test_each_kind_is_suggested_by_its_beginning(quarter: Quarter) -> None:
    assert Suggestion(kind="topic", key="schulden", label="Schulden") in suggested(quarter, "schul")
    assert Suggestion(kind="space", key="fennpfuhl", label="Fennpfuhl") in suggested(quarter, "fenn")
    assert Suggestion(kind="offer", key="tauschladen", label="Tauschladen") in suggested(quarter, "tau")
    assert Suggestion(kind="place", key="Haus Regenbogen", label="Haus Regenbogen") in suggested(
        quarter, "haus"
    )


def test_topics_come_first_then_spaces_offers_and_houses(quarter: Quarter) -> None:
    for typed in ("sch", "ha", "al", "le", "ma", "so"):
        kinds = [one.kind for one in suggested(quarter, typed)]
        assert kinds == sorted(kinds, key=["topic", "space", "offer", "place"].index), typed


def test_every_word_of_a_name_can_be_the_one_that_is_typed(quarter: Quarter) -> None:
    for row in quarter.shelf.table.rows:
        for word in row.name.split():
            for typed in (word, word.lower(), word.upper(), word[:5]):
                offers = labels(quarter, typed, "offer")
                assert row.name in offers or len(offers) >= suggesting.OFFERS, (row.name, typed)


def test_several_words_narrow_what_is_suggested(quarter: Quarter) -> None:
    assert len(labels(quarter, "lesestube", "offer")) == 2
    assert labels(quarter, "lesestube ha", "offer") == ["Lesestube am Hang"]
    assert labels(quarter, "ha lese", "offer") == ["Lesestube am Hang"]
    assert labels(quarter, "haus regen") == ["Haus Regenbogen"]
    assert labels(quarter, "alt hoh") == ["Alt-Hohenau"]
    for typed in ("lesestube xy", "haus xy", "alt xy", "schulden xy"):
        assert labels(quarter, typed) == []


@pytest.mark.parametrize("typed", ["wohnungsb", "Wohnungsbö", "wohnungsboe", "WOHNUNGSBO"])
def test_umlauts_may_be_typed_in_any_way(quarter: Quarter, typed: str) -> None:
    assert "Wohnungsbörse" in labels(quarter, typed)


@pytest.mark.parametrize("typed", ["", " ", "s", "-", '"', "💶", "ß"])
def test_less_than_two_letters_suggest_nothing_that_is_guessed(quarter: Quarter, typed: str) -> None:
    assert [one for one in suggested(quarter, typed) if "ss" not in one.label.lower()] == []


def test_nobody_is_shown_more_than_fits(quarter: Quarter) -> None:
    for first in "abcdefghijklmnopqrstuvwxyz":
        for second in "aeiouclnrst":
            assert len(suggested(quarter, first + second)) <= suggesting.MOST


def test_a_topic_is_found_in_every_tongue_and_named_in_that_of_the_page(quarter: Quarter) -> None:
    for typed in ("debt", "schuld", "zwick"):
        found = suggested(quarter, typed, "en")[0]
        assert (found.kind, found.key, found.label) == ("topic", "schulden", "Debts")
    assert suggested(quarter, "debt", "uk")[0].label == "Schulden"


def test_a_topic_that_is_called_so_comes_before_one_that_is_meant_so(quarter: Quarter) -> None:
    found = [one.key for one in suggested(quarter, "sch") if one.kind == "topic"]
    assert set(found) == {"schulden", "schule"}


@pytest.mark.parametrize(
    "typed",
    [
        STREET[:5],
        "gasse",
        POSTCODE,
        TOWN,
        SECRET,
        "tannen",
        "theaterprobe",
        "thea",
        "lindenallee",
        "apfelbaum",
    ],
)
def test_nothing_is_suggested_that_is_not_public_or_no_name(quarter: Quarter, typed: str) -> None:
    assert suggested(quarter, typed) == []


def test_without_an_index_topics_are_suggested_all_the_same(quarter: Quarter) -> None:
    found = suggesting.suggest(quarter.session, quarter.region, "schul", "de", None)
    assert {one.key for one in found} == {"schulden", "schule"}
    busy = suggesting.suggest(quarter.session, quarter.region, "schul", "de", held(None))
    assert busy == found


def test_a_house_with_several_offers_is_suggested_once(quarter: Quarter) -> None:
    assert labels(quarter, "markt", "place") == ["Marktplatz"]
