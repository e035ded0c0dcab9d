"""Chains as coordinators look after them: written, ordered, shown, taken back; gaps counted; scopes hold."""

import re

import pytest
from sqlalchemy import Engine

from api.accounts.models import Role
from api.chains import service
from tests.accounts.people import Browser
from tests.web.staff_queue import EAST, WEST, Town, make_town

PAGE = "/pflege/ketten"


@pytest.fixture
def town(database: Engine) -> Town:
    return make_town(database)


def text_of(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def sent(browser: Browser, path: str, page: str, **fields: str) -> int:
    """Send a form as the page shows it, with what it was seen as."""
    seen = re.search(r'name="stand" value="(\d+)"', text_of(browser, page))
    stand = {"stand": seen[1]} if seen else {}
    answer = browser.post(path, page, **(stand | fields))
    return int(answer.status_code)


def begun(browser: Browser, **fields: str) -> str:
    """Make a chain with three links; return its address."""
    answer = browser.post(
        f"{PAGE}/neu", f"{PAGE}/neu", **({"name": "Mietschulden", "satz": "Wenn es eng wird."} | fields)
    )
    assert answer.status_code == 303, answer.text
    here = str(answer.headers["location"]).removesuffix("?fertig=neu")
    for name, what in (
        ("Geld", {"thema": "geld"}),
        ("Familie", {"thema": "familie"}),
        ("Wort", {"woerter": "gibtesnicht"}),
    ):
        assert sent(browser, f"{here}/glied/neu", f"{here}/glied/neu", name=name, **what) == 303
    return here


def names(html: str) -> list[str]:
    return re.findall(r'<p class="staff-title breakable">\d+\. ([^<]+)</p>', html)


def link_of(html: str, name: str) -> str:
    found = re.search(rf'glied/(\d+)">Ändern<span class="visually-hidden">: {name}<', html)
    assert found
    return found[1]


def test_a_chain_from_its_name_to_everybody(town: Town) -> None:
    browser, visitor = town.person(), Browser(town.engine)
    assert "Es gibt noch keine Kette." in text_of(browser, PAGE)
    here = begun(browser)
    # Sent twice, it is made once; a link as well.
    assert len(re.findall(r'class="staff-title', text_of(browser, PAGE))) == 1
    page = text_of(browser, here)
    stale = re.search(r'name="stand" value="(\d+)"', page)
    assert stale
    assert (
        browser.post(f"{here}/glied/neu", here, name="Wort", woerter="gibtesnicht", stand="0").status_code
        == 303
    )
    assert names(page) == names(text_of(browser, here)) == ["Geld", "Familie", "Wort"]
    assert "Thema: Geld" in page
    assert "Thema: geld" not in page
    # Both districts: what is there, what is hidden and comes nowhere, and what nobody offers.
    cells = re.findall(r"<td [^>]*>([^<]+)</td>", page.partition("<tbody>")[2].partition("</tbody>")[0])
    assert cells == ["1", "Lücke", "Lücke", "Lücke", "1", "Lücke"]
    assert "4 Lücken in 3 × 2 Feldern" in page
    assert "3 Glieder · 4 Lücken in 2 Stadtteilen" in text_of(browser, PAGE)
    public = "/hilfekette/mietschulden"
    assert visitor.get(public).status_code == 404
    assert sent(browser, f"{here}/zeigen", here, zeigen="ja") == 303
    assert "Mietschulden" in visitor.get("/hilfeketten").text
    shown = visitor.get(f"{public}?stadtteil=viertel-1").text
    assert shown.count("Hier kennen wir noch nichts in der Nähe.") == 2
    last = link_of(page, "Wort")
    assert sent(browser, f"{here}/glied/{last}/hoch", here) == 303
    assert names(text_of(browser, here)) == ["Geld", "Wort", "Familie"]
    # Pressed once more on the page as it was: nothing happens.
    answer = browser.post(f"{here}/glied/{last}/hoch", here, stand=stale[1])
    assert (answer.status_code, "inzwischen geändert" in answer.text) == (409, True)
    assert sent(browser, f"{here}/glied/{last}/entfernen", here) == 303
    assert names(text_of(browser, here)) == ["Geld", "Familie"]
    for title, after in (
        ("entfernt", ["Geld", "Wort", "Familie"]),
        ("an eine andere Stelle gesetzt", ["Geld", "Familie", "Wort"]),
    ):
        step = re.search(
            rf'zuruecknehmen/(\d+)">(?:(?!</form>).)*Glied „Wort“ {title}', text_of(browser, here), re.DOTALL
        )
        assert step
        assert sent(browser, f"{here}/zuruecknehmen/{step[1]}", here) == 303
        assert names(text_of(browser, here)) == after
        assert sent(browser, f"{here}/zuruecknehmen/{step[1]}", here) == 409
    assert sent(browser, f"{here}/zeigen", here, zeigen="nein") == 303
    assert visitor.get(public).status_code == 404


def test_what_cannot_be_is_said_and_what_was_typed_stays(town: Town) -> None:
    browser = town.person()
    here = begun(browser)
    with town.open() as (session, region):
        chain = service.every(session, region, published=False)[0]
        slug = town.offer(town.west).slug
    form = f"{here}/glied/{chain.links[0].id}"
    stand = re.search(r'name="stand" value="(\d+)"', text_of(browser, form))
    assert stand
    typed = {"name": "Kassen & <Geld>", "thema": "geld", "stand": stand[1]}
    for fields, said in (
        ({"thema": ""}, "Bitte wählen Sie ein Thema"),
        ({"thema": "quatsch"}, "Dieses Thema gibt es nicht."),
        ({"name": ""}, "Bitte geben Sie einen Namen"),
        ({"name-tr": "x" * 101}, "Bitte geben Sie einen Namen"),
        ({"ab": "drei"}, "als Zahl"),
        ({"ab": "7", "bis": "3"}, "unter dem niedrigsten"),
        ({"angebote": "nirgends"}, "ist kein öffentliches Angebot"),
        ({"angebote": str(2**70)}, "ist kein öffentliches Angebot"),
        ({"angebote": str(town.hidden + 999)}, "ist kein öffentliches Angebot"),
    ):
        answer = browser.post(form, form, **(typed | fields))
        assert (answer.status_code, said in answer.text) == (422, True), fields
        assert "Kassen &amp; &lt;Geld&gt;" in answer.text or not fields.get("name", "x")
    good = {
        "name": "Kassen\0",
        "thema": "",
        "angebote": f"{slug}\nhttps://stadt.example/angebot/{slug}/\n{town.east}",
    }
    assert sent(browser, form, form, **good) == 303
    with town.open() as (session, region):
        link = service.get(session, region.id, chain.id).links[0]
        assert (link.names, link.offer_ids) == ({"de": "Kassen"}, [town.west, town.east])
    assert slug in text_of(browser, form)
    assert f"feste Angebote: {WEST}, {EAST}" in text_of(browser, here)
    # Somebody else was quicker: nothing is lost, nothing is overwritten.
    answer = browser.post(form, form, **good | {"name": "Später", "stand": "1"})
    assert (answer.status_code, 'value="Später"' in answer.text) == (409, True)
    answer = browser.post(f"{here}/texte", f"{here}/texte", name="Anders", stand="1")
    assert (answer.status_code, 'value="Anders"' in answer.text) == (409, True)
    assert sent(browser, f"{here}/texte", f"{here}/texte", **{"name": "Anders", "name-en": "Other"}) == 303
    assert "Name: Mietschulden → Anders · Other" in text_of(browser, here)
    empty = browser.post(f"{PAGE}/neu", f"{PAGE}/neu", name="Leer")
    where = str(empty.headers["location"]).partition("?")[0]
    answer = browser.post(f"{where}/zeigen", where, zeigen="ja")
    assert (answer.status_code, "ohne Glieder" in answer.text) == (409, True)
    assert browser.post(f"{where}/hoch", PAGE).status_code == 303
    listed = text_of(browser, PAGE)
    assert listed.index("Leer") < listed.index("Anders")


def test_scopes_hold(town: Town) -> None:
    here = begun(town.person())
    editor, east = town.person(Role.EDITOR), town.person(space="Viertel 2")
    for reader in (editor, east):
        assert "Lücke" in text_of(reader, here)
        assert "<form" not in text_of(reader, here).partition("<main")[2].partition("</main>")[0]
        for path in (f"{PAGE}/neu", f"{here}/texte", f"{here}/glied/neu"):
            assert reader.get(path).status_code == 403
            assert reader.post(path, PAGE, name="x").status_code == 403
        for path in ("zeigen", "hoch", "glied/1/hoch", "glied/1/entfernen", "zuruecknehmen/1"):
            assert reader.post(f"{here}/{path}", PAGE).status_code == 403
    assert town.person(Role.COACH).get(PAGE).status_code == 403
    coordinator = town.person()
    for path in (f"{PAGE}/99999", f"{PAGE}/{2**70}", f"{here}/glied/{2**70}", f"{PAGE}/{2**70}/texte"):
        assert coordinator.get(path).status_code == 404
    for path in (f"{PAGE}/{2**70}/hoch", f"{here}/zuruecknehmen/{2**70}", f"{here}/glied/{2**70}"):
        assert coordinator.post(path, PAGE, name="x", thema="geld").status_code == 404
    assert coordinator.post(f"{here}/quer", PAGE).status_code in {404, 422}
