"""„Ich kümmere mich“: said in the list or on the page, seen by others, taken over, gone by itself."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from api.accounts.models import Role
from api.core import clock
from api.curation.claims import HOURS
from api.curation.models import Kind, Proposal
from api.curation.service import propose
from api.doubts.models import Kind as Doubt
from api.history.models import Origin
from tests.accounts.people import Browser
from tests.curation.sheets import by
from tests.web.staff_doubts import line, look
from tests.web.staff_queue import EAST, WEST, Town, make_town

LIST = "/pflege/aufgaben?art=aenderungen"


@pytest.fixture
def town(database: Engine) -> Town:
    """Two districts, each with an offer."""
    return make_town(database)


def care(browser: Browser, thing: str, tun: str = "ja", back: str = LIST, **more: str) -> int:
    """Press one of the buttons, as the page shows it."""
    fields = {"um": thing, "tun": tun, "zurueck": back} | more
    return browser.post("/pflege/aufgaben/kuemmern", "/pflege", **fields).status_code


def said(html: str) -> list[str]:
    """Who looks after something, as a page says it."""
    return re.findall(r"<span>((?:Sie kümmern|[^<]* kümmert) sich darum)", html)


def names(html: str) -> list[str]:
    return re.findall(r'staff-title breakable" href="[^"]*">([^<]*)<', html)


def test_others_see_who_is_at_it_and_may_take_it_over(town: Town) -> None:
    number = town.suggest(town.west, summary="neu")
    thing = f"proposal-{number}"
    one, other = town.person(), town.person(Role.EDITOR)
    assert said(one.get(LIST).text) == []
    assert care(one, thing) == 303
    assert one.last is not None
    assert one.last.headers["location"] == f"{LIST}#{thing}"
    assert said(one.get(LIST).text) == ["Sie kümmern sich darum"]
    for path in (LIST, f"/pflege/vorschlag/{number}"):
        shown = other.get(path).text
        assert said(shown) == ["Person coordinator kümmert sich darum"]
        assert "Ich übernehme das" in shown
    statt = re.search(r'name="statt" value="(\d+)"', other.get(LIST).text)
    assert statt
    assert care(other, thing) == 303  # from a page that showed nobody
    assert other.last is not None
    assert "fertig=schneller" in other.last.headers["location"]
    assert said(other.get(LIST).text) == ["Person coordinator kümmert sich darum"]
    assert care(other, thing, statt=statt[1]) == 303
    assert said(one.get(LIST).text) == ["Person editor kümmert sich darum"]
    assert care(one, thing, "nein") == 303  # it is not theirs any more
    assert said(other.get(LIST).text) == ["Sie kümmern sich darum"]
    assert care(other, thing, "nein") == 303
    assert said(other.get(LIST).text) == []


def test_it_ends_by_itself_and_locks_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    number = town.suggest(town.west, summary="neu")
    one, other = town.person(), town.person()
    care(one, f"proposal-{number}")
    page = f"/pflege/vorschlag/{number}"
    now = clock.now()
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: now + timedelta(hours=HOURS, minutes=1))
        other.come_in("p1@stadt.example")  # the session of the morning is over, too
        assert said(other.get(LIST).text) == []
    assert other.come_in("p1@stadt.example").post(f"{page}/entscheiden", page, alle="ja").status_code == 303


def test_the_list_can_leave_out_what_others_look_after(town: Town) -> None:
    first, second = (town.suggest(one, summary="neu") for one in (town.west, town.east))
    one, other = town.person(), town.person()
    care(one, f"proposal-{first}")
    free = f"{LIST}&frei=ja"
    shown = other.get(LIST).text
    assert names(shown) == [WEST, EAST]
    assert free.replace("&", "&amp;") in shown
    shown = other.get(free).text
    assert names(shown) == [EAST]
    assert "frei=ja" in re.findall(rf'href="(/pflege/vorschlag/{second}[^"]*)"', shown)[0]
    assert names(one.get(free).text) == [WEST, EAST]
    care(other, f"proposal-{second}")
    assert "sich schon jemand" not in other.get(free).text
    assert names(one.get(free).text) == [WEST]


def test_doubts_and_places_can_be_looked_after(town: Town) -> None:
    look(town)
    number = line(town, Doubt.SUMMARY_MISSING, town.west).id
    browser = town.person()
    page = f"/pflege/zweifel/{number}"
    assert care(browser, f"doubt-{number}", back=page) == 303
    assert said(browser.get(page).text) == ["Sie kümmern sich darum"]
    assert said(browser.get("/pflege/aufgaben?art=auffaellig").text) == ["Sie kümmern sich darum"]
    other = town.person()
    assert len(names(other.get("/pflege/aufgaben?art=auffaellig&frei=ja").text)) + 1 == len(
        names(other.get("/pflege/aufgaben?art=auffaellig").text)
    )


def test_only_what_is_in_the_own_queue_and_only_back_to_pages_of_staff(town: Town) -> None:
    number = town.suggest(town.west, summary="neu")
    far = town.person(space="Viertel 2")
    for thing in (
        f"proposal-{number}",
        "proposal-99999",
        "doubt-1",
        "place-1",
        "pair-1",
        "offer-99999",
        "x-1",
    ):
        assert care(far, thing) == 404, thing
    for thing in ("", "proposal-", "proposal-0", f"proposal-{10**18 * 99}", "proposal-1;"):
        assert care(far, thing) == 404, thing
    near = town.person()
    for back in ("https://boese.example/", "//boese.example", "/angebote", "/pflege/../x"):
        assert care(near, f"proposal-{number}", back=back) == 303
        assert near.last is not None
        assert near.last.headers["location"] == f"/pflege#proposal-{number}"
    assert care(town.person(Role.COACH), f"proposal-{number}") == 403


def test_a_row_of_a_list_is_looked_after_like_anything_else(town: Town) -> None:
    with town.open() as (session, region):
        listed = by(region, "import", Origin.IMPORT)
        number = propose(session, listed, Kind.WITHDRAW, "", {}, offer_id=town.east)[0].id
        assert session.get_one(Proposal, number).actor == "import"
    browser = town.person()
    assert care(browser, f"proposal-{number}", back="/pflege/aufgaben?art=importe") == 303
    assert said(browser.get("/pflege/aufgaben?art=importe").text) == ["Sie kümmern sich darum"]
