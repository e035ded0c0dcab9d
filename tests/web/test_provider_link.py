"""A provider's pages behind the link from a mail: seen, confirmed, corrected; no account, no damage."""

import logging
import re
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from api.core import clock
from api.curation import deciding, service, sheet, states
from api.curation import freshness_links as links
from api.curation.deciding import Verdict
from api.curation.freshness_models import ProviderLink, ProviderMail, Purpose
from api.curation.models import Decision, Kind
from api.offers import service as offers
from api.offers.models import Offer
from tests.curation.sheets import OTHER, by
from tests.freshness.post_office import PostOffice, open_office
from tests.web.provider import (
    CHECK,
    FOREIGN,
    MAIL,
    OWN,
    PRIVATE,
    QUIET,
    SECRET,
    SHELTER,
    Provider,
    carried,
    chosen,
    make_provider,
)
from web.access_log import log
from web.mail.sending import ONE_CLICK


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with open_office() as opened:
        yield opened


@pytest.fixture
def provider(database: Engine, office: PostOffice) -> Provider:
    return make_provider(database, chosen(office, access_log=True))


def today() -> date:
    return clock.today("Europe/Berlin")


def later(monkeypatch: pytest.MonkeyPatch, **passed: float) -> None:
    then = clock.now() + timedelta(**passed)
    monkeypatch.setattr(clock, "now", lambda: then)


def test_own_entries_are_seen_as_residents_see_them_and_opening_changes_nothing(provider: Provider) -> None:
    link = provider.link()
    before = provider.revisions()
    page = provider.client.get(link)
    for said in (OWN, SHELTER, "Rat &amp; Hilfe", "Haus Eins, Weg 1, 10369 Berlin", "9–11 Uhr", MAIL):
        assert said in page.text
    assert "Adresse geheim" in page.text
    assert "noch nie" in page.text
    form = provider.client.get(f"{link}/{provider.own}")
    path = f"{link}/{provider.shelter}"
    hours = {name: "dienstags 9-11 Uhr" for name in provider.fields(path) if name.startswith("zeiten:")}
    assert len(hours) == 2
    read = provider.post(path, tun="weiter", **hours).text
    assert "Dienstag" in read
    for text in (page.text, form.text, provider.opened[path], read):
        for secret in (FOREIGN, SECRET, PRIVATE, "Leitung"):
            assert secret not in text
        assert "<script" not in text
        assert not re.search(r'(src|href|action)="(https?:)?//', text)
    assert "ein Kontakt nur für Fachkräfte" in form.text
    for answer in (page, form, provider.client.head(link)):
        assert answer.status_code == 200
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert "set-cookie" not in answer.headers
    assert (provider.standing(link), provider.revisions()) == ("open", before)


def test_one_is_confirmed_and_then_the_rest_with_one_click(provider: Provider) -> None:
    link = provider.link()
    fields = provider.fields(link)
    for _twice in range(2):  # the second press finds it done
        answer = provider.client.post(link, data=fields | {"tun": f"stimmt-{provider.own}"})
        assert answer.headers["location"] == f"{link}?fertig=bestaetigt"
    assert provider.offer().verified_on == today()
    assert provider.offer(provider.shelter).verified_on is None
    assert "Danke, das ist bestätigt." in provider.client.get(answer.headers["location"]).text
    before = provider.revisions()
    answer = provider.post(link, tun="alle")
    assert answer.headers["location"] == f"{link}?fertig=alles"
    assert provider.offer(provider.shelter).verified_on == today()
    assert provider.revisions() == before + 1
    assert "Danke! Alles ist bei uns angekommen." in provider.client.get(answer.headers["location"]).text
    # Used twice: nothing happens, and the page says so.
    assert provider.client.post(link, data=fields | {"tun": "alle"}).headers["location"] == link
    page = provider.client.get(link)
    assert (page.status_code, provider.standing(link)) == (200, "used")
    assert "Das haben Sie schon erledigt" in page.text
    assert SHELTER in page.text
    assert provider.revisions() == before + 1


def test_what_was_checked_lately_may_wait_and_keeps_the_link_open(provider: Provider) -> None:
    with provider.open() as (session, region):
        day = {"verified_on": today() - timedelta(days=2)}
        offers.change(session, by(region, OTHER), session.get_one(Offer, provider.shelter), day)
    link = provider.link()
    answer = provider.post(link, tun=f"stimmt-{provider.own}")
    page = provider.client.get(answer.headers["location"]).text
    assert "Mehr müssen Sie jetzt nicht prüfen" in page
    assert f"stimmt-{provider.shelter}" in page
    assert provider.standing(link) == "open"


def test_what_somebody_else_has_changed_is_shown_again_and_not_confirmed(provider: Provider) -> None:
    link = provider.link()
    fields = provider.fields(link)
    with provider.open() as (session, region):
        offers.change(
            session, by(region, OTHER), session.get_one(Offer, provider.own), {"name": "Neuer Name"}
        )
    answer = provider.client.post(link, data=fields | {"tun": "alle"})
    assert answer.status_code == 409
    assert "Jemand anders hat inzwischen etwas geändert: „Neuer Name“" in answer.text
    assert "Seit unserer E-Mail hat jemand diesen Eintrag geändert" in answer.text
    assert provider.offer().verified_on is None
    assert provider.offer(provider.shelter).verified_on == today()
    assert provider.standing(link) == "open"
    assert provider.post(link, tun="alle").headers["location"] == f"{link}?fertig=alles"


def test_what_is_gone_meanwhile_does_not_hold_up_the_rest(provider: Provider) -> None:
    link = provider.link()
    fields = provider.fields(link) | {"tun": "alle"}
    with provider.open() as (session, region):
        states.archive(session, by(region, OTHER), provider.shelter)
    assert provider.client.post(link, data=fields).headers["location"] == f"{link}?fertig=alles"
    assert provider.offer().verified_on == today()
    assert provider.offer(provider.shelter).verified_on is None


def test_a_link_is_for_its_own_entries_and_forms_alone(provider: Provider) -> None:
    link = provider.link()
    fields, foreign = provider.fields(link), provider.foreign
    for more in (
        {"tun": f"stimmt-{foreign}", f"stand-{foreign}": "1"},
        {"tun": f"stimmt-{2**70}"},
        {"tun": "stimmt-ä"},
        {"tun": "anders"},
    ):
        assert provider.client.post(link, data=fields | more).status_code == 404, more
    alone = {"formular": fields["formular"], "tun": "alle", f"stand-{foreign}": "1"}
    assert provider.client.post(link, data=alone).status_code == 404
    for number in (foreign, 0, 2**64, 10**30):
        assert provider.client.get(f"{link}/{number}").status_code == 404
        assert provider.client.post(f"{link}/{number}", data=fields | {"tun": "ende"}).status_code == 404
    other = provider.fields(provider.link(Purpose.QUIET))["formular"]
    for proof in ("", other, "ü\0"):
        sent = fields | {"tun": "alle", "formular": proof}
        for path in (link, f"{link}/{provider.own}", f"{link}/neuer-link"):
            assert provider.client.post(path, data=sent).status_code == 403
    assert provider.client.post(link, content=b"{}").status_code == 415
    # Browsers that are told to name nothing say where nothing comes from.
    own = {"sec-fetch-site": "cross-site", "origin": "null"}
    assert provider.client.post(link, data=fields | {"tun": "alle"}, headers=own).status_code == 303
    assert {one.verified_on for one in (provider.offer(foreign),)} == {None}


@pytest.mark.parametrize("token", ["x", "ä" * 500, "%00", "..%2f", "a" * 3000])
def test_a_link_that_nobody_knows_leads_to_a_new_one(provider: Provider, token: str) -> None:
    for path in (f"{CHECK}{token}", f"{CHECK}{token}/{provider.own}", f"{QUIET}{token}"):
        page = provider.client.get(path)
        assert page.status_code == 404
        assert "/anbieter/neuer-link" in page.text or "%2f" in path
    assert provider.client.get(f"/en{CHECK}{token}").status_code == 404


def test_next_mondays_hour_is_moved_and_waits_for_a_decision(provider: Provider) -> None:
    link = provider.link()
    path = f"{link}/{provider.own}"
    provider.fields(path)
    value, said = re.findall(r'<option value="(\d+:0:[\d-]+)" >([^<]+)<', provider.opened[path])[0]
    assert said.startswith("Montag, ")
    monday = date.fromisoformat(value[-10:])
    to = monday + timedelta(days=1)
    moved = {
        "a1__am": value,
        "a1__art": "verlegt",
        "a1__auf": to.isoformat(),
        "a1__von": "10",
        "a1__bis": "12",
    }
    read = provider.post(path, tun="weiter", **moved).text
    assert "verlegt auf Dienstag, " in read
    assert "10–12 Uhr" in read
    assert provider.proposals() == []
    back = provider.client.post(path, data=carried(read) | {"tun": "zurueck"})
    assert back.status_code == 200
    assert f'value="{to}"' in back.text
    answer = provider.change(link, **moved)
    assert answer.headers["location"] == f"{link}?fertig=gesendet"
    (proposal,) = provider.proposals()
    assert (proposal.actor, proposal.origin) == (f"provider:{provider.organization}", "link")
    assert (proposal.kind, proposal.decision) == (Kind.CHANGE, Decision.OPEN)
    ((changed, change),) = proposal.changes.items()
    assert changed.endswith("/schedules")
    (deviation,) = change["new"][0]["deviations"]
    assert (deviation["change"], deviation["on"], deviation["to"]) == ("moved", str(monday), str(to))
    assert deviation["starts"][:5] == "10:00"
    # The rest of the entry was confirmed along with it; the other one is still to be looked at.
    assert provider.offer().verified_on == today()
    page = provider.client.get(link).text
    assert "Ihre Änderung ist bei uns" in page
    assert provider.post(link, tun="alle").headers["location"] == f"{link}?fertig=alles"
    with provider.open() as (session, region):
        deciding.decide(session, by(region), proposal.id, {changed: Verdict(accepted=True)})
    assert "Ihre Änderung ist übernommen" in provider.client.get(link).text


@pytest.mark.parametrize(
    ("fields", "mistake"),
    [
        ({"a1__art": "faellt-aus"}, "Bitte wählen Sie den Termin"),
        ({"a1__am": "1:0:2020-01-06", "a1__art": "faellt-aus"}, "gibt es so nicht mehr"),
        ({"bemerkung": "x" * 1001}, "zu lang"),
        ({"name": "\0"}, "mindestens 2 Zeichen"),
        ({"website": "nichts"}, "die ganze Adresse der Internetseite"),
        ({"cost": "viel"}, "Bitte wählen Sie eine der Möglichkeiten"),
        ({}, "Sie haben noch nichts geändert"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_sent(
    provider: Provider, fields: dict[str, str], mistake: str
) -> None:
    link = provider.link()
    kept = {"summary": "Steht noch da"} if fields else {}
    answer = provider.post(f"{link}/{provider.own}", tun="senden", **kept, **fields)
    assert answer.status_code == 422
    assert mistake in answer.text
    assert all(text in answer.text for text in kept.values())
    assert provider.proposals() == []


def test_a_date_needs_a_kind_and_a_day_to_come(provider: Provider) -> None:
    path = f"{provider.link()}/{provider.own}"
    provider.fields(path)
    value = re.findall(r'<option value="(\d+:0:[\d-]+)"', provider.opened[path])[0]
    for more, mistake in (
        ({}, "was an diesem Termin anders ist"),
        ({"a1__art": "zusaetzlich"}, "was an diesem Termin anders ist"),
        ({"a1__art": "verlegt"}, "Bitte tragen Sie einen neuen Tag"),
        ({"a1__art": "verlegt", "a1__auf": "2020-01-01"}, "Dieser Tag ist schon vorbei"),
        ({"a1__art": "verlegt", "a1__von": "25"}, "ist keine Uhrzeit"),
        ({"a1__art": "faellt-aus", "zeiten:%s": "dienstags 9-11 Uhr"}, "entweder einen Termin oder"),
    ):
        named = {
            name % value.partition(":")[0] if "%s" in name else name: text for name, text in more.items()
        }
        answer = provider.post(path, tun="weiter", a1__am=value, **named)
        assert answer.status_code == 422, more
        assert mistake in answer.text


def test_weekly_hours_are_read_back_or_left_to_a_person(provider: Provider) -> None:
    link = provider.link()
    path = f"{link}/{provider.own}"
    name = next(name for name in provider.fields(path) if name.startswith("zeiten:"))
    read = provider.post(path, tun="weiter", **{name: "mittwochs 9-11 Uhr"}).text
    assert "Mittwoch" in read
    assert "Das wären dann die nächsten Termine" in read
    unclear = provider.post(path, tun="weiter", **{name: "immer wenn der Mond scheint"})
    assert unclear.status_code == 422
    assert "Das verstehen wir so nicht" in unclear.text or "Diese Stelle verstehen wir nicht" in unclear.text
    by_hand = name.replace("zeiten", "mensch")
    assert f'name="{by_hand}"' in unclear.text
    assert provider.change(link, **{name: "wenn der Mond scheint", by_hand: "ja"}).status_code == 303
    provider.change(link, **{name: "mittwochs 9-11 Uhr"})
    words, hours = provider.proposals()
    assert "wenn der Mond scheint" in words.changes["report"]["new"]["text"]
    ((changed, change),) = hours.changes.items()
    assert changed.endswith("/schedules")
    assert change["new"][0]["recurrence"] == "FREQ=WEEKLY;BYDAY=WE"


def test_only_what_was_touched_is_proposed_once_and_private_contacts_stay(provider: Provider) -> None:
    link = provider.link()
    fields = provider.fields(f"{link}/{provider.own}")
    phone = next(name for name in fields if name.endswith("/phone"))
    with provider.open() as (session, _region):
        contacts = sheet.read(session, session.get_one(Offer, provider.own))["contacts"]
    private = next(key for key, one in contacts.items() if not one["is_public"])
    crafted = {
        "vorher": "[" * 20_000,
        f"contacts/{private}/da": "ja",
        f"contacts/{private}/phone": "1",
        "places/1/street": "Anderswo",
    }
    for _twice in range(2):
        provider.change(link, **{phone: "030 777"}, bemerkung="neue Nummer", **crafted)
    (proposal,) = provider.proposals()
    assert proposal.changes == {phone: {"old": "030 1", "new": "030 777"}}
    assert proposal.reason == "neue Nummer"
    # Other words about the same are not lost.
    provider.change(link, **{phone: "030 777"}, bemerkung="gilt ab Montag")
    assert [one.reason for one in provider.proposals()] == ["neue Nummer", "gilt ab Montag"]
    # Words that were answered once wait again when they are said again.
    for _twice in range(2):
        provider.change(provider.link(), bemerkung="Bitte rufen Sie an")
        said = provider.proposals()[-1]
        assert said.decision == Decision.OPEN
        with provider.open() as (session, region):
            service.answer(session, by(region), said.id, done=True)
    assert len(provider.proposals()) == 4


def test_a_pause_and_an_end_are_proposed(provider: Provider) -> None:
    link = provider.link()
    path = f"{link}/{provider.own}"
    for until, mistake in (("gestern", "kein Tag im Kalender"), ("2020-01-01", "einen Tag nach heute")):
        answer = provider.post(path, tun="pause", bis=until)
        assert (answer.status_code, mistake in answer.text) == (422, True)
    back = (today() + timedelta(days=30)).isoformat()
    read = provider.post(path, tun="pause", bis=back)
    assert "macht Pause" in read.text
    assert 'name="rest"' not in read.text
    provider.client.post(path, data=carried(read.text) | {"tun": "senden"})
    gone = f"{link}/{provider.shelter}"
    read = provider.post(gone, tun="ende")
    assert "gibt es nicht mehr" in read.text
    answer = provider.client.post(gone, data=carried(read.text) | {"tun": "senden"})
    assert answer.headers["location"] == f"{link}?fertig=alles"
    pause, end = provider.proposals()
    assert (pause.kind, pause.changes["paused_until"]["new"]) == (Kind.PAUSE, back)
    assert (end.kind, end.offer_id) == (Kind.WITHDRAW, provider.shelter)
    assert provider.offer().verified_on is None


def test_a_form_that_is_older_than_a_change_keeps_both(provider: Provider) -> None:
    link = provider.link()
    path = f"{link}/{provider.own}"
    fields = provider.fields(path) | {"name": "Mein Name", "tun": "senden"}
    with provider.open() as (session, region):
        values = {"summary": "Dazwischen geschrieben"}
        offers.change(session, by(region, OTHER), session.get_one(Offer, provider.own), values)
    answer = provider.client.post(path, data=fields)
    assert answer.status_code == 409
    for said in ("Inzwischen hat jemand anders", "Mein Name", "Dazwischen geschrieben"):
        assert said in answer.text
    assert provider.proposals() == []
    provider.change(link, name="Mein Name")
    (proposal,) = provider.proposals()
    assert proposal.changes == {"name": {"old": OWN, "new": "Mein Name"}}


def test_what_comes_too_late_is_said_and_pressing_twice_is_no_mistake(provider: Provider) -> None:
    link = provider.link()
    path = f"{link}/{provider.own}"
    sent = provider.fields(path) | {"name": "Mein Name", "tun": "senden", "rest": "ja"}
    other = sent | {"name": "Ganz anders"}
    shelter = provider.fields(link) | {"tun": f"stimmt-{provider.shelter}"}
    for _twice in range(2):  # although the rest is confirmed by now
        assert provider.client.post(path, data=sent).headers["location"] == f"{link}?fertig=gesendet"
    # The whole answer is the last one that is missing.
    provider.client.post(link, data=shelter)
    assert provider.standing(link) == "used"
    assert provider.client.post(path, data=sent).headers["location"] == link
    late = provider.client.post(path, data=other)
    assert late.status_code == 409
    assert "nicht bei uns angekommen" in late.text
    assert "Ganz anders" in late.text
    assert len(provider.proposals()) == 1
    assert "Das haben Sie schon erledigt" in provider.client.get(path).text


def body(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_an_expired_link_says_so_and_sends_a_new_one_to_the_known_address(
    provider: Provider, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = provider.link()
    fields = provider.fields(link) | {"tun": "alle"}
    later(monkeypatch, days=43)
    page = provider.client.get(link)
    assert page.status_code == 410
    assert "Dieser Link gilt nicht mehr" in page.text
    assert MAIL not in page.text
    assert provider.client.post(link, data=fields).headers["location"] == link
    assert provider.offer().verified_on is None
    for _time in range(5):
        answer = provider.post(f"{link}/neuer-link", link)
        assert answer.headers["location"] == "/anbieter/neuer-link/unterwegs"
    assert [letter["To"] for letter in office.letters] == [MAIL] * 3  # a day
    assert office.letters[0]["List-Unsubscribe"] is None
    found = re.search(rf"https://karte\.example({CHECK}\S+)", body(office.letters[-1]))
    assert found
    assert provider.client.get(found[1]).status_code == 200
    first = re.search(rf"({CHECK}\S+)", body(office.letters[0]))
    assert first
    assert provider.client.get(first[1]).status_code == 410  # a newer one ends it
    later(monkeypatch, days=1, minutes=1)
    provider.post(f"{link}/neuer-link", link)
    assert len(office.letters) == 4


def test_who_types_an_address_learns_nothing_and_only_known_ones_get_mail(
    provider: Provider, office: PostOffice
) -> None:
    path = "/anbieter/neuer-link"
    assert provider.client.get(path).status_code == 200
    for wrong in ("", "nur ein Name", "\0@x"):
        assert provider.client.post(path, data={"email": wrong}).status_code == 422
    answers = [
        provider.client.post(path, data={"email": email})
        for email in ("fremd@nirgends.example", MAIL.upper(), "x@nachbarn.example")
    ]
    assert {(one.status_code, one.headers["location"], one.text) for one in answers} == {
        (303, f"{path}/unterwegs", "")
    }
    assert "Wenn wir die Adresse kennen" in provider.client.get(f"{path}/unterwegs").text
    assert [letter["To"] for letter in office.letters] == [MAIL]
    far = {"sec-fetch-site": "cross-site"}
    assert provider.client.post(path, data={"email": MAIL}, headers=far).status_code == 403
    office.refused = {"nachbarn"}
    provider.client.post(path, data={"email": MAIL})
    with provider.open() as (session, _region):
        checks = select(ProviderLink).where(ProviderLink.purpose == Purpose.CHECK)
        assert len(session.exec(checks).all()) == 1  # of what was not taken nothing is left
    states = {provider.client.post(path, data={"email": MAIL}).status_code for _ in range(31)}
    assert states == {303, 429}


def test_without_a_mail_server_people_are_told_whom_to_call(database: Engine) -> None:
    provider = make_provider(database, chosen(None))
    page = provider.client.get("/anbieter/neuer-link").text
    assert "<form" not in page
    assert "030 23125-000" in page
    answer = provider.client.post("/anbieter/neuer-link", data={"email": MAIL})
    assert answer.status_code == 303


def is_quiet(provider: Provider) -> bool:
    with provider.open() as (session, _region):
        choice = session.get(ProviderMail, provider.organization)
        return choice is not None and choice.quiet_since is not None


def test_mails_end_with_one_click_and_come_again(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    path = provider.link(Purpose.QUIET)
    page = provider.client.get(path)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert not is_quiet(provider)
    assert provider.client.post(path, data={"tun": "ruhe"}).status_code == 403
    for tun, expected in (("ruhe", True), ("ruhe", True), ("wieder", False)):
        assert provider.post(path, tun=tun).status_code == 303
        assert is_quiet(provider) == expected
    # As mail programs do it (RFC 8058): either form, no cookies, nothing before.
    in_parts = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    for content, kind in (
        (ONE_CLICK, "application/x-www-form-urlencoded"),
        (in_parts, "multipart/form-data; boundary=x"),
    ):
        answer = provider.client.post(path, content=content, headers={"content-type": kind})
        assert (answer.status_code, is_quiet(provider)) == (200, True)
        assert "Sie bekommen keine E-Mails mehr" in answer.text
        provider.post(path, tun="wieder")
    assert provider.client.post(path, content=b"x" * 5000).status_code == 413
    check = provider.link()
    wrong = provider.client.post(f"{QUIET}{check.removeprefix(CHECK)}", content=ONE_CLICK)
    assert (wrong.status_code, is_quiet(provider)) == (404, False)
    later(monkeypatch, days=401)
    assert provider.client.post(path, content=ONE_CLICK).status_code == 410
    assert not is_quiet(provider)


def test_no_log_names_a_token(provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    link, quiet = provider.link(), provider.link(Purpose.QUIET)
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    log.addHandler(handler)
    try:
        for path in (link, f"{link}/{provider.own}", quiet, f"{link}/falsch"):
            provider.client.get(path)
        provider.post(link, tun="alle")
    finally:
        log.removeHandler(handler)
    assert "GET /anbieter/pruefen/… 200" in lines[0]
    assert len(lines) == 6
    for token in (path.rpartition("/")[2] for path in (link, quiet)):
        assert token not in "\n".join(lines) + caplog.text


def test_who_sends_all_the_time_has_to_wait(provider: Provider) -> None:
    link = provider.link()
    fields = provider.fields(link)
    one = {"tun": f"stimmt-{provider.own}"}
    states = [provider.client.post(link, data=fields | one).status_code for _ in range(32)]
    assert (states[0], states[-1]) == (303, 429)
    assert links.DAYS[Purpose.CHECK] == 42


def test_what_was_written_about_an_entry_archived_meanwhile_is_said_again(
    provider: Provider,
) -> None:
    link = provider.link()
    fields = provider.fields(f"{link}/{provider.own}")
    with provider.open() as (session, region):
        states.archive(session, by(region, OTHER), provider.own)
    answer = provider.client.post(
        f"{link}/{provider.own}", data=fields | {"bemerkung": "Wir ziehen bald um.", "tun": "senden"}
    )
    assert answer.status_code == 409
    assert "Abgeschickt ist nichts. Sie hatten geschrieben: „Wir ziehen bald um.“" in answer.text
