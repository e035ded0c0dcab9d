"""The page of family plans: from what was typed to ways; nothing of it stands in an address."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from api.core.geo import LonLat
from api.core.languages import LANGUAGES
from api.regions import service as regions
from api.regions.models import Region
from tests.factories import make_offer, make_place
from tests.geocoding.sample import load_town
from tests.importers.sample import make_lichtenberg
from tests.web.crowd import crowd
from tests.web.plan import THREE, asked, buttons, by_id, filled, of_class, offers, seen, send, words
from web.main import create_app
from web.pages.plan import RATE
from web.plan.form import ONE_MORE, Form, Row
from web.plan.question import meant

pytestmark = pytest.mark.usefixtures("on_a_certain_day")


@pytest.mark.parametrize("locale", LANGUAGES)
def test_three_worries_are_answered_and_nothing_of_it_stands_in_an_address(
    visitor: TestClient, locale: str
) -> None:
    prefix = "" if locale == "de" else f"/{locale}"
    empty = visitor.get(f"{prefix}/plan")
    said = {**THREE, "stadtteil": "fennpfuhl", "alter": "3, 7 und 34", "tag": ["mo", "di", "mi"]}
    answer = send(visitor, said, f"{prefix}/plan")
    for one in (empty, answer):
        assert one.status_code == 200
        assert one.headers["cache-control"] == "no-store"
        assert one.headers["referrer-policy"] == "same-origin"
        assert "noindex" in one.headers["x-robots-tag"]
        assert "etag" not in one.headers
        assert "x-uptake" not in one.headers
    page = seen(answer)
    assert page.get("lang") == LANGUAGES[locale].tag
    assert any(trip.find(".//time[@datetime]") is not None for trip in of_class(page, "plan-trip"))
    ways = ("href", "action", "formaction")
    told = [one.get(name, "") for one in page.iter() for name in ways if one.get(name)]
    private = re.compile(r"Brief|schulden|kita|sorge-1-thema=|fennpfuhl")
    assert [way for way in told if private.search(way) and "/angebot/" not in way] == []
    assert {"plan", *THREE, "stadtteil", "alter", "tag"} <= set(filled(page))
    assert filled(page)["sorge-2-wort"] == ["Brief vom Jobcenter"]
    chips = [words(one) for one in of_class(page, "chip")]
    assert any("3, 7 und 34" in chip for chip in chips)
    assert any("Fennpfuhl" in chip for chip in chips)


def test_numbers_of_the_list_are_those_of_the_map_and_all_goes_on_to_the_list(visitor: TestClient) -> None:
    page = asked(visitor, {**THREE, "stadtteil": "fennpfuhl", "sprache": "tr"})
    points = json.loads(words(by_id(page, "plan-punkte")))
    assert offers(page) == [str(point["offer"]) for point in points]
    numbers = [one.get("data-number") for one in page.iterfind(".//*[@data-number]")]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    drawn = by_id(page, "karte")
    assert drawn is not None
    assert drawn.get("data-points") == "#plan-punkte"
    entries = [one.get("value", "") for one in page.iterfind(".//form[@action='/liste']/input[@name='o']")]
    assert [entry.partition(".")[0] for entry in entries][: len(points)] == offers(page)
    draft = visitor.post("/liste", data={"o": entries, "sprache": "tr"})
    assert draft.status_code == 200
    assert {f'value="{entry}"' in draft.text for entry in entries} == {True}


def test_an_offer_is_swapped_by_hand_and_let_go_again(visitor: TestClient) -> None:
    first = asked(visitor, THREE)
    take = next(value for value in buttons(first) if value.startswith("nimm-1-"))
    offer = take.rpartition("-")[2]
    swapped = asked(visitor, {**filled(first), "tun": take})
    assert by_id(swapped, f"angebot-{offer}") is not None
    assert filled(swapped)["sorge-1-angebot"] == [offer]
    assert "von Ihnen gewählt" in words(by_id(swapped, "sorge-1"))
    kept = asked(visitor, {**filled(swapped), "tun": "ohne-zeit"})
    assert filled(kept)["sorge-1-angebot"] == [offer]
    other = {**filled(swapped), "sorge-1-thema": "schule", "tun": "planen"}
    assert "sorge-1-angebot" not in filled(asked(visitor, other))
    free = asked(visitor, {**filled(swapped), "tun": "frei-1"})
    assert "sorge-1-angebot" not in filled(free)
    assert offers(free) == offers(first)
    gone = asked(visitor, {**filled(swapped), "sorge-1-angebot": "999999999"})
    assert "sorge-1-angebot" not in filled(gone)


def test_what_else_there_is_is_grouped_by_who_helps_for_those_who_wish_it(visitor: TestClient) -> None:
    plain, grouped = asked(visitor, THREE), asked(visitor, {**THREE, "alltag": "ja"})
    assert not of_class(plain, "plan-other-level")
    order = ["Nachbarschaft und Selbsthilfe", "Vereine und Treffpunkte", "Beratung und Ämter"]
    several = 0
    for worry in of_class(grouped, "plan-worry"):
        said = [words(one) for one in of_class(worry, "plan-other-level")]
        assert said == [name for name in order if name in said]
        several += len(said) > 1
        for heading, group in zip(said, of_class(worry, "plan-other-list"), strict=True):
            assert all(heading in words(other) for other in of_class(group, "plan-other"))
    assert several


def test_another_plan_is_shown_and_stays_in_another_language(visitor: TestClient) -> None:
    first = asked(visitor, {**THREE, "stadtteil": "fennpfuhl"})
    show = next(value for value in buttons(first) if value.startswith("plan-"))
    second = asked(visitor, {**filled(first), "tun": show})
    assert show not in buttons(second)
    assert "plan-1" in buttons(second)
    assert offers(second) != offers(first)
    turkish = asked(visitor, filled(second), "/tr/plan")
    assert offers(turkish) == offers(second)
    assert offers(asked(visitor, {**filled(first), "tun": "plan-99"}))


def test_a_condition_too_many_is_named_and_dropped_by_a_button(visitor: TestClient) -> None:
    said = {"sorge-1-thema": "sprachkurs", "alter": "2", "sprache": "pl", "rollstuhl": "1", "tag": "so"}
    page = asked(visitor, said)
    (gap,) = of_class(page, "plan-gap")
    drop = [one.get("value", "") for one in gap.iterfind(".//button")]
    assert drop
    assert all(value.startswith("ohne-") for value in drop)
    for value in ("ohne-alter", "ohne-sprache", "ohne-rollstuhl", "ohne-zeit"):
        page = asked(visitor, {**filled(page), "tun": value})
    assert {"sprache", "rollstuhl", "tag"}.isdisjoint(filled(page))
    assert offers(page)
    assert by_id(asked(visitor, {"sorge-1-wort": "Xyzzyquark"}), "notruf") is not None


@pytest.mark.parametrize("said", [{"tun": "sorge"}, {"schritt": "form"}])
def test_the_form_is_only_filled_when_nobody_has_asked_for_plans(visitor: TestClient, said: Any) -> None:
    page = asked(visitor, {**THREE, "alter": "x", **said})
    assert by_id(page, "ergebnis") is None
    assert by_id(page, "fehler") is None
    assert filled(page)["alter"] == ["x"]
    assert ("sorge-4-thema" in filled(page)) == ("tun" in said)


@pytest.mark.parametrize(
    ("said", "field", "text"),
    [
        ({}, "sorge-1-thema", "Bitte sagen Sie, worum es geht."),
        ({"sorge-2-wort": "  "}, "sorge-1-thema", "Bitte sagen Sie, worum es geht."),
        ({"sorge-1-thema": "kita", "sorge-1-wort": "Oma"}, "sorge-1-wort", "Bitte nehmen Sie nur eines"),
        ({"sorge-1-thema": "erfunden"}, "sorge-1-thema", "Bitte wählen Sie etwas aus."),
        ({"sorge-1-wort": "x" * 201}, "sorge-1-wort", "höchstens 200 Zeichen"),
        ({"sorge-1-wort": "a\x07b"}, "sorge-1-wort", "Zeichen, die wir nicht"),
        ({**THREE, "alter": "drei"}, "alter", "Zahlen von 0 bis 120"),
        ({**THREE, "alter": "121"}, "alter", "Zahlen von 0 bis 120"),
        ({**THREE, "alter": " ".join("1" * 13)}, "alter", "höchstens 12 Personen"),
        ({**THREE, "sprache": "Türkisch"}, "sprache", "höchstens 10 Sprachen"),
        ({**THREE, "stadtteil": "atlantis"}, "stadtteil", "Das gibt es hier nicht."),
        ({**THREE, "adresse": "Nirgendweg 1"}, "adresse", "Diese Adresse finden wir nicht"),
        ({**THREE, "adresse": "x" * 201}, "adresse", "höchstens 200 Zeichen"),
        ({**THREE, "punkt": "13.5"}, "adresse", "Diesen Punkt verstehen wir nicht."),
    ],
)
def test_a_mistake_is_named_at_its_field_and_all_that_was_typed_stays(
    visitor: TestClient, said: dict[str, str], field: str, text: str
) -> None:
    answer = send(visitor, {**said, "kostenlos": "1", "zeit": "abend"})
    assert answer.status_code == 422
    page = seen(answer)
    assert text in words(by_id(page, f"{field}-fehler"))
    assert page.find(f".//*[@id='fehler']//a[@href='#{field}']") is not None
    assert by_id(page, field) is not None
    form = filled(page)
    assert (form["kostenlos"], form["zeit"]) == (["1"], ["abend"])
    for name in {"sorge-1-wort", "alter", "adresse", "punkt"} & said.keys():
        assert form[name] == [said[name].replace("\x07", "") if name != "sorge-1-wort" else said[name]]


def test_ages_are_read_as_people_write_them(session: Session, region: Region) -> None:
    for typed, ages in {
        "3, 7 und 34": [3, 7, 34],
        "3 7;34": [3, 7, 34],
        "3، 7 و 34": [3, 7, 34],
        "٣، ٧": [3, 7],
        "": [],
        " , ": [],
    }.items():
        form = Form(rows=(Row(words="Kita"),), ages=typed)
        question = meant(session, region, form).question
        assert question is not None, typed
        assert question.ages == ages


def test_whom_to_call_stands_first_also_where_the_form_has_a_mistake(visitor: TestClient) -> None:
    for said in (
        {"sorge-1-thema": "kita", "sorge-2-wort": "ich will nicht mehr leben"},
        {"sorge-1-thema": "gewalt", "alter": "?"},
        {"sorge-1-wort": "er schlägt mich", "schritt": "form"},
    ):
        text = send(visitor, said).text
        assert 0 < text.find("data-exit") < text.find('href="tel:') < text.find("<form"), said
    calm = send(visitor, {"sorge-1-wort": "ich will nicht mehr", "sorge-2-wort": "leben lernen"})
    assert "data-exit" not in calm.text


def test_a_plan_that_leaves_something_out_says_so_at_once_and_opens_at_the_numbers(
    visitor: TestClient,
) -> None:
    page = asked(visitor, {"sorge-1-thema": "gewalt", "sorge-2-thema": "kita", "sorge-3-wort": "Xyzzyquark"})
    assert words(by_id(page, "ergebnis-titel")) == "Ein Weg für 1 von 3 Sorgen"
    assert "116 016" in words(by_id(page, "ergebnis"))
    (facts,) = of_class(page, "plan-facts")
    assert [one.get("href") for one in facts.iterfind(".//a")] == ["#sorge-1", "#sorge-3"]
    # Nothing was given for it, so what there is is no other offer; its number stands on paper, too.
    only = of_class(page, "is-all-there-is")
    assert [words(one.find("summary")) for one in only] == ["1 Angebot für diese Sorge"]
    assert len(of_class(page, "plan-others")) > len(only)


@pytest.mark.parametrize(("prefix", "spoken"), [("", []), ("/de-simple", []), ("/tr", ["tr"])])
def test_whoever_reads_turkish_is_sent_where_it_is_spoken(
    visitor: TestClient, prefix: str, spoken: list[str]
) -> None:
    form = filled(seen(visitor.get(f"{prefix}/plan")))
    assert form.get("sprache", []) == spoken
    page = asked(visitor, {**form, "sorge-1-thema": "schulden"}, f"{prefix}/plan")
    assert ("Türkisch und Arabisch" in words(of_class(page, "plan-visit")[0])) == bool(spoken)


def test_nobody_is_told_when_to_be_where_somebody_has_to_be_asked_first(visitor: TestClient) -> None:
    page = asked(visitor, {"sorge-1-wort": "Schuldnerberatung", "sorge-2-wort": "Stadtteilmütter"})
    told = {words(of_class(one, "offer-name")[0]): words(one) for one in of_class(page, "plan-visit")}
    debts, mothers = told["Schuldnerberatung"], told["Stadtteilmütter besuchen Familien"]
    assert "Unser Vorschlag: " in debts
    assert "Alles an einem Tag, frühestens: " in words(of_class(page, "plan-facts")[0])
    assert "Seien Sie" not in debts
    assert "Wann kommen Sie zu mir?" in mothers
    assert "Wann kann ich kommen?" not in mothers


def test_who_asks_by_the_hundred_waits_and_keeps_what_was_typed(demo: Engine) -> None:
    with TestClient(create_app(demo), base_url="http://localhost") as client:
        throttle = client.app.state.planning  # type: ignore[attr-defined]
        for _ in range(RATE[0]):
            throttle.take("testclient")
        answer = send(client, THREE)
        assert answer.status_code == 429
        assert int(answer.headers["retry-after"]) >= 1
        assert filled(seen(answer))["sorge-2-wort"] == ["Brief vom Jobcenter"]


def test_whoever_waits_for_plans_holds_no_connection_and_has_sent_the_form(
    visitor: TestClient, demo: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = crowd(monkeypatch, demo)
    answer = send(visitor, THREE)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert filled(seen(answer))["sorge-2-wort"] == ["Brief vom Jobcenter"]
    assert visitor.post("/plan", json={}).status_code == 415  # whose form is not here is not in the queue
    assert connections == [0]
    assert send(visitor, THREE | {"tun": ONE_MORE}).status_code == 200  # nothing is worked out for it
    assert visitor.get("/plan").status_code == 200


def test_what_no_form_sends_is_refused(visitor: TestClient) -> None:
    assert visitor.post("/plan", json={}).status_code == 415
    assert send(visitor, {f"f{n}": "" for n in range(200)}).status_code == 400
    assert send(visitor, {"sorge-1-wort": "x" * 20_000}).status_code == 413
    assert send(visitor, {"sorge-1-thema": "kita\0", "stadtteil": "\0", "adresse": "\0"}).status_code == 200
    assert visitor.put("/plan").status_code == 405


@pytest.fixture
def town(database: Engine, tmp_path: Path) -> Iterator[TestClient]:
    """Somebody before a region that knows its addresses, with one offer."""
    with Session(database) as session:
        region = make_lichtenberg(session)
        load_town(session, tmp_path, region)
        make_offer(session, region, make_place(session, region, 13.5, 52.51), name="Kitaberatung")
        session.commit()
    with TestClient(create_app(database), base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize(
    ("said", "text", "near"),
    [
        (
            {"adresse": "Ahornallee 2, 10365 Berlin"},
            "Wir rechnen ab hier: Ahornallee 2",
            LonLat(13.5, 52.501),
        ),
        (
            {"adresse": "Ahornalee 14, 10365 Berlin"},
            "Wir rechnen ab hier: Ahornallee 14",
            LonLat(13.5, 52.504),
        ),
        ({"adresse": "Ahornallee 99"}, "Die Hausnummer kennen wir nicht.", LonLat(13.5, 52.504)),
        ({"adresse": "10367"}, "ab der Mitte von 10367", LonLat(13.521, 52.511)),
        ({"punkt": "13.5001234,52.5019999"}, "ab Ihrem Punkt", LonLat(13.5, 52.502)),
    ],
)
def test_a_start_is_understood_said_and_rounded(
    town: TestClient, database: Engine, said: dict[str, str], text: str, near: LonLat
) -> None:
    assert text in words(asked(town, {"sorge-1-wort": "Kitaberatung", **said}))
    with Session(database) as session:
        region = regions.get(session, "hier")
        form = Form.of(QueryParams([("sorge-1-wort", "Kita"), *said.items()]))
        question = meant(session, region, form).question
    assert question is not None
    assert question.near == near


def test_a_street_that_there_is_twice_needs_its_postcode(town: TestClient) -> None:
    for address, status in (("Dorfstraße 5", 422), ("Dorfstraße 5, 10318", 200)):
        assert send(town, {"sorge-1-wort": "Kitaberatung", "adresse": address}).status_code == status


def test_pages_that_lead_here(visitor: TestClient) -> None:
    for path in ("/", "/angebote", "/merkliste"):
        assert '<a href="/plan">' in visitor.get(path).text.replace(' class="plan-way-in"', "")
