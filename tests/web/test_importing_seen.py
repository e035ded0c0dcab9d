"""What a preview shows of each row: what people will read, what changes, what is missing; and its report."""

import json
import re
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, col, select

from api.history import service as history
from api.history.models import Origin
from api.history.service import Act
from api.offers.models import Contact, Offer
from api.places.models import Place
from tests.web.importing import Coordinator

KNOWN = {"quelle-publisher": "Amt", "quelle-licence": "CC0", "quelle-attribution": "Amt, CC0"}
APPLY = KNOWN | {
    "quelle-trust": "apply",
    "schluessel": "Kennung",
    "feld-address_hidden": "Adresse verbergen",
}
LIST = """Kennung;Name;Straße;PLZ;Ort;Telefon;Länge;Breite;Kategorie;Öffnungszeiten;Adresse verbergen
1;Nähcafé;Musterweg 1;10365;Berlin;030 23125001;13.50;52.50;sport;Mo 10-12 Uhr;nein
2;Zauberei;;;;030 23125002;;;Zauber;jeden 2. Montag 14-16 Uhr;nein
3;Schutzhaus;Geheimweg 3;10365;Berlin;030 23125003;13.52;52.52;kita;;ja
"""


def preview(somebody: Coordinator, content: str = LIST, **fields: str) -> str:
    """Bring a list as far as its preview; return its path."""
    path = somebody.bring(content)
    answer = somebody.post(f"{path}/zuordnung", **somebody.filled_in(path, **(APPLY | fields)))
    assert answer.status_code == 303, answer.text
    somebody.wait()
    return path


def applied(somebody: Coordinator, content: str = LIST, **fields: str) -> str:
    """Bring a list in; return its path."""
    path = preview(somebody, content, **fields)
    somebody.post(f"{path}/uebernehmen")
    somebody.wait()
    return path


def told(somebody: Coordinator, path: str) -> dict[int, list[dict[str, Any]]]:
    """Everything that is said of the rows, by their numbers in the file."""
    lines = somebody.get(f"{path}/bericht.json").text.splitlines()
    return {row["number"]: row["remarks"] for row in map(json.loads, lines)}


def seen(page: str, number: int) -> str:
    """The text of a row of the table, in one line."""
    row = page.partition(f'id="zeile-{number}"')[2].partition("</tr>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", row.partition(">")[2]).split())


def test_a_row_shows_what_people_will_read(somebody: Coordinator) -> None:
    row = seen(somebody.get(preview(somebody)).text, 2)
    for said in ("Nähcafé", "Musterweg 1, 10365 Berlin", "Mo 10–12 Uhr", "030 23125001", "Themen: ", "neu"):
        assert said in row
    assert "ohne " not in row


def test_what_is_missing_stands_at_the_row_and_can_be_looked_for(somebody: Coordinator) -> None:
    path = preview(somebody)
    page = somebody.get(path).text
    row = seen(page, 3)
    assert "ohne Punkt auf der Karte" in row
    assert "ohne Thema" in row
    marked = re.findall(r"was=(\w+)#zeilen\"[^>]*><strong>(\d+)</strong> (?:ohne|Zeiten nur)", page)
    assert marked == [("no_point", "1"), ("no_topic", "1"), ("unread", "1")]
    for which, _number in marked:
        found = somebody.get(f"{path}?was={which}").text
        assert "Zauberei" in found
        assert "Nähcafé" not in found


def test_nothing_tells_where_a_hidden_place_is(somebody: Coordinator) -> None:
    path = preview(somebody)
    shown = somebody.get(path).text + somebody.get(f"{path}/bericht.txt").text
    shown += json.dumps(told(somebody, path), ensure_ascii=False)
    assert "Adresse verborgen" in shown
    for secret in ("Geheimweg", "13.52", "52.52"):
        assert secret not in shown
    with somebody.engine.connect() as connection:
        kept = connection.scalar(text("SELECT string_agg(import_row::text, ' ') FROM import_row"))
    assert "Geheimweg" not in str(kept)
    assert "ohne Punkt" not in seen(somebody.get(path).text, 4)  # it has one, which nobody sees


def test_a_changed_row_says_each_field_before_and_after(somebody: Coordinator) -> None:
    applied(somebody)
    changed = (
        LIST.replace("030 23125001", "030 555").replace("Mo 10-12", "Di 10-12").replace("13.50", "13.51")
    )
    path = preview(somebody, changed)
    found = {said["field"]: (said["old"], said["new"]) for said in told(somebody, path)[2] if "old" in said}
    assert found == {
        "phone": ("030 23125001", "030 555"),
        "hours_text": ("Mo 10-12 Uhr", "Di 10-12 Uhr"),
        "lon, lat": ("Punkt", "neuer Punkt"),
    }
    page = somebody.get(path).text
    assert "bisher: 030 23125001 jetzt: 030 555" in seen(page, 2)
    assert "jetzt:" not in seen(page, 3)
    assert "Telefon: „030 23125001“ → „030 555“" in somebody.get(f"{path}/bericht.txt").text


@pytest.mark.parametrize(("before", "after"), [("ja", "nein"), ("nein", "ja"), ("ja", "ja")])
def test_a_change_of_a_place_that_is_or_was_hidden_is_said_without_its_address(
    somebody: Coordinator, before: str, after: str
) -> None:
    old = "3;Schutzhaus;Geheimweg 3;10365;Berlin;030 23125003;13.52;52.52;kita;;ja"
    assert old in LIST
    applied(somebody, LIST.replace(old, old.removesuffix("ja") + before))
    new = old.replace("Geheimweg 3", "Umzugsweg 9").removesuffix("ja") + after
    path = preview(somebody, LIST.replace(old, new))
    said = json.dumps(told(somebody, path)[4], ensure_ascii=False)
    assert "Geheimweg" not in said
    assert ("Umzugsweg" in said) == (after == "nein")
    assert "verborgen" in said


def test_a_place_that_somebody_has_hidden_is_hidden_here_too(somebody: Coordinator) -> None:
    applied(somebody)
    with Session(somebody.engine) as session, session.begin():
        place = session.exec(select(Place).where(Place.street == "Musterweg 1")).one()
        act = Act(place.region_id, "koordination", Origin.FORM)
        history.change(session, act, place, {"address_hidden": True})
    path = preview(somebody)
    assert "Musterweg" not in seen(somebody.get(path).text, 2)
    newest = "SELECT lon FROM import_row WHERE number = 2 ORDER BY job_id DESC LIMIT 1"
    with somebody.engine.connect() as connection:
        assert connection.scalar(text(newest)) is None


def test_what_somebody_has_edited_is_shown_as_it_stays(somebody: Coordinator) -> None:
    applied(somebody)
    with Session(somebody.engine) as session, session.begin():
        offer = session.exec(select(Offer).where(Offer.name == "Zauberei")).one()
        act = Act(offer.region_id, "koordination", Origin.FORM)
        history.change(session, act, offer, {"topics": ["freizeit"], "name": "Zauberkreis"})
        contact = session.exec(select(Contact).where(col(Contact.offer_id) == offer.id)).one()
        history.change(session, act, contact, {"is_public": False})
    row = seen(somebody.get(preview(somebody)).text, 3)
    assert "Heißt auf der Karte: Zauberkreis" in row
    assert "ohne Thema" not in row
    assert "030 23125002" not in row  # for colleagues only


def test_what_is_only_proposed_shows_the_same(somebody: Coordinator) -> None:
    asked = {"quelle-trust": "propose"}
    first = seen(somebody.get(applied(somebody, **asked)).text, 2)
    assert "Musterweg 1, 10365 Berlin" in first
    assert "zur Entscheidung" in first
    again = somebody.get(preview(somebody, **asked)).text  # waits still
    assert "Musterweg 1, 10365 Berlin" in seen(again, 2)
    assert "ohne Punkt auf der Karte" in seen(again, 3)


def test_what_a_source_asks_to_change_says_before_and_after(somebody: Coordinator) -> None:
    applied(somebody)
    path = preview(somebody, LIST.replace("030 23125001", "030 555"), **{"quelle-trust": "propose"})
    row = seen(somebody.get(path).text, 2)
    assert "Das entscheidet ein Mensch: Telefon bisher: 030 23125001 jetzt: 030 555" in row
    assert "phone" not in row


def test_people_see_titles_and_times_and_no_numbers_that_jump(somebody: Coordinator) -> None:
    for _time in range(3):
        preview(somebody)
    path = applied(somebody, **{"quelle-title": "Treffpunkte"})
    with somebody.engine.connect() as connection:
        number = connection.scalar(text("SELECT id FROM import_batch"))
    assert number > 1  # the previews have used up the others
    lists, result = somebody.get("").text, somebody.get(path).text
    words = [" ".join(re.sub(r"<[^>]+>", " ", page).split()) for page in (lists, result)]
    at = r"\d+\. \w+ \d{4}, \d\d:\d\d Uhr"
    assert re.search(rf"Treffpunkte {at} Person coordinator liste\.csv 3 neu", words[0])
    assert re.search(rf"„Treffpunkte“, eingelesen am {at} \(Person coordinator\), aus liste\.csv", words[1])
    assert f"Import {number}" not in words[1]
    said = somebody.get(f"{path}/bericht.txt").headers["content-disposition"]
    assert re.fullmatch(r'attachment; filename="bericht-liste-\d{4}-\d\d-\d\d\.txt"', said)


def test_marks_are_counted_for_other_lists_too(engine_here: Engine, somebody: Coordinator) -> None:
    path = applied(somebody)
    with engine_here.begin() as connection:  # as an import by command leaves it
        connection.execute(text("DELETE FROM import_row"))
        connection.execute(text("UPDATE import_job SET counts = '{\"new\": 3}'"))
    page = somebody.get(f"{path}?was=no_point").text
    assert "nicht mehr gespeichert" in page
    assert "Vielleicht ansehen" not in page
