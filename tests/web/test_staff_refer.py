"""Referring: professionals find where there is room and whom to ask; the form keeps what was typed."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.models import Role
from api.core import clock
from api.curation import merging, sheet
from api.curation.merging_sides import side_by_side
from api.offers.models import Offer, Status
from api.regions.models import Region
from tests.accounts.people import make_member
from tests.curation.sheets import by, contact, entry, place
from tests.web.staff_offers import Writer
from tests.web.staff_queue import EAST, SECRET, WEST, Town, make_town

LIST = "/pflege/vermitteln"
PHONE, HOW = "030 23125-888", "Durchwahl nur für Fachkräfte"


@pytest.fixture
def town(database: Engine) -> Town:
    """One offer with all that professionals read, one that had room long ago, one at a hidden house."""
    town = make_town(database)
    with town.open() as (session, region):
        today = clock.today(region.timezone)
        facts = {
            "referral.way": "case_conference", "referral.how": HOW, "referral.waiting_weeks": 3,
            "referral.capacity": "few", "referral.said_on": today.isoformat(),
            "referral.requirements": "Kinder unter drei", "referral.papers": ["tenancy", "identity"],
            "referral.papers_note": "Kopien reichen", "referral.laws": ["sgb8"],
            "referral.laws_note": "§ 16 Abs. 2",
        }  # fmt: skip
        write(session, region, town.west, facts | {"contacts/new-9": contact(phone=PHONE, is_public=False)})
        old = {
            "referral.capacity": "yes",
            "referral.said_on": (today - timedelta(weeks=9)).isoformat(),
        }
        write(session, region, town.east, old)
    return town


def write(session: Session, region: Region, offer_id: int, new: dict[str, Any]) -> None:
    offer = session.get_one(Offer, offer_id)
    now = sheet.read(session, offer)
    changes = {path: {"old": now.get(path), "new": value} for path, value in new.items()}
    assert sheet.apply(session, by(region), offer, changes).conflicts == {}


def facts(town: Town, offer_id: int) -> dict[str, Any]:
    with town.open() as (session, _region):
        now = sheet.read(session, session.get_one(Offer, offer_id))
    return {
        path.removeprefix("referral."): value for path, value in now.items() if path.startswith("referral.")
    }


def entries(page: str) -> dict[str, str]:
    """What the list says of each offer, by its name, without tags."""
    parts = page.split('<li class="card refer-entry">')[1:]
    said = [" ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split()) for part in parts]
    return {name: one for one in said for name in (WEST, EAST, "Schutzhaus") if one.startswith(name)}


def test_the_list_says_where_there_is_room_and_whom_to_ask(town: Town) -> None:
    coach = town.person(Role.COACH)
    found = entries(coach.get(LIST).text)
    assert set(found) == {WEST, EAST, "Schutzhaus"}
    for said in ("Wenige Plätze frei", "Wartezeit: etwa 3 Wochen", PHONE, "nur für Fachkräfte", "030 1"):
        assert said in found[WEST], said
    assert "in einer Fallbesprechung anmelden" in found[WEST]
    assert "Wort des Anbieters vom" in found[WEST]
    assert "veraltet" not in found[WEST]
    assert "Plätze frei Wort des Anbieters vom" in found[EAST]
    assert "veraltet – bitte nachfragen" in found[EAST]
    assert "bitte erfragen" in found["Schutzhaus"]
    assert SECRET not in coach.last.text  # type: ignore[union-attr]
    # What was said long ago is no room that anybody could count on.
    assert set(entries(coach.get(f"{LIST}?frei=1").text)) == {WEST}
    assert set(entries(coach.get(f"{LIST}?thema=familie").text)) == {EAST}
    assert set(entries(coach.get(f"{LIST}?q=west&stadtteil=viertel-1").text)) == {WEST}
    none = coach.get(f"{LIST}?thema=familie&frei=1").text
    assert "Nehmen Sie den Haken heraus" in none
    assert "ob dort Plätze frei sind oder nicht" in none  # a search that is watched knows nothing of room
    start = coach.get("/pflege").text
    assert 'href="/pflege/vermitteln"' in start
    assert 'href="/plan"' in start
    assert "Mit einer Hilfekette anfangen" not in start  # there is none


@pytest.mark.parametrize("query", ["thema=gibtsnicht", "alter=viele", "q=%00", "seite=0", f"q={'x' * 300}"])
def test_a_question_that_cannot_be_is_said_and_what_was_typed_stays(town: Town, query: str) -> None:
    coach = town.person(Role.COACH)
    answer = coach.get(f"{LIST}?q=Café&{query}")
    assert answer.status_code in {200, 422}
    assert 'role="search"' in answer.text
    if answer.status_code == 422:
        assert 'role="alert"' in answer.text
    if not query.startswith("q="):
        assert 'value="Café"' in answer.text
    # Pages that there are not end at the last one.
    assert set(entries(coach.get(f"{LIST}?seite=99").text)) == {WEST, EAST, "Schutzhaus"}


def test_one_offer_says_everything_and_papers_in_the_language_of_the_family(town: Town) -> None:
    coach = town.person(Role.COACH)
    here = f"{LIST}/{town.west}"
    page = unescape(coach.get(here).text)
    for said in (
        WEST, "In einer Fallbesprechung anmelden", HOW, "etwa 3 Wochen", "Wenige Plätze frei", PHONE,
        "Kinder unter drei", "Mietvertrag", "Ausweis oder Pass", "Kopien reichen", "SGB VIII", "§ 16 Abs. 2",
        "Vereine und Treffpunkte", "Öffnungszeiten", "Weg 1",
        'data-keep="', 'href="/angebot/',
    ):  # fmt: skip
        assert said in page, said
    assert "Zum Eintrag" not in page
    assert "Zum Eintrag" in town.person(Role.COORDINATOR).get(here).text
    turkish, arabic = (coach.get(f"{here}?sprache={code}").text for code in ("tr", "ar"))
    assert 'lang="tr" dir="ltr"><li>' in turkish
    assert 'lang="ar" dir="rtl"><li>' in arabic
    spoken = [re.search(r'refer-spoken"[^>]*>(.*?)</ul>', one, re.DOTALL) for one in (turkish, arabic)]
    assert all(one and "Mietvertrag" not in one[1] and one[1].count("<li>") == 2 for one in spoken)
    assert "refer-spoken" not in coach.get(f"{here}?sprache=klingonisch").text
    assert SECRET not in coach.get(f"{LIST}/{town.hidden}").text
    public = coach.get(f"/angebot/{town.offer(town.west).slug}").text
    assert not [said for said in (HOW, PHONE, "Fallbesprechung", "Wort des Anbieters") if said in public]


def test_who_looks_after_another_district_reads_nothing_of_it(town: Town) -> None:
    editor = town.person(Role.EDITOR, "Viertel 2")
    assert set(entries(editor.get(LIST).text)) == {EAST}
    assert editor.get(f"{LIST}/{town.west}").status_code == 404
    assert editor.get(f"{LIST}/{town.east}").status_code == 200
    with town.open() as (session, region):
        own = entry(session, region, name="Eigenes", organization="Verein").organization_id
    provider = town.person(Role.PROVIDER, organization_id=own)
    for path in (LIST, f"{LIST}/{town.west}"):
        assert provider.get(path).status_code == 403
    start = provider.get("/pflege").text
    assert not [said for said in ("Vermitteln", 'href="/plan"') if said in start]


def test_what_is_gone_is_not_there_and_what_has_moved_leads_on(town: Town) -> None:
    coach = town.person(Role.COACH)
    with town.open() as (session, region):
        session.get_one(Offer, town.hidden).status = Status.PAUSED
        seen = side_by_side(session, region.id, town.west, town.east).seen
        merging.merge(session, by(region), town.west, town.east, {}, seen=seen)
    assert coach.get(f"{LIST}/{town.hidden}").status_code == 404
    moved = coach.get(f"{LIST}/{town.east}")
    assert (moved.status_code // 100, moved.headers["location"]) == (3, f"{LIST}/{town.west}")
    assert set(entries(coach.get(LIST).text)) == {WEST}


def draft_of(writer: Writer, offer_id: int) -> str:
    answer = writer.press(f"/pflege/angebot/{offer_id}/bearbeiten", f"/pflege/angebot/{offer_id}")
    return str(answer.headers["location"].rpartition("/")[0])


def test_the_form_keeps_what_was_typed_and_dates_the_word_itself(town: Town) -> None:
    with town.open() as (session, region):
        make_member(session, region, Role.COORDINATOR, "alle@stadt.example")
        today = clock.today(region.timezone).isoformat()
    writer = Writer(town.engine, "alle@stadt.example")
    draft = draft_of(writer, town.east)
    step = f"{draft}/fachkraefte"
    assert (
        writer.press(f"{draft}/kontakt", f"{draft}/kontakt", tun="zu-fachkraefte").headers["location"] == step
    )
    assert "Das sehen nur Fachkräfte" in writer.get(step).text
    typed = [
        ("referral.waiting_weeks", "viele"), ("referral.how", "Bleibt <hier>."),
        ("referral.said_on", "31.2.2026"), ("referral.laws", "sgb2"),
    ]  # fmt: skip
    wrong = writer.fill(draft, "fachkraefte", typed)
    assert wrong.status_code == 422
    for said in (
        'value="viele"', "Bleibt &lt;hier&gt;.", 'value="31.2.2026"', 'value="sgb2" id="referral.laws"',
        "eine Zahl von Wochen", "einen Tag, der schon war",
    ):  # fmt: skip
        assert said in wrong.text or said in unescape(wrong.text), said
    typed = [("referral.waiting_weeks", "4"), ("referral.said_on", "1.3.2026"), ("referral.capacity", "none")]
    done = writer.fill(draft, "fachkraefte", typed)
    assert done.headers["location"] == f"{draft}/ansehen"
    assert HOW not in writer.get(f"{draft}/ansehen").text
    assert writer.publish(draft).status_code == 303
    now = facts(town, town.east)
    assert (now["waiting_weeks"], now["capacity"], now["said_on"]) == (4, "none", "2026-03-01")
    # Another word under the old day was heard today, also when it is saved several times on the way.
    draft = draft_of(writer, town.east)
    page = writer.get(f"{draft}/fachkraefte")
    for version in "12":
        sent = {"referral.waiting_weeks": "9", "fassung": version}
        assert writer.send(f"{draft}/fachkraefte", page, **sent).status_code == 303
    writer.publish(draft)
    assert facts(town, town.east)["said_on"] == today
    draft = draft_of(writer, town.east)
    writer.fill(draft, "fachkraefte", [("referral.waiting_weeks", ""), ("referral.capacity", "unknown")])
    writer.publish(draft)
    now = facts(town, town.east)
    assert (now["said_on"], now["how"], now["laws"]) == (None, "Bleibt <hier>.", ["sgb2"])


def test_a_provider_says_its_own_word_and_others_decide(town: Town) -> None:
    with town.open() as (session, region):
        own = entry(
            session, region, name="Eigenes", organization="Verein", places={"new-1": place(street="Weg 9")}
        )
        make_member(
            session, region, Role.PROVIDER, "anbieter@stadt.example", organization_id=own.organization_id
        )
        number = own.id
    writer = Writer(town.engine, "anbieter@stadt.example")
    draft = draft_of(writer, number)
    assert writer.fill(draft, "fachkraefte", [("referral.capacity", "yes")]).status_code == 303
    assert writer.press(f"{draft}/abgeben", f"{draft}/ansehen").status_code == 303
    page = writer.get(f"/pflege/angebot/{number}/verlauf").text
    assert "Freie Plätze" not in page  # nothing is decided yet
    assert writer.press(f"/pflege/angebot/{town.west}/bearbeiten", "/pflege").status_code == 404
