"""German addresses: understood however they are written, and the same when they are written again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.geocoding import numbers
from importers.geocoding.addresses import Address, alternatives, parse
from importers.geocoding.keys import same_town, street_key, town_key
from importers.geocoding.numbers import HouseNumber
from tests.geocoding.awkward import AWKWARD


def fields(address: Address) -> tuple[str, str, str, str, str]:
    number = str(address.number) if address.number else ""
    return address.street, number, address.postcode, address.town, address.district


def test_there_are_enough_awkward_addresses() -> None:
    assert len({text for text, *_ in AWKWARD}) == len(AWKWARD) >= 60


@pytest.mark.parametrize(("text", "street", "number", "postcode", "town", "district"), AWKWARD)
def test_understands_what_lists_hold(
    text: str, street: str, number: str, postcode: str, town: str, district: str
) -> None:
    assert fields(parse(text)) == (street, number, postcode, town, district)


@pytest.mark.parametrize("text", [text for text, *_ in AWKWARD])
def test_reads_again_what_it_has_written(text: str) -> None:
    understood = parse(text)
    assert parse(str(understood)) == understood


STREETS = st.sampled_from(
    ["Frankfurter Allee", "Straße 12", "Straße des 17. Juni", "Möllendorffstr.", "Am Tierpark", "C 4", "Q 7",
     "Große-Leege-Straße", "Str. d. Pariser Kommune", "An der Wuhle", "Weg", "Platz der Vereinten Nationen"]
)  # fmt: skip
SUFFIXES = st.one_of(st.just(""), st.sampled_from("abcxyz"), st.sampled_from(["1/2", "3/4"]))
ENDS = st.one_of(st.just(""), st.integers(500, 999).map(str), st.integers(500, 999).map(lambda n: f"{n}b"))
NUMBERS = st.builds(HouseNumber, st.integers(1, 499), SUFFIXES, ENDS)
ADDRESSES = st.builds(
    Address,
    STREETS,
    st.one_of(st.none(), NUMBERS),
    st.one_of(st.just(""), st.integers(1_001, 99_999).map(lambda number: f"{number:05}")),
    st.sampled_from(["", "Berlin", "Castrop-Rauxel", "Frankfurt (Oder)", "Bad Salzuflen", "Unna"]),
    st.sampled_from(["", "Karow", "Alt-Hohenschönhausen"]),
)


@given(ADDRESSES)
def test_what_is_written_is_read_the_same(address: Address) -> None:
    if address.street == "Weg" and address.number:
        return  # "Weg 7" is a name
    if address.street.startswith(("C ", "Q ")) and not address.number:
        return  # a block without a house reads as a house in a street
    if "(" in address.town and not address.postcode:
        return  # brackets explain a street; only behind a postcode they can be a town's
    assert parse(str(address)) == address


PIECES = st.sampled_from(
    [
        *(text for text, *_ in AWKWARD),
        "OT Karow",
        "2. OG",
        "c/o Verein",
        "(Hof)",
        "12 a-14",
        "/",
        ",",
        "-",
        "–",
    ]
)


@given(st.lists(PIECES, max_size=6).map(" ".join))
def test_nothing_that_people_write_stops_it(text: str) -> None:
    understood = parse(text)
    assert parse(str(understood)).postcode == understood.postcode


@given(st.text(max_size=80))
def test_no_text_stops_it(text: str) -> None:
    assert isinstance(str(parse(text, text, text)), str)


def test_fields_that_stand_apart_count_more() -> None:
    address = parse("Weitlingstr. 22, 10317 Berlin", "D-10365", "Unna OT Massen")
    assert fields(address) == ("Weitlingstr.", "22", "10365", "Unna", "Massen")


def test_a_town_alone_is_a_town() -> None:
    assert fields(parse("Weitlingstr. 22", "", "Berlin")) == ("Weitlingstr.", "22", "", "Berlin", "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Str. d. Pariser Kommune", "Straße der Pariser Kommune"),
        ("Josef-Orlopp-Str.", "JOSEF ORLOPP STRASSE"),
        ("Möllendorffstr", "Moellendorffstraße"),
        ("Große-Leege-Straße", "Gr. Leege-Str."),
        ("Alexanderpl.", "Alexanderplatz"),
        ("Prof.-Dr.-Beispiel-Weg", "Professor Doktor Beispiel Weg"),
        ("St.-Anna-Str.", "Sankt-Anna-Straße"),
    ],
)
def test_one_street_has_one_key(one: str, other: str) -> None:
    assert street_key(one) == street_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Karl-Marx-Straße", "Karl-Marx-Allee"),
        ("Straße 12", "Straße 13"),
        ("Neue Bahnhofstr.", "Bahnhofstr."),
    ],
)
def test_two_streets_have_two_keys(one: str, other: str) -> None:
    assert street_key(one) != street_key(other)


def test_the_name_of_a_house_may_stand_before_the_street() -> None:
    address = parse("Nachbarschaftshaus Ribnitzer Straße 1")
    assert [one.street for one in alternatives(address)] == ["Ribnitzer Straße"]
    assert alternatives(parse("Am Rathaus Neue Straße 3")) == []


def test_a_number_of_several_houses_names_both_ends() -> None:
    assert HouseNumber(12, "a", "14").ends == [(12, "a"), (14, "")]
    assert HouseNumber(12, "a", "c").ends == [(12, "a"), (12, "c")]
    assert HouseNumber(12).ends == [(12, "")]


@pytest.mark.parametrize("cell", ["", "Haus", "12345", "0", "a", "12 Haus"])
def test_a_cell_that_is_no_number_is_none(cell: str) -> None:
    assert numbers.read(cell) is None


def test_a_town_contains_its_parts() -> None:
    assert same_town(town_key("Berlin-Lichtenberg"), town_key("Berlin"))
    assert same_town(town_key("Frankfurt (Oder)"), town_key("Frankfurt"))
    assert not same_town(town_key("Bernau"), town_key("Berlin"))
