"""Who may bring in lists: coordinators of the whole region; whatever they do is theirs."""

import re

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from api.accounts.models import Role
from api.core.settings import Settings
from api.curation.models import Proposal
from api.history.models import ImportBatch, Revision
from api.offers.models import Offer
from api.regions.models import Region
from api.spaces.models import Space
from importers.jobs.foreman import surroundings
from importers.jobs.models import Stage
from tests.accounts.people import Browser
from tests.importers.sample import tables
from tests.web.importing import LIST, PAGES, Coordinator, jobs

APPLY = {
    "quelle-publisher": "Amt",
    "quelle-licence": "CC0",
    "quelle-attribution": "Amt, CC0",
    "quelle-trust": "apply",
    "schluessel": "Nr",
}


def apply(somebody: Coordinator, path: str, content: dict[str, str] = APPLY) -> None:
    """Bring a list that lies here onto the map."""
    assert somebody.post(f"{path}/zuordnung", **somebody.filled_in(path, **content)).status_code == 303
    somebody.wait()
    assert somebody.post(f"{path}/uebernehmen").status_code == 303
    somebody.wait()


def test_who_is_not_signed_in_is_led_to_the_way_in_and_back(somebody: Coordinator) -> None:
    path = somebody.bring()
    before = tables(somebody.engine), jobs(somebody.engine), somebody.job().stage
    stranger = Browser(somebody.engine)
    answer = stranger.get(f"{PAGES}{path}")
    assert answer.headers["location"] == f"/pflege/anmelden?weiter={PAGES}{path}"
    for what in ("verwerfen", "zuordnung", "uebernehmen"):
        assert stranger.post(f"{PAGES}{path}/{what}").headers["location"].startswith("/pflege/anmelden")
    files = {"datei": ("a.csv", b"a;b")}
    sent = stranger.client.post(f"{PAGES}/datei", data={"formular": stranger.proof()}, files=files)
    assert sent.status_code == 303
    assert (tables(somebody.engine), jobs(somebody.engine), somebody.job().stage) == before


@pytest.mark.parametrize("role", [Role.COACH, Role.EDITOR, Role.COORDINATOR])
def test_others_see_and_write_nothing(somebody: Coordinator, role: Role) -> None:
    path = somebody.bring()
    with Session(somebody.engine) as session:
        space = session.exec(select(Space.id)).first()
    part = None if role is Role.COACH else [space]  # of the region
    other = Coordinator(somebody.engine).enter(role, space_ids=part or [])
    before = jobs(somebody.engine)
    assert PAGES not in other.browser.get("/pflege").text
    proof = {"formular": other.browser.proof("/pflege")}
    answers = [other.get(""), other.get(path), other.get(f"{path}/bericht.txt")]
    answers += [other.client.post(f"{PAGES}{path}/verwerfen", data=proof)]
    answers += [other.client.post(f"{PAGES}/datei", data=proof, files={"datei": ("a.csv", b"a;b")})]
    for answer in answers:
        assert answer.status_code == 403
        assert "liste.csv" not in answer.text
    assert jobs(somebody.engine) == before


def test_forms_of_somebody_else_are_not_taken(somebody: Coordinator) -> None:
    path = somebody.bring()
    for fields in ({"x": "y"}, {"formular": "x"}, {"formular": ""}):
        assert somebody.client.post(f"{PAGES}{path}/verwerfen", data=fields).status_code == 403
        files = {"datei": ("a.csv", b"a;b")}
        assert somebody.client.post(f"{PAGES}/datei", data=fields, files=files).status_code == 403
    far = {"sec-fetch-site": "cross-site"}
    sent = somebody.client.post(f"{PAGES}{path}/verwerfen", data=somebody.proof(), headers=far)
    assert sent.status_code == 403
    assert jobs(somebody.engine) == 1


def test_it_is_remembered_who_brought_a_list_in_and_who_took_it_back(somebody: Coordinator) -> None:
    assert f'href="{PAGES}"' in somebody.browser.get("/pflege").text
    path = somebody.bring()
    other = Coordinator(somebody.engine).enter(Role.ADMIN)
    assert "Person coordinator" in other.get("").text
    apply(somebody, path)
    mine, theirs = f"account:{somebody.account}", f"account:{other.account}"
    with Session(somebody.engine) as session:
        assert session.exec(select(ImportBatch.actor)).all() == [mine]
        assert set(session.exec(select(Revision.actor))) == {mine}
    assert re.search(r"eingelesen am [^(]*\(Person coordinator\)", other.get(path).text)
    assert other.post(f"{path}/zuruecknehmen").status_code == 303
    other.wait()
    assert "zurückgenommen: Person admin" in other.get(path).text
    with Session(somebody.engine) as session:
        undone = session.exec(select(Revision.actor).where(col(Revision.undoes_id).is_not(None)))
        assert set(undone) == {theirs}


def test_with_four_eyes_somebody_else_decides_whatever_the_list_says(somebody: Coordinator) -> None:
    with Session(somebody.engine) as session, session.begin():
        session.exec(select(Region)).one().four_eyes = True
    path = somebody.bring()
    assert "Vier-Augen-Prinzip" in somebody.get(path).text
    apply(somebody, path)
    result = somebody.get(path).text
    assert "Zur Entscheidung vorgelegt" in result
    assert "nur jemand anderes als Sie" in result
    with Session(somebody.engine) as session:
        assert not session.exec(select(Offer)).all()
        number = session.exec(select(Proposal.id).order_by(col(Proposal.id))).first()
    page = f"/pflege/vorschlag/{number}"
    answer = somebody.browser.post(f"{page}/entscheiden", page, wahl="ja")
    assert answer.status_code == 409
    assert "jemand anderen" in answer.text
    other = Coordinator(somebody.engine).enter()
    assert other.browser.post(f"{page}/entscheiden", page, wahl="ja").status_code == 303
    with Session(somebody.engine) as session:
        assert len(session.exec(select(Offer)).all()) == 1


def test_an_import_is_undone_after_humans_changed_three_of_its_entries_and_their_changes_stay(
    somebody: Coordinator,
) -> None:
    more = "".join(
        f"{number};Treff {number};Verein;Musterweg {number};10365;Berlin;;13.5{number};52.5;sport\n"
        for number in range(5, 8)
    )
    path = somebody.bring(LIST + more)
    apply(somebody, path)
    assert tables(somebody.engine)["offer"] == 6
    editor = Coordinator(somebody.engine).enter(Role.EDITOR, may_publish=True)
    names = ("Nähcafé", "Treff 5", "Treff 6")
    for name in names:
        edit(editor, offer(somebody.engine, name).id, f"{name}, jetzt auch abends")
    somebody.post(f"{path}/zuruecknehmen")
    somebody.wait()
    said = somebody.get(path).text
    assert "3 Angebote entfernt, 3 Angebote behalten." in said
    for name in names:
        assert f"„{name}“ bleibt, weil inzwischen jemand daran gearbeitet hat." in said
        kept = offer(somebody.engine, name)
        assert kept.summary == f"{name}, jetzt auch abends"
        assert somebody.client.get(f"/angebot/{kept.slug}").status_code == 200
    with Session(somebody.engine) as session:
        assert sorted(session.exec(select(Offer.name))) == sorted(names)
    assert somebody.job().stage == Stage.UNDONE


def edit(editor: Coordinator, offer_id: int, summary: str) -> None:
    """Change an entry through its form, and publish it."""
    browser = editor.browser
    answer = browser.post(f"/pflege/angebot/{offer_id}/bearbeiten", f"/pflege/angebot/{offer_id}")
    step = answer.headers["location"]
    page = browser.get(step).text
    form = page.partition("staff-offer-form")[2]
    ticked = re.findall(r'name="(topics|audiences|languages)" value="([^"]*)" checked', form)
    fields = {name: [value for other, value in ticked if other == name] for name, _value in ticked}
    fields |= {
        name: [value] for name, value in re.findall(r'<input[^>]* name="(name)"[^>]* value="([^"]*)"', form)
    }
    version = re.search(r'name="fassung" value="(\d+)"', form)
    assert version
    told = {
        "formular": [browser.proof(step)],
        "fassung": [version[1]],
        "tun": ["weiter"],
        "summary": [summary],
    }
    assert browser.client.post(step, data=fields | told).status_code == 303
    look = step.rpartition("/")[0] + "/ansehen"
    version = re.search(r'name="fassung" value="(\d+)"', browser.get(look).text)
    assert version
    answer = browser.post(step.rpartition("/")[0] + "/veroeffentlichen", look, fassung=version[1])
    assert answer.status_code == 303, answer.text


def offer(engine: Engine, name: str) -> Offer:
    """An offer by its name."""
    with Session(engine) as session:
        return session.exec(select(Offer).where(Offer.name == name)).one()


def test_the_worker_knows_no_secret_of_the_server_and_can_start(
    engine_here: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("FORM_SECRET", "ACCOUNT_SECRET", "SMTP_PASSWORD", "OIDC_CLIENT_SECRET", "OWNER_DATABASE_URL")
    ours = {f"LANDKARTE_{name}": "sehr-geheim-und-lang-genug" for name in names}
    ours |= {
        "LANDKARTE_SMTP_HOST": "mail.example",
        "LANDKARTE_SMTP_USER": "karte",
        "LANDKARTE_SMTP_FROM": "a@b.de",
    }
    ours |= {"LANDKARTE_OIDC_ISSUER": "https://login.example", "LANDKARTE_OIDC_CLIENT_ID": "karte"}
    ours |= {"LANDKARTE_OIDC_LABEL": "Stadt", "LANDKARTE_IMPORT_DAYS": "9"}
    theirs = surroundings(ours, engine_here)
    assert "sehr-geheim-und-lang-genug" not in theirs.values()
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)
    assert Settings(_env_file=None).import_days == 9
