"""Campaigns: planned with a preview, followed by what the history says, ended; within one's scope."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from api.accounts.models import Role
from api.core import clock
from api.curation import campaigns, confirming, freshness, states
from api.offers import service as offers
from api.offers.models import Offer
from tests.accounts.people import Browser
from tests.curation.sheets import by, entry, place, point
from tests.web.staff_queue import EAST, WEST, Town, make_town
from tests.web.test_staff_due import counted, names

PAGE = "/pflege/aktionen"
TITLE = "Vor den Sommerferien"


@pytest.fixture
def town(database: Engine) -> Town:
    """Two districts; three entries in the west."""
    town = make_town(database)
    with town.open() as (session, region):
        for name in ("=Bücherei", "Chor"):
            entry(session, region, name=name, places={"new-1": place(point=point(13.2, 52.5))})
    return town


def until(days: int = 30) -> str:
    """A last day, as forms send it."""
    return (clock.today("Europe/Berlin") + timedelta(days=days)).isoformat()


def space(town: Town, name: str) -> str:
    """The name of the box for a space."""
    found = re.search(rf'name="(raum-\d+)"[^>]*> <span>{name}<', town.person().get(f"{PAGE}/neu").text)
    assert found
    return found[1]


def begun(browser: Browser, **fields: str) -> str:
    """Send the form for a new campaign; return where the campaign is."""
    answer = browser.post(f"{PAGE}/neu", f"{PAGE}/neu", **fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).removesuffix("?fertig=begonnen")


def test_a_campaign_from_its_plan_to_its_end(town: Town) -> None:
    browser = town.person()
    assert "Zurzeit läuft keine Prüfrunde." in browser.get(PAGE).text
    west = space(town, "Viertel 1")
    fields = {"name": TITLE, "bis": until(), west: "ja", "notiz": "Bitte\nanrufen"}
    preview = browser.post(f"{PAGE}/neu", f"{PAGE}/neu", **fields, tun="vorschau")
    assert preview.status_code == 200
    assert "3 Einträge, davon 2 schon fällig." in preview.text
    assert "Alle Einträge in Viertel 1 zu allen Themen." in preview.text
    assert f'value="{TITLE}"' in preview.text
    with town.open() as (session, region):
        assert campaigns.every(session, region) == []
    # Sent twice, it is begun once.
    (here,) = {begun(browser, **fields, tun="beginnen") for _ in range(2)}
    html = browser.get(f"{here}?fertig=begonnen").text
    assert "Die Prüfrunde läuft." in html
    assert "0 von 3 sind geklärt: 3 offen." in html
    assert names(html) == ["=Bücherei", "Chor", WEST]
    with town.open() as (session, region):
        ids = {one.name: one.id for one in session.exec(select(Offer))}
        act = by(region, "provider:1")
        confirming.confirm_all(session, act, freshness.seen(session, [ids["=Bücherei"]]))
        offers.change(session, act, session.get_one(Offer, town.west), {"summary": "neu"})
        states.archive(session, act, ids["Chor"])
    html = browser.get(here).text
    assert "3 von 3 sind geklärt: 1 bestätigt, 1 geändert, 1 archiviert." in html
    assert '<progress value="3" max="3"' in html
    assert counted(html) == ["3", "1", "1", "1"]
    assert names(browser.get(f"{here}?stand=changed").text) == [WEST]
    assert "Hier steht nichts." in browser.get(f"{here}?stand=asked").text
    file = browser.get(f"{here}/liste.csv")
    assert file.headers["content-disposition"] == 'attachment; filename="pruefrunde-{}.csv"'.format(
        here.split("/")[-1]
    )
    lines = file.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert any(line.startswith('"\'=Bücherei";') for line in lines)
    assert any(line.startswith(f'"{WEST}";"";"geändert";') for line in lines)
    assert "3 von 3" in browser.get(PAGE).text
    for answer in (303, 409):
        assert browser.post(f"{here}/beenden", PAGE).status_code == answer
    over = browser.get(f"{here}?fertig=beendet").text
    assert "Diese Prüfrunde ist vorbei" in over
    assert "/beenden" not in over
    assert "Vorbei" in browser.get(PAGE).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Bitte geben Sie einen Namen"),
        ({"bis": "bald"}, "Bitte wählen Sie den letzten Tag"),
        ({"bis": until(-1)}, "höchstens ein Jahr später"),
        ({"notiz": "x" * 2001}, "höchstens 2000 Zeichen"),
        ({"raum-99": "ja"}, "Diesen Raum gibt es hier nicht"),
        ({"thema-quatsch": "ja"}, "Dieses Thema gibt es hier nicht"),
        ({"thema-geld": "ja", "raum": "2"}, "Damit ist kein Eintrag gemeint"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    town: Town, changes: dict[str, str], said: str
) -> None:
    browser = town.person()
    fields = {"name": TITLE, "bis": until(), "tun": "beginnen"} | changes
    if fields.pop("raum", ""):
        fields[space(town, "Viertel 2")] = "ja"
    answer = browser.post(f"{PAGE}/neu", f"{PAGE}/neu", **fields)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert f'value="{fields["name"].strip()}"' in answer.text or not fields["name"].strip()
    assert "<strong>" not in browser.get(PAGE).text


def test_scopes_hold(town: Town) -> None:
    everything = town.person()
    fields = {"name": TITLE, "bis": until(), "tun": "beginnen"}
    here = begun(everything, **fields)
    east = town.person(space="Viertel 2")
    assert names(east.get(here).text) == [EAST]
    assert "0 von 1 ist geklärt" in east.get(PAGE).text
    assert WEST not in east.get(f"{here}/liste.csv").text
    assert east.post(f"{here}/beenden", PAGE).status_code == 403
    assert "/beenden" not in east.get(here).text
    foreign = {space(town, "Viertel 1"): "ja"}
    assert east.post(f"{PAGE}/neu", f"{PAGE}/neu", **fields, **foreign).status_code == 422
    # Who looks after one space and chooses none means this one, not the whole map.
    own = begun(east, **fields)
    assert own != here
    assert names(everything.get(own).text) == [EAST]
    assert east.post(f"{own}/beenden", PAGE).status_code == 303
    editor = town.person(Role.EDITOR)
    assert editor.get(here).status_code == 200
    assert "Neue Prüfrunde" not in editor.get(PAGE).text
    assert editor.get(f"{PAGE}/neu").status_code == 403
    assert editor.post(f"{here}/beenden", PAGE).status_code == 403
    for path in (f"{PAGE}/99999", f"{PAGE}/{2**70}", f"{PAGE}/99999/liste.csv"):
        assert editor.get(path).status_code == 404
    assert everything.post(f"{PAGE}/{2**70}/beenden", PAGE).status_code == 404
    assert town.person(Role.COACH).get(PAGE).status_code == 403
