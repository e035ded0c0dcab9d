"""Pairs that may be one offer: who sees them, merging field by field, what is changed meanwhile, undo."""

import re
from html import unescape

import pytest
from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from api.accounts.models import Role
from api.curation import duplicates, entries, merging, sheet, states
from api.curation import service as curation
from api.curation.duplicates import Alike
from api.curation.duplicates_kinds import Likeness, PairDecision
from api.curation.duplicates_models import DuplicatePair
from api.curation.merging_sides import side_by_side
from api.curation.models import Decision, Kind, Proposal
from api.history.models import Origin, Revision
from api.history.service import Act
from api.offers.models import Offer, Status
from api.sources.models import LINKED, SourceRecord
from tests.accounts.people import Browser
from tests.curation.sheets import OTHER, by, contact, entry, line, place, point
from tests.factories import make_source
from tests.web.staff_queue import WEST, Town, make_town

LIST = "/pflege/doppelt"
OTHER_NAME = "Café West am Park"


@pytest.fixture
def town(database: Engine) -> Town:
    """Two districts, each with an offer; see twins."""
    return make_town(database)


@pytest.fixture
def pair(town: Town) -> int:
    """The café of the west stands there once more, a little different, and waits as a pair."""
    with town.open() as (session, region):
        twin = entry(
            session, region, name=OTHER_NAME, topics=["familie"], organization="Verein", cost="free",
            description="Frühstück.\nMit Kindern.", min_age=3, max_age=6,
            contacts={
                "new-1": contact(label="Leitung", phone="+49 30 1"),
                "new-2": contact(label="Anmeldung", phone="030 77", is_public=False),
            },
            places={
                "new-1": place(point=point(13.2, 52.5), schedules=[line()]),
                "new-2": place(street="Mondweg 5", point=point(13.25, 52.5)),
            },
        )  # fmt: skip
        found = Alike((town.west, twin.id), Likeness.CERTAIN, 9.0, ["Name fast gleich", "gleicher Ort"])
        duplicates.note_found(session, region.id, [found])
        return session.exec(select(DuplicatePair.id)).one()


def twin_of(town: Town, pair: int) -> int:
    with Session(town.engine) as session:
        return session.get_one(DuplicatePair, pair).offer_b


def decision(town: Town, pair: int) -> PairDecision:
    with Session(town.engine) as session:
        return session.get_one(DuplicatePair, pair).decision


def told(town: Town, offer_id: int) -> dict[str, object]:
    with town.open() as (session, region):
        return sheet.of_offer(session, region.id, offer_id)


def fields(html: str) -> dict[str, str]:
    """What the form of a page says if nothing is touched."""
    form = html[html.index("/zusammenfuehren") :]
    form = form[: form.index("</form>")]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = {name: unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', tag)}
        if said["type"] == "hidden" or "checked" in tag:
            found[said["name"]] = said.get("value", "")
    found.pop("formular")
    return found


def send(browser: Browser, pair: int, how: str, **sent: str) -> int:
    return browser.post(f"{LIST}/{pair}/{how}", "/pflege", **sent).status_code


def page_of(browser: Browser) -> str:
    assert browser.last is not None
    return unescape(browser.last.text)


def counted(town: Town) -> int:
    with Session(town.engine) as session:
        return session.scalar(select(func.count()).select_from(Revision)) or 0


def test_the_list_tells_why_and_which_and_one_says_that_they_are_two(town: Town, pair: int) -> None:
    browser = town.person()
    page = browser.get(LIST).text
    for said in ("Name fast gleich; gleicher Ort", WEST, OTHER_NAME, "Verein", "Weg 1, 10369 Berlin"):
        assert said in page
    assert "Mondweg 5" in page
    assert browser.get(f"{LIST}?thema=familie&raum=quatsch").text.count("merge-side") == 2
    assert send(browser, pair, "verschieden", grund="Zwei Gruppen.") == 303
    page = browser.get(browser.last.headers["location"]).text  # type: ignore[union-attr]
    assert "Das sind zwei verschiedene. Danach wird nicht mehr gefragt." in page
    assert f'action="{LIST}/{pair}/wieder' in page
    assert decision(town, pair) == PairDecision.DIFFERENT
    assert "„Zwei Gruppen.“" in browser.get(f"{LIST}?zeige=entschieden").text
    assert "Zwei verschiedene Angebote" in browser.get(f"{LIST}/{pair}").text
    assert send(town.person(), pair, "verschieden") == 303
    assert send(browser, pair, "wieder") == 303
    assert decision(town, pair) == PairDecision.OPEN


def test_it_is_work_of_the_queue_and_the_next_pair_follows(town: Town, pair: int) -> None:
    with town.open() as (session, region):
        second = duplicates.name_pair(session, by(region), town.west, town.east)
    browser = town.person()
    page = browser.get("/pflege/aufgaben?art=doppelte").text
    assert f"{LIST}/{pair}?art=doppelte" in page
    assert "„Café West“ und „Treff Ost“" in page
    assert "Jemand hat die beiden genannt" in page
    assert "2 doppelte Angebote" in browser.get("/pflege").text
    assert f"{LIST}/{second}" in browser.get(f"{LIST}/{pair}").text
    assert send(browser, pair, "verschieden", weiter="ja") == 303
    address = f"{LIST}/{second}?fertig=verschieden&paar={pair}"
    assert browser.last is not None
    assert browser.last.headers["location"] == address
    assert f'action="{LIST}/{pair}/wieder' in browser.get(address).text


def test_two_become_one_as_it_was_chosen_and_it_can_be_taken_back(town: Town, pair: int) -> None:
    twin, before = twin_of(town, pair), counted(town)
    whole = told(town, town.west), told(town, twin)
    browser = town.person()
    page = browser.get(f"{LIST}/{pair}").text
    sent = fields(page)
    assert sent["zuerst"] == str(town.west)
    assert (sent["wert-name"], sent["wert-topics"], sent["wert-cost"]) == ("a", "beide", "b")
    assert "In beiden gleich: " in page
    assert "nur in B" in page
    (moon,) = (key for key, one in whole[1]["places"].items() if one["street"] == "Mondweg 5")  # type: ignore[attr-defined]
    chosen = sent | {"wert-name": "b", f"wert-places/{moon}": "a", "bleibt": "b", "notiz": "Dasselbe."}

    assert send(browser, pair, "vorschau", **chosen) == 200
    preview = page_of(browser)
    assert f"{OTHER_NAME}</h1>" in preview
    assert "So wird es aussehen" in preview
    assert "Mondweg 5" not in preview
    assert fields(preview) == chosen
    assert counted(town) == before
    assert send(browser, pair, "auswahl", **chosen) == 200
    assert fields(page_of(browser)) | {"notiz": "Dasselbe."} == chosen

    assert send(browser, pair, "zusammenfuehren", **chosen) == 303
    page = browser.get(f"{LIST}/{pair}?fertig=zusammen").text
    assert "Aus beiden ist ein Eintrag geworden" in page
    assert "„Dasselbe.“" in unescape(page)
    now = told(town, twin)
    assert (now["name"], now["topics"], now["min_age"]) == (OTHER_NAME, ["familie", "geld"], 3)
    assert len(now["places"]) == 1  # type: ignore[arg-type]
    assert town.offer(town.west).status == Status.ARCHIVED
    assert browser.client.get("/angebot/cafe-west").status_code == 301
    assert "zusammengeführt" in browser.get(f"/pflege/angebot/{town.west}").text
    assert browser.post(f"/pflege/angebot/{town.west}/zurueckholen", "/pflege").status_code == 303
    assert town.offer(town.west).status == Status.ARCHIVED

    assert send(browser, pair, "rueckgaengig") == 303
    assert "Beide Einträge sind wieder da" in browser.get(f"{LIST}/{pair}?fertig=zurueck").text
    assert (told(town, town.west), told(town, twin)) == whole
    assert decision(town, pair) == PairDecision.OPEN
    assert send(browser, pair, "rueckgaengig") == 303


def test_history_takes_the_whole_merge_back(town: Town, pair: int) -> None:
    twin = twin_of(town, pair)
    whole = told(town, town.west), told(town, twin)
    browser = town.person()
    assert send(browser, pair, "zusammenfuehren", **fields(browser.get(f"{LIST}/{pair}").text)) == 303
    page = browser.get(f"/pflege/angebot/{town.west}/geschichte").text
    step = re.search(r"geschichte/(\d+)/zuruecknehmen", page)
    assert step
    path = f"/pflege/angebot/{town.west}/geschichte/{step[1]}/zuruecknehmen"
    assert "Dabei sind zwei Einträge einer geworden" in browser.get(path).text
    assert browser.post(path, path).status_code == 303
    assert (told(town, town.west), told(town, twin)) == whole


def test_what_was_changed_meanwhile_is_shown_and_no_choice_is_lost(town: Town, pair: int) -> None:
    browser = town.person()
    sent = fields(browser.get(f"{LIST}/{pair}").text) | {"wert-name": "b", "notiz": "Meins."}
    with town.open() as (session, region):
        offer = session.get_one(Offer, twin_of(town, pair))
        change = {"summary": {"old": "", "new": "Jeden Montag."}}
        assert curation.change_at_once(session, by(region, OTHER), offer.id, change).written
    for how in ("zusammenfuehren", "vorschau", "auswahl"):
        assert send(browser, pair, how, **sent) == 409
        page = page_of(browser)
        assert "Inzwischen hat sich etwas geändert: In einem Satz (in B)" in page
        assert "Das hat sich in B inzwischen geändert." in page
        assert "Jeden Montag." in page
        again = fields(page)
        assert (again["wert-name"], again["gesehen"] != sent["gesehen"]) == ("b", True)
        assert "Meins." in page
    assert town.offer(twin_of(town, pair)).status == Status.PUBLISHED
    with town.open() as (session, region):
        states.archive(session, by(region), town.west)
    assert send(browser, pair, "zusammenfuehren", **again) == 409
    assert f"„{WEST}“ ist archiviert" in page_of(browser)
    assert fields(page_of(browser))["wert-name"] == "b"
    with town.open() as (session, region):
        states.bring_back(session, by(region), town.west)
    assert send(browser, pair, "zusammenfuehren", **again) == 303
    assert told(town, town.west)["summary"] == "Jeden Montag."


def test_who_comes_second_sees_what_was_decided_and_what_had_been_chosen(town: Town, pair: int) -> None:
    browser, twin = town.person(), twin_of(town, pair)
    sent = fields(browser.get(f"{LIST}/{pair}").text) | {"wert-name": "b"}
    with town.open() as (session, region):
        seen = side_by_side(session, region.id, town.east, twin).seen
        merging.merge(session, by(region, OTHER), town.east, twin, {}, seen=seen)
    assert send(browser, pair, "zusammenfuehren", **sent) == 409
    page = page_of(browser)
    assert "Jemand war schneller" in page
    assert "mit einem anderen Angebot zusammengeführt" in page
    assert re.search(rf"<dt[^>]*>Name</dt><dd[^>]*>{OTHER_NAME}</dd>", page)
    assert f'name="anderes" value="{town.east}"' in page
    assert browser.post(f"/pflege/angebot/{town.west}/doppelt", "/pflege", anderes=str(town.east))
    assert "Vergleichen Sie die beiden" in browser.get(browser.last.headers["location"]).text  # type: ignore[union-attr]


def test_what_cannot_be_chosen_is_named_and_nonsense_harms_nothing(town: Town, pair: int) -> None:
    browser = town.person()
    sent = fields(browser.get(f"{LIST}/{pair}").text)
    with town.open() as (session, region):
        offer = session.get_one(Offer, town.west)
        sheet.apply(session, by(region), offer, {"min_age": {"old": None, "new": 9}})
    sent = fields(browser.get(f"{LIST}/{pair}").text)
    assert sent["wert-min_age"] == "a"
    odd = {"wert-name": "quatsch", "wert-nichts": "a", "zuerst": "x", "bleibt": "\x00", "stand": "= =a b"}
    assert send(browser, pair, "auswahl", **(sent | odd)) == 200
    assert fields(page_of(browser))["wert-name"] == "a"
    assert send(browser, pair, "vorschau", **(sent | odd | {"gesehen": ""})) == 409
    for number in (2**63, 10**30, 999):
        assert browser.get(f"{LIST}/{number}").status_code == 404
        assert send(browser, number, "zusammenfuehren") == 404
    assert browser.get(f"{LIST}?seite=99999&fertig=verschieden&paar={10**30}").status_code == 200
    assert send(browser, pair, "zusammenfuehren", **(sent | {"notiz": "a\x00b"})) == 303


def test_who_may_not_edit_both_sees_and_merges_nothing(town: Town, pair: int) -> None:
    with town.open() as (session, region):
        far = duplicates.name_pair(session, by(region), town.west, town.east)
        secret = duplicates.name_pair(session, by(region), town.west, town.hidden)
    west = town.person(space="Viertel 1")
    page = west.get(LIST).text
    assert f"{LIST}/{pair}" in page
    assert "1 doppeltes Angebot" in west.get("/pflege").text
    for number in (far, secret):
        assert f"{LIST}/{number}" not in page
        assert west.get(f"{LIST}/{number}").status_code == 404
        for how in ("auswahl", "vorschau", "zusammenfuehren", "verschieden", "wieder", "rueckgaengig"):
            assert send(west, number, how) == 404
    assert west.get(f"/pflege/angebot/{town.east}/doppelt").status_code == 404
    name = f"/pflege/angebot/{town.west}/doppelt"
    assert west.post(name, "/pflege", anderes=str(town.east)).status_code == 404
    assert "Treff Ost" not in west.get(f"{name}?q=Treff").text
    for role in (Role.EDITOR, Role.COACH):
        other = town.person(role)
        assert other.get(LIST).status_code == 403
        assert "Steht das doppelt?" not in other.get(f"/pflege/angebot/{town.west}").text
    everywhere = town.person()
    assert "Adresse verborgen" in everywhere.get(LIST).text
    assert "Schutzweg" not in everywhere.get(LIST).text
    sent = fields(west.get(f"{LIST}/{pair}").text)
    assert send(west, pair, "zusammenfuehren", **sent) == 303
    assert send(west, pair, "rueckgaengig") == 303


def test_a_merge_that_leaves_the_own_scope_is_refused(town: Town) -> None:
    with town.open() as (session, region):
        there = {"new-1": place(street="Feldweg 3", point=point(13.3, 52.5))}
        one = entry(session, region, name="Treff Feld", places=there).id
        number = duplicates.name_pair(session, by(region), town.west, one)
    west = town.person(space="Viertel 1")
    sent = fields(west.get(f"{LIST}/{number}").text)
    away = {name: "ba"[value == "b"] for name, value in sent.items() if name.startswith("wert-places/")}
    assert send(west, number, "zusammenfuehren", **(sent | away)) == 403
    assert (decision(town, number), town.offer(one).status) == (PairDecision.OPEN, Status.PUBLISHED)


def test_pressing_twice_does_no_harm(town: Town, pair: int) -> None:
    browser = town.person()
    sent = fields(browser.get(f"{LIST}/{pair}").text)
    for how, then in (("zusammenfuehren", "?fertig=zusammen"), ("rueckgaengig", "")):
        addresses = []
        for _ in range(2):
            assert send(browser, pair, how, **sent) == 303
            assert browser.last is not None
            addresses.append(browser.last.headers["location"])
        assert addresses[1] == f"{LIST}/{pair}{then}"
    for _ in range(2):
        assert send(browser, pair, "verschieden", grund="a\x00b") == 303
        assert browser.last is not None
        assert browser.last.headers["location"] == f"{LIST}?fertig=verschieden&paar={pair}"
    with Session(town.engine) as session:
        assert session.get_one(DuplicatePair, pair).note == "ab"


def test_two_that_no_comparison_has_found_are_named(town: Town) -> None:
    browser = town.person()
    assert "Steht das doppelt?" in browser.get(f"/pflege/angebot/{town.west}").text
    path = f"/pflege/angebot/{town.west}/doppelt"
    assert f'value="{town.east}"' not in browser.get(path).text
    page = browser.get(f"{path}?q=treff").text
    assert f'value="{town.east}"' in page
    assert "ist in Ihrem Bereich nichts zu finden" in browser.get(f"{path}?q=Caf%C3%A9+West%00").text
    for wrong in ("", "x", "9" * 30, str(2**62)):
        assert browser.post(path, path, anderes=wrong).status_code == 404
    assert browser.post(path, path, anderes=str(town.west)).status_code == 409
    answer = browser.post(path, path, anderes=str(town.east))
    assert answer.status_code == 303
    assert "Jemand hat die beiden genannt" in browser.get(answer.headers["location"]).text
    assert "Vielleicht ist es einer von diesen" in browser.get(path).text


def test_with_four_eyes_one_suggests_and_another_one_merges(town: Town, pair: int) -> None:
    with town.open() as (_session, region):
        region.four_eyes = True
    one, other = town.person(), town.person()
    sent = fields(one.get(f"{LIST}/{pair}").text) | {"wert-name": "b", "bleibt": "b"}
    assert send(one, pair, "zusammenfuehren", **sent) == 303
    assert "So haben Sie es vorgeschlagen" in one.get(f"{LIST}/{pair}?fertig=vorgeschlagen").text
    assert send(one, pair, "zusammenfuehren", **fields(page_of(one))) == 303
    assert decision(town, pair) == PairDecision.OPEN
    assert "hat schon vorgeschlagen" in other.get(LIST).text
    page = other.get(f"{LIST}/{pair}").text
    planned = fields(page)
    assert (planned["zuerst"], planned["wert-name"], planned["bleibt"]) == (
        str(twin_of(town, pair)),
        "a",
        "a",
    )
    assert send(other, pair, "vorschau", **planned) == 200
    assert "Zum Zusammenführen vorschlagen" not in page_of(other)
    assert send(other, pair, "zusammenfuehren", **(planned | {"wert-name": "b"})) == 303
    assert decision(town, pair) == PairDecision.OPEN
    assert send(one, pair, "zusammenfuehren", **fields(one.get(f"{LIST}/{pair}").text)) == 303
    assert decision(town, pair) == PairDecision.MERGED
    assert (town.offer(town.west).status, told(town, twin_of(town, pair))["name"]) == (
        Status.ARCHIVED,
        WEST,
    )


def row_of_list(town: Town, reason: str, key: str = "7") -> int:
    """A list has a new row."""
    changes = {"name": {"old": None, "new": "Café West e. V."}}
    with town.open() as (session, region):
        source = make_source(session, region, slug=f"liste-{key}")
        act = Act(region.id, "import", Origin.IMPORT)
        return curation.propose(
            session, act, Kind.CREATE, reason, changes, source_id=source.id, source_key=key, raw={}
        )[0].id


def test_a_row_of_a_list_is_this_offer(town: Town, pair: int) -> None:
    twin = twin_of(town, pair)
    reason = f"Vielleicht schon vorhanden: „{OTHER_NAME}“ (Angebot {twin}) – Name fast gleich."
    number, second = row_of_list(town, reason), row_of_list(town, "Neu in „Liste“.", "8")
    browser = town.person()
    page = browser.get(f"/pflege/vorschlag/{number}").text
    assert f'name="angebot" value="{twin}"' in page
    (moon,) = re.findall(r'name="ort" value="(\d+)"> <span>Mondweg 5', page)
    path = f"/pflege/vorschlag/{number}"
    for wrong in ({"angebot": "x"}, {"angebot": str(town.west), "ort": moon}, {"angebot": "9" * 30}):
        assert browser.post(f"{path}/verbinden", path, **wrong).status_code == 404
    answer = browser.post(f"{path}/verbinden?art=importe", path, angebot=str(twin), ort=moon)
    assert answer.headers["location"] == f"/pflege/vorschlag/{second}?art=importe&fertig=verbunden"
    with Session(town.engine) as session:
        assert session.get_one(Proposal, number).decision == Decision.ACCEPTED
        row = session.exec(select(SourceRecord).where(col(SourceRecord.key) == "7")).one()
        assert (row.offer_id, row.offer_at_place_id, LINKED in row.mapped) == (twin, int(moon), True)
    assert browser.post(f"{path}/verbinden", path, angebot=str(twin)).status_code == 409

    page = browser.get(f"/pflege/vorschlag/{second}/angebot?q=treff&art=importe").text
    assert f'name="angebot" value="{town.east}"' in page
    assert f'action="/pflege/vorschlag/{second}/verbinden?art=importe"' in page
    assert 'name="art" value="importe"' in page
    far = town.person(space="Viertel 2")
    assert far.get(f"/pflege/vorschlag/{second}/angebot").status_code == 404
    assert browser.get(f"/pflege/vorschlag/{number}/angebot").status_code == 303


def test_where_offers_take_place_is_said_without_hidden_addresses(town: Town) -> None:
    with town.open() as (session, _region):
        found = entries.whereabouts(session, [town.west, town.hidden])
    assert [one.said for one in found[town.hidden]] == ["Adresse verborgen"]
    assert [one.said for one in found[town.west]] == ["Weg 1, 10369 Berlin"]
