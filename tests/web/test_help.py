"""Whom to call stands where it is needed, calmly, and nowhere else; the way out is near."""

import re

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core.languages import LANGUAGES
from api.regions.models import Region
from tests.factories import make_offer, make_region, make_topic
from web.main import create_app

WOMEN, SOMEBODY, AMBULANCE = "116 016", "0800 111 0 111", "112"


def main(page: str) -> str:
    found = re.search(r"<main.*</main>", page, flags=re.DOTALL)
    assert found
    return found[0]


def numbers(page: str) -> list[str]:
    return re.findall(r'href="tel:[^"]*"><bdi[^>]*>([^<]*)', page)


def asked(visitor: TestClient, **query: str) -> str:
    return main(visitor.get("/angebote", params=query).text)


def test_all_numbers_are_on_one_page_and_can_be_dialled(visitor: TestClient) -> None:
    shown = main(visitor.get("/notfall").text)
    assert {AMBULANCE, "110", WOMEN, SOMEBODY, "116 111", "116 117"} <= set(numbers(shown))
    assert 'href="tel:116016"' in shown
    assert "030 19240" in numbers(shown)
    assert "0228 19240" not in shown
    assert "data-exit" in shown


def test_each_region_shows_its_own_numbers(visitor: TestClient) -> None:
    shown = visitor.get("/notfall", headers={"host": "unna.localhost"}).text
    assert "0228 19240" in numbers(shown)
    assert "030 19240" not in numbers(shown)


def test_numbers_are_named_in_the_language_of_the_page(visitor: TestClient) -> None:
    shown = main(visitor.get("/en/notfall").text)
    assert "Ambulance and fire brigade" in shown
    assert "Rettungsdienst" not in shown


@pytest.mark.parametrize("locale", [code for code in LANGUAGES if code != "de"])
def test_a_number_that_a_region_names_in_few_languages_is_german_in_the_others(
    visitor: TestClient, locale: str
) -> None:
    answer = visitor.get(f"/{locale}/notfall")
    assert answer.status_code == 200
    german = re.search(r'<span (?:lang="de"(?: dir="ltr")?)?>Giftnotruf der Charité</span>', answer.text)
    assert bool(german) is (locale != "en")


@pytest.mark.parametrize(
    ("words", "first"),
    [("mein Mann schlägt mich", WOMEN), ("nicht mehr leben", SOMEBODY), ("انتحار", SOMEBODY)],
)
def test_a_crisis_shows_numbers_above_all_results(visitor: TestClient, words: str, first: str) -> None:
    shown = asked(visitor, q=words)
    assert numbers(shown)[0] == first
    assert AMBULANCE in numbers(shown)
    assert shown.index(first) < shown.index('id="liste"')
    assert "data-exit" in shown


@pytest.mark.parametrize("words", ["Schlagzeug", "Lebensmittel", "Kita"])
def test_other_words_show_no_alarm(visitor: TestClient, words: str) -> None:
    assert "data-exit" not in asked(visitor, q=words)


def test_a_list_about_violence_has_numbers_and_the_way_out(visitor: TestClient) -> None:
    shown = asked(visitor, thema="gewalt")
    assert numbers(shown)[0] == WOMEN
    assert "data-exit" in shown
    assert "data-exit" not in asked(visitor, thema="kita")


def test_where_nothing_is_found_somebody_can_be_called(visitor: TestClient) -> None:
    shown = asked(visitor, q="xqzwv")
    assert {SOMEBODY, AMBULANCE} <= set(numbers(shown))
    assert 'href="/vorschlag"' in shown
    assert SOMEBODY not in numbers(asked(visitor, q="Kita"))


def test_an_offer_against_violence_has_numbers_and_the_way_out(database: Engine) -> None:
    with Session(database) as session:
        region = make_region(session, exit_url="https://wetter.example/")
        make_topic(session, "schutz", helplines=["violence"])
        make_offer(session, region, name="Schutzraum", topics=["schutz"])
        make_offer(session, region, name="Sport")
        session.commit()
    with TestClient(create_app(database), base_url="http://localhost") as visitor:
        shown = main(visitor.get("/angebot/schutzraum").text)
        other = main(visitor.get("/angebot/sport").text)
    assert WOMEN in numbers(shown)
    assert '<a class="exit" href="https://wetter.example/" rel="noreferrer nofollow"' in shown
    assert "data-exit" not in other
    assert WOMEN not in numbers(other)


def test_a_region_can_be_without_any_setting_of_this(database: Engine) -> None:
    with Session(database) as session:
        assert isinstance(make_region(session), Region)
        session.commit()
    with TestClient(create_app(database), base_url="http://localhost") as visitor:
        assert 'href="https://www.dwd.de/"' in visitor.get("/notfall").text
