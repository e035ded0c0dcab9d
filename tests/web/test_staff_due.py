"""What is due, by provider: confirmed one by one or all at once, taken back, within one's scope."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import Engine

from api.accounts.models import Role
from api.core import clock
from api.curation import confirming, freshness_sweep
from api.curation import freshness as due
from api.history.models import Origin
from api.offers import service as offers
from api.offers.models import Offer
from api.offers.schemas import ContactIn
from api.organizations import service as organizations
from tests.accounts.people import Browser
from tests.curation.sheets import by, entry, line, place, point
from tests.web.staff_offers import present
from tests.web.staff_queue import SECRET, WEST, Town, make_town

PAGE = "/pflege/pruefen"
PROVIDER = "Verein West"


@pytest.fixture
def town(database: Engine) -> Town:
    """Two districts; in the west a provider has an entry that was checked long ago, and one more."""
    town = make_town(database)
    with town.open() as (session, region):
        provider = organizations.named(session, by(region), PROVIDER).id
        more = entry(
            session, region, name="Beratung West", hours_text="nach Absprache",
            places={"new-1": place(point=point(13.2, 52.5), name="Haus West", schedules=[line()])},
        )  # fmt: skip
        for number, days in ((town.west, 800), (more.id, 400), (town.east, 1), (town.hidden, 450)):
            values: dict[str, object] = {"verified_on": clock.today(region.timezone) - timedelta(days=days)}
            if number in (town.west, more.id):
                values |= {"organization_id": provider}
            offers.change(session, by(region), session.get_one(Offer, number), values)
        private = ContactIn(label="Leitung", phone="030 999", is_public=False)
        offers.set_contact(session, by(region), session.get_one(Offer, more.id), private)
    return town


def names(html: str) -> list[str]:
    """The entries on the page, in their order."""
    return re.findall(r'staff-title breakable" href="[^"]*">([^<]*)<', html)


def counted(html: str) -> list[str]:
    """How many are due, have been for long, and soon will be."""
    return re.findall(r'class="queue-kind"[^>]*><strong>([^<]*)<', html)


def forms(html: str) -> list[tuple[str, dict[str, str]]]:
    """Where each form of a page goes, with what it holds."""
    found = re.findall(r'<form[^>]*method="post" action="([^"]*)">(.*?)</form>', html, re.DOTALL)
    return [(unescape(action), present(inside)) for action, inside in found]


def press(browser: Browser, page: str, ending: str, **more: str) -> str:
    """Press the first button of a page whose form goes to such an address; return the page that follows."""
    html = browser.get(page).text
    action, fields = next(one for one in forms(html) if one[0].split("?")[0].endswith(ending))
    answer = browser.client.post(action, data=fields | more)
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"]).text


def verified(town: Town, *ids: int) -> list[bool]:
    """Whether these entries were checked today."""
    return [town.offer(number).verified_on == clock.today("Europe/Berlin") for number in ids]


def of_provider(town: Town) -> int:
    """The number of the provider."""
    number = town.offer(town.west).organization_id
    assert number is not None
    return number


def test_the_list_says_what_a_call_needs(town: Town) -> None:
    browser = town.person()
    html = browser.get(PAGE).text
    assert names(html) == [WEST, "Beratung West", "Schutzhaus"]
    assert counted(html) == ["3", "1", "0"]
    assert html.index(PROVIDER) < html.index(WEST) < html.index("Ohne Anbieter")
    assert '<bdi dir="ltr">030 1</bdi></a> Büro' in html
    assert 'href="tel:0301"' in html
    assert "Haus West, Weg 1, 10369 Berlin" in html
    assert "Jeden Montag, 10–12 Uhr" in html
    assert "lange nicht geprüft, seit 14 Monaten fällig" in html
    assert "Adresse geheim" in html
    assert SECRET not in html
    assert "alle seine Orte, Zeiten und Sprachen" in html
    assert names(browser.get(f"{PAGE}?stand=lange").text) == [WEST]
    assert "Bald wird nichts fällig." in browser.get(f"{PAGE}?stand=bald").text
    assert names(browser.get(f"{PAGE}?thema=geld").text) == [WEST]
    start = browser.get("/pflege").text
    assert "3 fällige Einträge" in start
    queue = browser.get("/pflege/aufgaben?art=faellig").text
    assert names(queue) == [WEST, "Schutzhaus", "Beratung West"]
    assert f"seit 14 Monaten fällig, {PROVIDER}" in queue
    one = browser.get(f"{PAGE}/{town.west}")
    assert "Wie oft nachsehen?" in one.text


def test_one_is_confirmed_and_taken_back(town: Town) -> None:
    browser = town.person()
    before = town.offer(town.west).verified_on
    html = press(browser, f"{PAGE}?stand=lange", f"/{town.west}/bestaetigen")
    assert f"„{WEST}“ ist bestätigt, für alle Sprachen." in html
    assert "Hier muss gerade niemand nachsehen." in html  # still what was asked for
    assert verified(town, town.west) == [True]
    here = str(browser.last.url)  # type: ignore[union-attr]
    # What somebody else has confirmed is nobody else's to take back here.
    other = town.person()
    assert "ist bestätigt" not in other.get(here).text
    number = re.search(r"bestaetigt=(\d+)", here)
    assert number
    assert "nichts" in other.post(f"{PAGE}/zuruecknehmen", PAGE, fassungen=number[1]).headers["location"]
    assert verified(town, town.west) == [True]
    assert "Zurückgenommen." in press(browser, here, "/zuruecknehmen")
    assert town.offer(town.west).verified_on == before
    assert "ist bestätigt" not in browser.get(here).text
    for nonsense in ("", "x", "99", "-", f"{number[1]}", "9" * 30, "1\x00"):
        answer = browser.post(f"{PAGE}/zuruecknehmen", PAGE, fassungen=nonsense)
        assert answer.headers["location"] == f"{PAGE}?fertig=nichts"


def test_sent_twice_is_harmless_and_stale_is_shown_anew(town: Town) -> None:
    browser = town.person()
    html = browser.get(PAGE).text
    action, fields = next(one for one in forms(html) if one[0].endswith(f"/{town.west}/bestaetigen"))
    assert [browser.client.post(action, data=fields).status_code for _ in range(2)] == [303, 303]
    assert "heute schon bestätigt" in browser.get(f"{PAGE}?fertig=schon").text
    action, fields = next(one for one in forms(html) if one[0].endswith(f"/{town.hidden}/bestaetigen"))
    with town.open() as (session, region):
        offers.change(session, by(region), session.get_one(Offer, town.hidden), {"summary": "anders"})
    answer = browser.client.post(action, data=fields)
    assert (answer.status_code, "inzwischen etwas geändert" in answer.text) == (409, True)
    assert verified(town, town.hidden) == [False]
    (again,) = (one for one in forms(answer.text) if one[0].endswith("/bestaetigen"))
    assert browser.client.post(again[0], data=again[1]).status_code == 303
    assert verified(town, town.hidden) == [True]
    for nonsense in ({}, {"gesehen": "x"}, {"gesehen": "9" * 40}, {"gesehen": "1\x00"}):
        answer = browser.post(f"{PAGE}/{town.east}/bestaetigen", PAGE, **nonsense)
        assert answer.status_code == 409
    with town.open() as (session, region):
        offers.change(session, by(region), session.get_one(Offer, town.east), {"status": "paused"})
    for answer in (
        browser.post(f"{PAGE}/{town.east}/bestaetigen", PAGE, gesehen="1"),
        browser.get(f"{PAGE}/{town.east}"),
        browser.post(f"{PAGE}/{town.east}/rhythmus", PAGE, monate="3"),
    ):
        assert answer.headers["location"].startswith(f"{PAGE}?fertig=weg")


def test_all_of_a_provider_are_confirmed_as_they_were_seen(town: Town) -> None:
    browser = town.person()
    path = f"{PAGE}/anbieter/{of_provider(town)}"
    html = browser.get(f"{path}?stand=lange").text
    boxes = re.findall(r'type="checkbox" name="angebot-(\d+)" value="\d+" checked', html)
    assert len(boxes) == 2
    assert "030 999" in html  # a coordinator reads contacts for professionals
    ((action, fields),) = (one for one in forms(html) if "/anbieter/" in one[0])
    fields.pop("formular")
    sent = {name: value[0] for name, value in fields.items()}  # each box is alone
    with town.open() as (session, region):
        offers.change(session, by(region), session.get_one(Offer, int(boxes[1])), {"summary": "anders"})
    answer = browser.post(action, PAGE, **sent)
    html = browser.get(answer.headers["location"]).text
    assert f"„{WEST}“ ist bestätigt" in html
    assert "Ein Eintrag ist geblieben" in html
    answer = browser.post(action, PAGE, **{f"angebot-{boxes[1]}": "1"})
    assert (answer.status_code, "noch einmal nach" in answer.text) == (409, True)
    assert (
        browser.post(action, PAGE, **sent).status_code == 409
    )  # the first is confirmed, the other still waits
    assert browser.post(action, PAGE).status_code == 422
    assert browser.post(action, PAGE, **{"angebot-99": "1", "angebot-x": "1"}).status_code == 422
    html = press(browser, f"{path}?stand=lange", f"/{of_provider(town)}")
    assert verified(town, town.west, int(boxes[1])) == [True, True]
    assert "Zurückgenommen." in press(browser, str(browser.last.url), "/zuruecknehmen")  # type: ignore[union-attr]
    assert verified(town, town.west, int(boxes[1])) == [True, False]


def test_scopes_hold(town: Town) -> None:
    browser = town.person(space="Viertel 2")
    assert names(browser.get(PAGE).text) == []
    assert "Viertel 1" not in browser.get(PAGE).text
    provider = of_provider(town)
    for path in (f"{PAGE}/{town.west}", f"{PAGE}/anbieter/{provider}", f"{PAGE}/99", f"{PAGE}/{2**70}",
                 f"{PAGE}/anbieter/{2**70}", f"{PAGE}/{town.hidden}"):  # fmt: skip
        assert browser.get(path).status_code == 404
        ways = [path] if "anbieter" in path else [f"{path}/bestaetigen", f"{path}/rhythmus"]
        for way in ways:
            assert browser.post(way, PAGE, gesehen="1", **{f"angebot-{town.west}": "1"}).status_code == 404
    west = town.person(Role.EDITOR, space="Viertel 1")
    assert names(west.get(PAGE).text) == [WEST, "Beratung West"]
    assert "Wie oft nachsehen?" not in west.get(f"{PAGE}/{town.west}").text
    assert west.post(f"{PAGE}/{town.west}/rhythmus", PAGE, monate="3").status_code == 403
    own = town.person(Role.PROVIDER, organization_id=provider)
    assert names(own.get(PAGE).text) == [WEST, "Beratung West"]
    assert "030 999" not in own.get(PAGE).text  # not theirs to read by this role
    assert "ist bestätigt" in press(own, PAGE, f"/{town.west}/bestaetigen")
    assert "fällig" not in own.get("/pflege").text  # no queue, so no sentence about it
    coach = town.person(Role.COACH)
    assert coach.get(PAGE).status_code == 403
    assert "Prüfen" not in coach.get("/pflege").text


def test_the_rhythm_is_set_on_the_page_of_the_entry(town: Town) -> None:
    browser = town.person()
    page = f"/pflege/angebot/{town.west}"
    assert "Zurzeit alle 12 Monate: wie üblich." in browser.get(page).text
    html = press(browser, page, "/rhythmus", monate="1")
    assert "Der Rhythmus ist gespeichert." in html
    assert "Zurzeit alle einen Monat" not in html
    assert "Zurzeit jeden Monat: so festgelegt." in html
    assert '<option value="1" selected>jeden Monat' in html
    for wrong in ("17", "0", "x", "-3"):
        answer = browser.post(f"{PAGE}/{town.west}/rhythmus", page, monate=wrong)
        assert (answer.status_code, "Bitte wählen Sie 1 bis 16 Monate" in answer.text) == (422, True), wrong
    with town.open() as (session, region):
        values = {"verify_within_days": 730}
        offers.change(session, by(region), session.get_one(Offer, town.west), values)
    assert '<option value="24" selected>' in browser.get(page).text
    press(browser, page, "/rhythmus")  # as it is
    assert town.offer(town.west).verify_within_days == 730
    press(browser, page, "/rhythmus", monate="")
    assert town.offer(town.west).verify_within_days is None


def test_what_will_be_archived_is_said_in_time(town: Town) -> None:
    with town.open() as (session, region):
        freshness_sweep.sweep(session, region, 1)
        (warned,) = freshness_sweep.warnings_of(session, region)
    browser = town.person()
    html = browser.get(PAGE).text
    assert "Wird bald archiviert" in html
    assert html.count("archiviert, wenn ihn bis dahin niemand bestätigt") == 1
    assert names(browser.get(f"{PAGE}/archiv").text) == [WEST]
    assert "Wird bald archiviert" not in town.person(space="Viertel 2").get(PAGE).text
    with town.open() as (session, region):
        seen = due.seen(session, [warned.offer_id])
        confirming.confirm_all(session, by(region, origin=Origin.LINK), seen)
    assert "Wird bald archiviert" not in browser.get(PAGE).text
    assert "Zurzeit steht nichts an." in browser.get(f"{PAGE}/archiv").text


@pytest.mark.parametrize(
    "query", ["stand=x", "seite=0", "seite=99", "bestaetigt=x-1-999999", "geblieben=x", "raum=9"]
)
def test_nonsense_in_the_address_breaks_nothing(town: Town, query: str) -> None:
    assert town.person().get(f"{PAGE}?{query}").status_code == 200
