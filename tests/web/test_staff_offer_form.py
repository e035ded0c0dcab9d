"""Nothing typed is lost: errors beside fields, two windows, two people, times that nobody can read."""

from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session
from starlette.testclient import TestClient

from api.accounts.models import Role
from api.curation import sheet
from api.history.models import Origin
from api.offers.models import Offer
from api.regions.models import Region
from tests.accounts.people import make_member
from tests.curation.sheets import contact, line, place, point, told
from tests.factories import act
from tests.geocoding.sample import load_town
from tests.web.staff_offers import Writer, make_city, present
from web.main import create_app


@pytest.fixture
def city(database: Engine) -> Engine:
    """A city with one offer at one place."""
    with Session(database) as session, session.begin():
        region = make_city(session)
        fields = {
            "summary": "Hilfe für alle.",
            "organization": "Nachbarn e. V.",
            "places": {"new-1": place(point=point(13.2, 52.5), schedules=[line()])},
            "contacts": {
                "new-1": contact(),
                "new-2": contact(label="Leitung", phone="030 77", is_public=False),
            },
        }
        sheet.create(session, act(region, origin=Origin.FORM), told(**fields))
    return database


def entry(engine: Engine) -> dict[str, Any]:
    """The one offer as it is."""
    with Session(engine) as session:
        number = session.scalar(text("SELECT id FROM offer"))
        offer = session.get_one(Offer, number)
        return {"id": number, **sheet.read(session, offer)}


def edit(writer: Writer, number: int) -> str:
    """Open the form for an offer; return where it is."""
    answer = writer.press(f"/pflege/angebot/{number}/bearbeiten", f"/pflege/angebot/{number}")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].rpartition("/")[0])


def test_an_error_stands_beside_its_field_and_what_was_typed_stays(city: Engine) -> None:
    writer = Writer(city, "alle@stadt.example")
    draft = writer.begin()
    answer = writer.fill(draft, "was", [("name", "X"), ("min_age", "zwölf"), ("summary", "Bleibt <hier>.")])
    assert answer.status_code == 422
    for said in ('id="name-fehler"', "mindestens 2 Zeichen", 'id="min_age-fehler"', 'value="zwölf"'):
        assert said in answer.text, said
    assert "Bleibt &lt;hier&gt;." in answer.text
    assert 'value="zwölf"' in writer.get(f"{draft}/was").text
    page = writer.get(f"{draft}/ansehen").text
    assert "Das muss vorher stimmen" in page
    assert "Zur Prüfung geben" not in page
    assert ">Veröffentlichen<" not in page
    assert writer.press(f"{draft}/veroeffentlichen", f"{draft}/ansehen", fassung="1").status_code in {
        409,
        422,
    }


def test_whoever_leaves_a_step_has_it_saved(city: Engine) -> None:
    writer = Writer(city, "alle@stadt.example")
    draft = writer.begin()
    answer = writer.press(f"{draft}/was", f"{draft}/was", tun="zu-kontakt", name="Lesekreis")
    assert answer.headers["location"] == f"{draft}/kontakt"
    assert "Lesekreis" in writer.get("/pflege/angebote").text
    assert writer.press(f"{draft}/verwerfen", f"{draft}/ansehen").status_code == 303
    assert "Lesekreis" not in writer.get("/pflege/angebote").text


def test_two_windows_do_not_overwrite_each_other(city: Engine) -> None:
    writer = Writer(city, "alle@stadt.example")
    draft = writer.begin()
    first, second = writer.get(f"{draft}/was"), writer.get(f"{draft}/was")
    assert writer.send(f"{draft}/was", first, name="Im ersten Fenster").status_code == 303
    answer = writer.send(f"{draft}/was", second, name="Im zweiten Fenster")
    assert answer.status_code == 409
    assert "In einem anderen Fenster wurde" in answer.text
    assert 'value="Im zweiten Fenster"' in answer.text
    assert 'value="Im ersten Fenster"' in writer.get(f"{draft}/was").text
    assert writer.send(f"{draft}/was", answer).status_code == 303
    assert 'value="Im zweiten Fenster"' in writer.get(f"{draft}/was").text


def test_two_people_edit_the_same_offer(city: Engine) -> None:
    one, other = Writer(city, "alle@stadt.example"), Writer(city, "west@stadt.example")
    number = entry(city)["id"]
    mine, theirs = edit(one, number), edit(other, number)
    # Both have the first page open; the other is first, with the name and the sentence.
    page = one.get(f"{mine}/was")
    other.fill(theirs, "was", [("name", "Café Neu"), ("summary", "Von der anderen.")])
    assert other.publish(theirs).status_code == 303
    answer = one.send(f"{mine}/was", page, name="Café Anders", description="Mit Kuchen.")
    assert answer.status_code == 303
    shown = one.get(f"{mine}/ansehen").text
    assert "Jemand anders hat dasselbe geändert" in shown
    assert "Café Neu" in shown
    assert "Von der anderen." not in shown.partition("staff-offer-preview")[0]
    assert one.publish(mine).status_code == 409
    assert entry(city)["name"] == "Café Neu"
    answer = one.press(f"{mine}/entscheiden", f"{mine}/ansehen", pfad="name", wessen="meins")
    assert answer.status_code == 303
    assert one.publish(mine).status_code == 303
    now = entry(city)
    assert (now["name"], now["summary"], now["description"]) == (
        "Café Anders",
        "Von der anderen.",
        "Mit Kuchen.",
    )


def test_pages_that_nobody_changed_change_nothing(city: Engine) -> None:
    writer = Writer(city, "alle@stadt.example")
    before = entry(city)
    draft = edit(writer, before["id"])
    for step in ("was", "wo", "wann", "kontakt"):
        assert writer.fill(draft, step, []).status_code == 303
    assert "Es ist noch nichts geschrieben" in writer.get(f"{draft}/ansehen").text
    assert entry(city) == before


def test_a_contact_for_professionals_is_shown_to_few_and_lost_by_nobody(city: Engine) -> None:
    before = entry(city)
    coach = Writer(city, "coach@stadt.example")
    assert "030 77" not in coach.get(f"/pflege/angebot/{before['id']}").text
    assert coach.get(f"/pflege/angebot/{before['id']}").status_code == 200
    writer = Writer(city, "alle@stadt.example")
    draft = edit(writer, before["id"])
    assert "030 77" in writer.get(f"{draft}/kontakt").text
    assert "030 77" not in writer.get(f"{draft}/ansehen").text
    with Session(city) as session, session.begin():
        region = session.get_one(Region, session.scalar(text("SELECT id FROM region")))
        own = session.scalar(text("SELECT organization_id FROM offer"))
        make_member(session, region, Role.PROVIDER, "anbieter@stadt.example", organization_id=own)
    provider = Writer(city, "anbieter@stadt.example")
    draft = edit(provider, before["id"])
    page = provider.get(f"{draft}/kontakt").text
    assert "030 77" not in page
    assert "ein Kontakt nur für Fachkräfte" in page
    hidden = next(key for key, one in before["contacts"].items() if not one["is_public"])
    told_all = {f"contacts/{hidden}/da": "ja", f"contacts/{hidden}/phone": "030 666"}
    assert provider.fill(draft, "kontakt", [("cost", "free")], **told_all).status_code == 303
    with Session(city) as session:
        changes = session.scalar(
            text("SELECT changes FROM proposal WHERE decision = 'draft' AND changes ? 'cost'")
        )
        assert set(changes) == {"cost"}


def test_times_that_cannot_be_read_stay_on_the_page(city: Engine) -> None:
    writer = Writer(city, "alle@stadt.example")
    draft = writer.begin()
    answer = writer.fill(draft, "wann", [("text", "immer wenn der Mond scheint")])
    assert answer.status_code == 422
    assert "immer wenn der Mond scheint" in answer.text
    page = f"{draft}/wann"
    shown = writer.send(page, writer.get(page), text="Di 9-11 Uhr", tun="lesen")
    assert shown.status_code == 200
    assert 'value="9"' in shown.text
    shown = writer.send(page, shown, tun="zeit")
    assert "Sprechzeit 2" in shown.text
    assert writer.send(page, shown, tun="weiter").headers["location"] == f"{draft}/kontakt"
    preview = writer.get(page).text.partition("Das ergibt")[2]
    assert "Dienstag" in preview
    assert "9–11 Uhr" in preview


def test_a_place_and_a_contact_come_and_go(city: Engine) -> None:
    writer = Writer(city, "alle@stadt.example")
    number = entry(city)["id"]
    draft = edit(writer, number)
    answer = writer.press(f"{draft}/wo", f"{draft}/wo", tun="teil")
    assert answer.headers["location"] == f"{draft}/wo?neu=ja#neu"
    writer.press(
        f"{draft}/wo", f"{draft}/wo?neu=ja", **{"places/new-1/street": "Anderer Weg 5"}, tun="weiter"
    )
    old = next(iter(entry(city)["places"]))
    writer.press(f"{draft}/wo", f"{draft}/wo", tun=f"weg-places/{old}")
    assert writer.publish(draft).status_code == 303
    (now,) = entry(city)["places"].values()
    assert now["street"] == "Anderer Weg 5"


def test_pausing_archiving_and_bringing_back(city: Engine) -> None:
    writer = Writer(city, "alle@stadt.example")
    page = f"/pflege/angebot/{entry(city)['id']}"
    answer = writer.press(f"{page}/pausieren", page, bis="2020-01-01")
    assert answer.status_code == 422
    assert "Bitte wählen Sie einen Tag nach heute." in answer.text
    assert 'value="2020-01-01"' in answer.text
    assert writer.press(f"{page}/pausieren", page, bis="").status_code == 303
    assert "macht Pause" in writer.get(page).text
    assert writer.press(f"{page}/zurueckholen", page).status_code == 303
    assert writer.press(f"{page}/archivieren", page).status_code == 303
    assert "archiviert" in writer.get(page).text
    editor = Writer(city, "redaktion@stadt.example")
    assert editor.press(f"{page}/zurueckholen", "/pflege/angebote").status_code == 403
    assert writer.press(f"{page}/zurueckholen", page).status_code == 303
    assert "öffentlich" in writer.get(page).text


def test_with_four_eyes_nobody_publishes_alone(city: Engine) -> None:
    with Session(city) as session, session.begin():
        session.get_one(Region, session.scalar(text("SELECT id FROM region"))).four_eyes = True
    writer = Writer(city, "alle@stadt.example")
    draft = writer.write()
    page = writer.get(f"{draft}/ansehen").text
    assert "sieht immer eine zweite Person nach" in page
    assert writer.publish(draft).status_code == 409
    assert writer.press(f"{draft}/abgeben", f"{draft}/ansehen").status_code == 303


def keep(writer: Writer, page: str, shown: Any = None, **typed: Any) -> httpx2.Response:
    """What a script sends while somebody types, as the page was shown."""
    shown = shown or writer.get(page)
    return writer.client.post(
        f"{page.partition('?')[0]}/merken",
        data=present(shown.text) | typed,
        headers={"accept": "application/json"},
    )


def test_a_script_keeps_what_is_typed_under_the_version_that_it_knows(city: Engine) -> None:
    writer, other = Writer(city, "alle@stadt.example"), Writer(city, "west@stadt.example")
    draft = writer.begin()
    shown = writer.get(f"{draft}/was")
    first = keep(writer, f"{draft}/was", shown, name="X", summary="Noch nicht fer")
    assert (first.status_code, set(first.json())) == (200, {"version", "time", "unfinished"})
    assert 'value="X"' in writer.get(f"{draft}/was").text
    # The page that is still open in another window does not overwrite it, and is told what there is now.
    second = keep(writer, f"{draft}/was", shown, name="Anders")
    assert (second.status_code, second.json()) == (409, {"version": first.json()["version"]})
    kept = keep(writer, f"{draft}/was", shown, name="Anders", fassung=str(second.json()["version"]))
    assert kept.status_code == 200
    assert 'value="Anders"' in writer.get(f"{draft}/was").text
    # Times that are not finished stay on the page; they are no mistake yet.
    times = keep(writer, f"{draft}/wann", text="mittwochs 9 bis")
    assert "noch nicht gespeichert" in times.json()["unfinished"]
    assert keep(writer, f"{draft}/ansehen").status_code == 404
    # Nobody else's, nobody without an account, nothing without the proof of the form.
    assert keep(other, f"{draft}/was", shown).status_code in {403, 404}
    assert writer.client.post(f"{draft}/was/merken", data={"name": "Y"}).status_code == 403
    assert keep(writer, f"/pflege/entwurf/{2**63}/was", shown).status_code == 404
    assert other.get(f"{draft}/vorschau/neben").status_code == 404


def test_the_page_beside_the_form_is_the_public_one_and_leaves_no_trace(city: Engine) -> None:
    one, other = Writer(city, "alle@stadt.example"), Writer(city, "west@stadt.example")
    number = entry(city)["id"]
    mine, theirs = edit(one, number), edit(other, number)
    page = one.get(f"{mine}/was")
    assert "Hilfe für alle." in one.get(f"{mine}/vorschau/neben").text
    other.fill(theirs, "was", [("summary", "Von der anderen.")])
    assert other.publish(theirs).status_code == 303
    # What somebody else has published is no other window of one's own.
    assert "Von der anderen." in one.get(f"{mine}/vorschau/neben").text
    assert keep(one, f"{mine}/was", page, description="Mit Kuchen.").status_code == 200
    assert "Mit Kuchen." in one.get(f"{mine}/vorschau/neben").text
    assert 'lang="tr"' in one.get(f"{mine}/vorschau/neben?sprache=tr").text
    assert one.get(f"{mine}/vorschau/neben?sprache=xx").status_code == 404
    assert keep(one, f"{mine}/was", name="X").status_code == 200
    assert "Das muss noch stimmen" in one.get(f"{mine}/vorschau/neben").text
    assert entry(city)["name"] == "Café"


def test_a_point_is_said_in_words(city: Engine, tmp_path: Path) -> None:
    with Session(city) as session, session.begin():
        region = session.get_one(Region, session.scalar(text("SELECT id FROM region")))
        load_town(session, tmp_path, region)
        name = region.name
    writer = Writer(city, "alle@stadt.example")
    draft = writer.begin()
    address = {"places/new-1/street": "Ahornallee 2", "places/new-1/postcode": "10365"}
    found = keep(writer, f"{draft}/wo", **address).json()["points"]["places/new-1"]
    assert found == {
        "said": "52.501000, 13.500100",
        "text": "Der Punkt liegt in Ost, bei Ahornallee 2.",
        "is_inside": True,
        "by_hand": False,
    }
    assert "Der Punkt liegt in Ost, bei Ahornallee 2." in writer.get(f"{draft}/wo").text
    moved = keep(writer, f"{draft}/wo", **{"places/new-1/point": "52.5014, 13.5001"}).json()
    assert moved["points"]["places/new-1"]["by_hand"] is True
    # It stays as long as nobody has it looked for again.
    again = keep(writer, f"{draft}/wo", **{"places/new-1/name": "Laden"}).json()["points"]["places/new-1"]
    assert again["said"] == "52.501400, 13.500100"

    def described(said: str) -> Any:
        return writer.client.get("/pflege/entwurf/punkt", params={"lage": said}).json()

    assert described("52.5014, 13.5001")["text"].endswith("etwa 40 Meter von Ahornallee 2.")
    assert described("52,8 13,2")["text"] == "Der Punkt liegt in West."
    outside = described("48.1, 11.5")
    assert outside["text"] == f"Der Punkt liegt außerhalb von {name}. Bitte prüfen Sie ihn."
    assert outside["is_inside"] is False
    for said in ("", "Ahornallee", "999, 13", "\0"):
        answer = writer.client.get("/pflege/entwurf/punkt", params={"lage": said})
        assert answer.status_code == 422, said


def test_languages_are_written_beside_the_german_text(city: Engine) -> None:
    writer = Writer(city, "alle@stadt.example")
    draft = edit(writer, entry(city)["id"])
    # Whoever does not translate is not led there.
    assert writer.fill(draft, "kontakt", []).headers["location"] == f"{draft}/ansehen"
    page = f"{draft}/sprachen?sprache=en"
    shown = writer.get(page).text
    assert "noch keine Übersetzung" in shown
    assert "translations.en.description" not in shown  # there is no German one either
    path = "translations.en.summary"
    answer = writer.press(f"{draft}/sprachen", page, tun="sprache-ar", **{path: "Help for all."})
    assert answer.headers["location"] == f"{draft}/sprachen?sprache=ar"
    assert 'dir="rtl"' in writer.get(answer.headers["location"]).text
    assert writer.publish(draft).status_code == 303
    assert entry(city)[path] == {"text": "Help for all.", "of": "Hilfe für alle."}
    with TestClient(create_app(city), base_url="https://localhost") as resident:
        shown = resident.get("/en/angebot/cafe").text
        assert '<p class="lead">Help for all.</p>' in shown
        assert '<h1 lang="de">Café</h1>' in shown
        assert "older translation" not in shown
        assert "Help for all." in resident.get("/en/angebote").text
        assert "Help for all." not in resident.get("/angebot/cafe").text
        said = resident.get("/api/v1/offers").json()["results"][0]["translations"]
        assert said == {"en": {"summary": {"text": "Help for all.", "is_outdated": False}}}
        # The German text changes: the translation is marked, for who edits and for who reads.
        draft = edit(writer, entry(city)["id"])
        writer.fill(draft, "was", [("summary", "Hilfe für Eltern.")])
        assert "Englisch: Der deutsche Text ist neuer" in writer.get(f"{draft}/ansehen").text
        assert "Übersetzung veraltet" in writer.get(f"{draft}/sprachen?sprache=en").text
        assert writer.publish(draft).status_code == 303
        shown = resident.get("/en/angebot/cafe").text
        assert 'Help for all. <span class="in-german">older translation</span>' in shown
        assert "The German text is newer than the translation." in shown
        draft = edit(writer, entry(city)["id"])
        writer.press(
            f"{draft}/sprachen", f"{draft}/sprachen?sprache=en", tun="weiter", **{f"{path}.stimmt": "ja"}
        )
        assert writer.publish(draft).status_code == 303
        assert "older translation" not in resident.get("/en/angebot/cafe").text
