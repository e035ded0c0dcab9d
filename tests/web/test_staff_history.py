"""The history of an entry: who, when, from where; one step is taken back after a second look."""

import re

import pytest
from sqlalchemy import Engine

from api.accounts.models import Role
from api.history.models import Origin
from api.offers import service as offers
from api.offers.models import Offer
from tests.curation.sheets import by
from tests.web.staff_queue import SECRET, WEST, Town, make_town


@pytest.fixture
def town(database: Engine) -> Town:
    """Two districts, each with an offer."""
    return make_town(database)


def change(town: Town, **values: object) -> None:
    """The provider changes something by its link."""
    with town.open() as (session, region):
        act = by(region, "provider:1", Origin.LINK)
        offers.change(session, act, session.get_one(Offer, town.west), values)


def undo_address(html: str) -> str:
    """Where the last step can be taken back."""
    found = re.search(r'href="([^"]*/zuruecknehmen)"', html)
    assert found
    return found[1]


def test_it_says_who_changed_what_and_from_where(town: Town) -> None:
    change(town, name="Anders")
    page = town.person().get(f"/pflege/angebot/{town.west}/geschichte").text
    assert re.search(r"<dt>Vorher</dt><dd[^>]*>Café West</dd>", page)
    assert re.search(r"<dt>Danach</dt><dd[^>]*>Anders</dd>", page)
    assert "über den Link aus der E-Mail" in page
    assert "ein gelöschter Anbieter" in page


def test_a_step_is_taken_back_after_a_second_look_and_only_once(town: Town) -> None:
    change(town, name="Anders")
    browser = town.person()
    here = f"/pflege/angebot/{town.west}/geschichte"
    address = undo_address(browser.get(here).text)
    asked = browser.get(address)
    assert "Diesen Schritt zurücknehmen?" in asked.text
    assert town.offer(town.west).name == "Anders"
    answer = browser.post(address, address)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{here}?fertig=zurueck")
    assert town.offer(town.west).name == WEST
    page = browser.get(answer.headers["location"]).text
    assert "Das ist zurückgenommen." in page
    assert "Person coordinator" in page
    again = browser.client.post(address, data={"formular": browser.proof("/pflege")})
    assert again.status_code == 409
    assert "nicht mehr zurücknehmen" in again.text


def test_what_was_changed_since_stays_and_is_told(town: Town) -> None:
    change(town, name="Anders")
    browser = town.person()
    here = f"/pflege/angebot/{town.west}/geschichte"
    address = undo_address(browser.get(here).text)
    with town.open() as (session, region):
        offers.change(session, by(region), session.get_one(Offer, town.west), {"name": "Noch neuer"})
    answer = browser.post(address, address)
    assert answer.headers["location"] == f"{here}?fertig=teils"
    assert town.offer(town.west).name == "Noch neuer"


def test_the_beginning_stays(town: Town) -> None:
    page = town.person().get(f"/pflege/angebot/{town.west}/geschichte").text
    assert "zuruecknehmen" not in page


def test_no_step_of_another_entry_and_none_that_is_not(town: Town) -> None:
    change(town, name="Anders")
    browser = town.person()
    address = undo_address(browser.get(f"/pflege/angebot/{town.west}/geschichte").text)
    assert browser.get(address.replace(f"/{town.west}/", f"/{town.east}/")).status_code == 404
    assert browser.get(f"/pflege/angebot/{town.west}/geschichte/999/zuruecknehmen").status_code == 404


def test_outside_the_scope_there_is_nothing(town: Town) -> None:
    change(town, name="Anders")
    far = town.person(space="Viertel 2")
    address = undo_address(town.person().get(f"/pflege/angebot/{town.west}/geschichte").text)
    assert far.get(f"/pflege/angebot/{town.west}/geschichte").status_code == 404
    assert far.get(address).status_code == 404
    sent = {"formular": far.proof("/pflege")}
    assert far.client.post(address, data=sent).status_code == 404
    assert town.offer(town.west).name == "Anders"


def test_editors_read_without_hidden_addresses_and_take_nothing_back(town: Town) -> None:
    editor = town.person(Role.EDITOR)
    page = editor.get(f"/pflege/angebot/{town.hidden}/geschichte").text
    assert "Schutzhaus" in page
    assert SECRET not in page
    assert SECRET in town.person().get(f"/pflege/angebot/{town.hidden}/geschichte").text
    change(town, name="Anders")
    assert "zuruecknehmen" not in editor.get(f"/pflege/angebot/{town.west}/geschichte").text
