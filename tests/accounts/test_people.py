"""Accounts of a region: an admin invites, gives and takes roles, and the log remembers it."""

import re

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, col, select

from api.accounts import audit
from api.accounts.models import Account, AuditEvent, Event, Grant, Role
from api.core.settings import settings
from api.regions.models import Region
from ops import account as command
from tests.accounts.conftest import ADMIN
from tests.accounts.people import PASSWORD, Browser, make_account, make_grant, make_member
from tests.factories import box, make_division, make_region, make_space

NEW = "sieben Kamele lesen Zeitung"


def invite(admin: Browser, email: str = "neu@stadt.example", rolle: str = "coordinator", **more: str) -> int:
    """Send the form of an invitation; the status of the answer."""
    area = {} if any(name.startswith("raum-") for name in more) else {"gebiet": "alles"}
    fields = {"name": "Neue Person", "email": email, "rolle": rolle, **area, **more}
    return admin.post("/pflege/konten", page="/pflege/konten/neu", **fields).status_code


def link(admin: Browser) -> str:
    """The path of the link that the last answer shows."""
    assert admin.last is not None
    found = re.search(r"https://localhost(/pflege/einladung/[\w-]+)<", admin.last.text)
    assert found, admin.last.text
    return found[1]


def number_of(engine: Engine, email: str) -> int:
    """The number of an account."""
    with Session(engine) as session:
        return session.exec(select(Account.id).where(Account.email == email)).one()


def events(engine: Engine) -> list[tuple[str, str]]:
    """What the log holds about rights: event and who did it."""
    with Session(engine) as session:
        rows = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
        return [(row.event.value, row.actor) for row in rows if row.event in audit.RIGHTS]


def test_somebody_is_invited_with_a_role_for_spaces(admin: Browser, city: Engine) -> None:
    with Session(city) as session, session.begin():
        division = make_division(session, session.exec(select(Region)).one())
        space = make_space(session, division, "7", box(13, 52, 14, 53)).id
    assert invite(admin, rolle="editor", veroeffentlicht="ja", **{f"raum-{space}": "ja"}) == 200
    path = link(admin)
    browser = Browser(city)
    browser.post(path, page=path, name="Rosa", kennwort=NEW, noch_einmal=NEW)
    page = browser.get("/pflege").text
    assert "Guten Tag, Rosa" in page
    assert "Redaktion für Viertel 7, veröffentlicht selbst" in page
    assert browser.get("/pflege/konten").status_code == 403
    number = number_of(city, "neu@stadt.example")
    assert events(city) == [
        ("invited", "account:1"),
        ("granted", "account:1"),
        ("link_used", f"account:{number}"),
    ]
    assert "Rosa" in admin.get("/pflege/konten/protokoll").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "keine-adresse"}, "keine E-Mail-Adresse"),
        ({"email": "größe@stadt.example"}, "keine E-Mail-Adresse"),
        ({"rolle": "koenig"}, "wählen Sie eine Rolle"),
        ({"rolle": "provider", "organisation": "Unbekannt e. V."}, "Organisation gibt es hier nicht"),
        ({"rolle": "editor", "raum-999": "ja"}, "Räume gibt es hier nicht"),
        ({"rolle": "editor", "raum-x": "ja"}, "Raum gibt es hier nicht"),
        ({"rolle": "editor"}, "die ganze Landkarte oder bestimmte Räume"),
        ({"rolle": "editor", "gebiet": "raeume"}, "mindestens einen Raum"),
        ({"rolle": "coordinator", "gebiet": "alles", "raum-1": "ja"}, "nur eines davon"),
        ({"name": " "}, "schreiben Sie einen Namen"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said(admin: Browser, changes: dict[str, str], said: str) -> None:
    fields = {"name": "Neu", "email": "neu@stadt.example", "rolle": "coach"} | changes
    answer = admin.post("/pflege/konten", page="/pflege/konten/neu", **fields)
    assert answer.status_code == 422
    assert said in answer.text


def test_a_changed_role_signs_its_owner_out(admin: Browser, city: Engine) -> None:
    with Session(city) as session, session.begin():
        make_member(session, session.exec(select(Region)).one(), Role.COACH)
    coach = Browser(city, network="203.0.113.1").come_in("coach@stadt.example")
    page = f"/pflege/konten/{number_of(city, 'coach@stadt.example')}"
    assert admin.post(f"{page}/rolle", page=page, rolle="coordinator", gebiet="alles").status_code == 303
    assert coach.get("/pflege").status_code == 303
    coach.come_in("coach@stadt.example")
    assert "Koordination für die ganze Landkarte" in coach.get("/pflege").text
    for path in re.findall(rf'action="({page}/rolle/\d+/entziehen)"', admin.get(page).text):
        assert admin.post(path, page=page).status_code == 303
    assert coach.get("/pflege").status_code == 303
    assert admin.get(page).status_code == 404


def test_the_last_admin_stays(admin: Browser, city: Engine) -> None:
    page = f"/pflege/konten/{number_of(city, ADMIN)}"
    with Session(city) as session:
        grant = session.exec(select(Grant.id)).one()
    for path in (f"{page}/rolle/{grant}/entziehen", f"{page}/sperren"):
        answer = admin.post(path, page=page)
        assert answer.status_code == 409
        assert "letzte Verwaltung" in answer.text
    assert admin.get("/pflege/konten").status_code == 200


def test_admins_of_one_region_cannot_take_over_accounts_of_another(admin: Browser, city: Engine) -> None:
    with Session(city) as session, session.begin():
        here = session.exec(select(Region)).one()
        other = make_region(session, is_default=False, hostnames=["kreis.example"])
        both = make_account(session, "beide@kreis.example")
        make_grant(session, both, here, Role.COACH)
        make_grant(session, both, other, Role.ADMIN)
        stranger = make_member(session, other, Role.ADMIN, "fremd@kreis.example").id
        number = both.id
    page = f"/pflege/konten/{number}"
    for path in ("link", "sperren", "freigeben"):
        assert admin.post(f"{page}/{path}", page="/pflege/konten/neu").status_code == 409
        assert admin.post(f"/pflege/konten/{stranger}/{path}", page="/pflege/konten/neu").status_code == 404
    assert "fremd@kreis.example" not in admin.get("/pflege/konten").text
    assert admin.get(f"/pflege/konten/{stranger}").status_code == 404
    with Session(city) as session:
        foreign = session.exec(
            select(Grant.id).where(Grant.role == Role.ADMIN, Grant.account_id == number)
        ).one()
    path = f"{page}/rolle/{foreign}/entziehen"
    assert admin.post(path, page="/pflege/konten/neu").status_code == 404


def test_who_has_an_account_elsewhere_keeps_the_password_and_gets_the_role(
    admin: Browser, city: Engine
) -> None:
    with Session(city) as session, session.begin():
        make_account(session, "schon@kreis.example")
    assert invite(admin, "Schon@Kreis.example", "coach") == 303
    assert Browser(city).sign_in("schon@kreis.example", PASSWORD).status_code == 303


def test_a_new_link_helps_who_has_forgotten_the_password(admin: Browser, city: Engine) -> None:
    invite(admin)
    page = f"/pflege/konten/{number_of(city, 'neu@stadt.example')}"
    assert admin.post(f"{page}/link", page=page).status_code == 200
    path = link(admin)
    assert Browser(city).post(path, name="N", kennwort=NEW, noch_einmal=NEW).status_code == 303
    assert admin.post(f"{page}/sperren", page=page).status_code == 303
    assert Browser(city).sign_in("neu@stadt.example", NEW).status_code == 422
    assert admin.post(f"{page}/freigeben", page=page).status_code == 303
    assert Browser(city).sign_in("neu@stadt.example", NEW).status_code == 303


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "DROP TABLE audit_event",
    ],
)
def test_the_log_can_only_be_added_to(session: Session, region: Region, statement: str) -> None:
    audit.note(session, Event.GRANTED, 1, actor="test", region_id=region.id)
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), session.begin_nested():
        session.execute(text(statement))


def test_the_log_holds_no_names_and_addresses(admin: Browser, city: Engine) -> None:
    invite(admin)
    Browser(city).sign_in(ADMIN, "ein falsches Kennwort eben")
    with city.connect() as connection:
        rows = connection.execute(text("SELECT CAST(audit_event AS text) FROM audit_event")).scalars().all()
    assert len(rows) >= 4
    assert not any(word in row for row in rows for word in ("@", "Person", "Neue", "192.0.2"))


def test_the_command_line_makes_the_first_admin_and_blocks(
    database: Engine, owner_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Session(database) as session, session.begin():
        make_region(session, slug="stadt", hostnames=["stadt.example"])
    chosen = settings().model_copy(update={"database_url": owner_url})
    monkeypatch.setattr(command, "settings", lambda: chosen)
    assert command.main(["--email=Erste@Stadt.example", "--name=Erste", "--region=stadt"]) == 0
    said = capsys.readouterr().out
    path = re.search(r"https://stadt.example(/pflege/einladung/[\w-]+)", said)
    assert path
    browser = Browser(database)
    assert browser.post(path[1], name="Erste", kennwort=NEW, noch_einmal=NEW).status_code == 303
    assert browser.get("/pflege/konten").status_code == 200
    assert command.main([]) == 0
    assert re.search(r"stadt +erste@stadt.example +admin\n", capsys.readouterr().out)
    assert command.main(["--email=erste@stadt.example", "--new=block"]) == 0
    assert browser.get("/pflege").status_code == 303
    assert command.main(["--email=niemand@stadt.example", "--new=link"]) == 1
    assert command.main(["--email=x@stadt.example", "--region=gibtsnicht"]) == 1
