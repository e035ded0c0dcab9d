"""What people type leads to what they mean, in the order that helps them most."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from tests.search.quarter import HERE, POSTCODE, SECRET, STREET, TOWN, Quarter

DEBTS, TODDLERS, NURSERY, FOOTBALL = (
    "Schuldnerberatung Nord",
    "Krabbelgruppe Zwergenland",
    "Kindergarten Sonnenblume",
    "Fußballtraining",
)


@pytest.fixture(scope="module")
def quarter(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quarter]:
    """A dozen offers; tests only read them."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(bind=connection, expire_on_commit=False) as session:
            yield Quarter(session, tmp_path_factory.mktemp("index"))
        transaction.rollback()


FIRST = {
    "the name": ("Schuldnerberatung Nord", DEBTS),
    "capitals": ("FUSSBALLTRAINING", FOOTBALL),
    "no umlaut": ("wohnungsborse", "Wohnungsbörse"),
    "an umlaut in two letters": ("Wohnungsboerse", "Wohnungsbörse"),
    "ss for ß": ("fussballtraining", FOOTBALL),
    "a part of a compound": ("fußball", FOOTBALL),
    "the other part": ("training", FOOTBALL),
    "two parts apart": ("Kinder garten", NURSERY),
    "two parts the other way round": ("beratung schulden", DEBTS),
    "another compound": ("Schuldenberatung", DEBTS),
    "with a hyphen": ("Schuldner-Beratung", DEBTS),
    "a letter too few": ("schuldnerberatng", DEBTS),
    "a letter too many": ("krabbellgruppe", TODDLERS),
    "another letter": ("krabbelkruppe", TODDLERS),
    "two letters swapped": ("deutschkrus", "Deutschkurs"),
    "other two letters swapped": ("lesetsube bach", "Lesestube am Bach"),
    "two slips in a long word": ("schuldnrberatng", DEBTS),
    "half typed": ("krabbelgr", TODDLERS),
    "hardly begun": ("les", "Lesestube am Hang"),
    "an ending more": ("tauschläden", "Tauschladen"),
    "a space": ("lesestube fennpfuhl", "Lesestube am Bach"),
    "a space with a hyphen": ("lesestube alt hohenau", "Lesestube am Hang"),
    "a street": ("lindenallee schulden", DEBTS),
    "a postcode": ("10365 schulden", DEBTS),
    "a house": ("regenbogen lesestube", "Lesestube am Bach"),
    "the provider": ("morgenrot", DEBTS),
    "a contact that is public": ("apfelbaum", DEBTS),
    "a word of the topic": ("zwickmühle nord", DEBTS),
    "a language": ("beratung türkisch", DEBTS),
    "a language as its speakers say": ("türkçe", DEBTS),
    "what is free": ("kostenlose beratung", DEBTS),
    "an age": ("training 8 jahre", FOOTBALL),
    "with words of politeness": ("Ich brauche bitte Hilfe mit meinen Schulden", DEBTS),
    "in a question": ("Wo finde ich einen Deutschkurs?", "Deutschkurs"),
}


@pytest.mark.parametrize(("said", "first"), FIRST.values(), ids=FIRST.keys())
def test_what_is_meant_comes_first(quarter: Quarter, said: str, first: str) -> None:
    assert quarter.finds(said)[:1] == [first]


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("Debts", DEBTS),
        ("borç", DEBTS),
        ("borçlar", DEBTS),
        ("iş", "Bewerbungswerkstatt"),
        ("работа", "Bewerbungswerkstatt"),
        ("робота", "Bewerbungswerkstatt"),
        ("السكن", "Wohnungsbörse"),
        ("سكن", "Wohnungsbörse"),
        ("футбол", FOOTBALL),
        ("kreş", NURSERY),
        ("nursery", NURSERY),
    ],
)
def test_words_in_the_tongues_of_our_visitors_lead_to_the_topic(
    quarter: Quarter, said: str, topic: str
) -> None:
    assert topic in quarter.finds(said)


@pytest.mark.parametrize(
    "said",
    [
        "xyzzyplugh",
        "qwertzuiop",
        "бщздфг",
        "1234567890",
        "Raumschiffreparatur",
        "blablubb",
        "zzz",
        "🙂🙂",
        "kq",
    ],
)
def test_nonsense_finds_nothing_rather_than_anything(quarter: Quarter, said: str) -> None:
    answer = quarter.answer(said)
    assert (answer.total, answer.did_you_mean) == (0, None)


@pytest.mark.parametrize(
    "said", [STREET, "Verborgene", "Verborgen", "Gasse", "verborgne", POSTCODE, TOWN, "geheim", "Geheimstatd"]
)
def test_where_a_shelter_is_nobody_finds_out_by_searching(quarter: Quarter, said: str) -> None:
    assert "Zuflucht" not in quarter.finds(said)
    mended = quarter.answer(said).did_you_mean or ""
    assert "verborgen" not in mended.lower()
    assert "geheim" not in mended.lower()


@pytest.mark.parametrize("said", [SECRET, "Tannenzapf", "tannenzap", "Tannnezapf", "notruf tannenzapf"])
def test_a_contact_for_professionals_is_found_by_nobody(quarter: Quarter, said: str) -> None:
    assert "Zuflucht" not in quarter.finds(said)
    assert "tannenzapf" not in (quarter.answer(said).did_you_mean or "").lower()


def test_what_is_not_published_is_neither_found_nor_meant(quarter: Quarter) -> None:
    assert quarter.finds("theaterprobe") == []
    assert quarter.answer("theaterprobbe").did_you_mean is None


def test_a_phrase_in_quotes_is_found_word_for_word(quarter: Quarter) -> None:
    assert {"Deutschkurs", "Tauschladen"} <= set(quarter.finds("neue eltern"))
    for quotes in ('"{}"', "„{}“", "«{}»", "“{}”"):
        assert quarter.finds(quotes.format("neue eltern")) == ["Deutschkurs"]
    assert quarter.finds('"eltern neue"') == []
    assert quarter.finds('"für neue eltern"') == ["Deutschkurs"]
    assert quarter.finds('"krabbelgruppe zwergenland" "nichts davon"') == []


def test_calls_for_help_count_only_when_nothing_else_is_said(quarter: Quarter) -> None:
    assert {"Deutschkurs", "Tauschladen"} <= set(quarter.finds("hilfe"))
    assert quarter.finds("hilfe schulden") == quarter.finds("schulden")
    assert quarter.finds("ich suche dringend hilfe bei schulden") == quarter.finds("schulden")


def test_a_word_is_no_stop_word_because_one_looks_like_it_without_its_accents(quarter: Quarter) -> None:
    assert quarter.finds("is") == []
    assert quarter.finds("iş")[:1] == ["Bewerbungswerkstatt"]
    assert quarter.finds("für") == quarter.finds("fuer") == quarter.finds("FÜR") == []


def test_stop_words_change_nothing(quarter: Quarter) -> None:
    assert quarter.finds("ein deutschkurs für mich und dich") == quarter.finds("deutschkurs")
    assert quarter.finds("und oder der die das") == []


def test_the_name_says_more_than_the_topic_and_the_topic_more_than_the_text(quarter: Quarter) -> None:
    order = [DEBTS, "Budgetrunde", "Bewerbungswerkstatt"]
    found = quarter.finds("schulden")
    assert [name for name in found if name in order] == order


def test_among_equals_the_nearer_comes_first_else_the_one_checked_later(quarter: Quarter) -> None:
    bach, hang = "Lesestube am Bach", "Lesestube am Hang"
    assert quarter.finds("lesestube") == [hang, bach]
    assert quarter.finds("lesestube", near=HERE, metres=50_000) == [bach, hang]
    assert quarter.finds("lesestube", near="13.15,52.05", metres=50_000) == [hang, bach]


def test_whole_answers_come_before_parts(quarter: Quarter) -> None:
    answer = quarter.answer("lesestube hang")
    found = [one.offer.name for one in answer.results]
    assert found[0] == "Lesestube am Hang"
    assert answer.whole == 1
    for one in answer.results[1:]:
        assert one.why.missing, one.offer.name


def test_filters_narrow_what_words_find_and_change_nothing_else(quarter: Quarter) -> None:
    every = quarter.finds("schulden")
    about_debts = quarter.finds("schulden", topic=["schulden"])
    assert about_debts == [name for name in every if name in {DEBTS, "Budgetrunde"}]
    assert quarter.finds("schulden", topic=["schulden"], space=["lor:1"]) == [DEBTS]
    assert quarter.finds("schulden", topic=["schulden"], space=["lor:2"]) == []


def test_what_was_meant_is_written_as_people_write_it(quarter: Quarter) -> None:
    assert quarter.answer("krabelgruppe").did_you_mean == "Krabbelgruppe"
    assert quarter.answer("wohnugnsboerse").did_you_mean == "Wohnungsbörse"
    assert quarter.answer("fußbaltraining am bach").did_you_mean == "Fußballtraining am bach"
    for right in ("Krabbelgruppe", "wohnungsboerse", "krabbelgr", "les"):
        assert quarter.answer(right).did_you_mean is None


def test_words_that_nothing_answers_to_are_named(quarter: Quarter) -> None:
    answer = quarter.answer("krabbelgruppe xyzzyplugh")
    assert [one.offer.name for one in answer.results] == [TODDLERS]
    assert answer.unknown == ["xyzzyplugh"]


def test_the_words_that_were_meant_are_shown_where_they_stand(quarter: Quarter) -> None:
    why = quarter.answer("schulden nord").results[0].why
    assert [(span.start, span.end) for span in why.name] == [(0, 17), (18, 22)]
    assert why.topics == ["schulden"]
    reading = quarter.answer("reicht schuldnerberatung").results[0]
    assert [reading.offer.summary[span.start : span.end] for span in reading.why.summary] == ["reicht"]
    assert quarter.answer("beratung türkisch").results[0].why.languages == ["tr"]
    assert quarter.answer("morgenrot").results[0].why.name == []


def test_nothing_said_is_everything_by_name(quarter: Quarter) -> None:
    found = quarter.finds("")
    assert found == sorted(found, key=lambda name: name.lower())
    assert len(found) == 12
    assert quarter.finds("   ") == found
