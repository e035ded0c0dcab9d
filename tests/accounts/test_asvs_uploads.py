"""OWASP ASVS 5.0, chapter 5: files that come in; each test names its requirement."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.accounts.models import Role
from tests.factories import box, make_division, make_region, make_space
from tests.importers.hostile import files
from tests.web.importing import PAGES, Coordinator, jobs


@pytest.fixture
def somebody(database: Engine) -> Coordinator:
    """Somebody who may bring in lists."""
    with Session(database) as session, session.begin():
        region = make_region(session, slug="hier")
        make_space(session, make_division(session, region), "1", box(13.4, 52.4, 13.6, 52.6))
    return Coordinator(database).enter()


def test_v5_2_1_to_v5_2_3_what_is_not_what_it_says_or_grows_too_large_is_refused(
    somebody: Coordinator,
) -> None:
    """V5.2.1, V5.2.2 and V5.2.3: content decides, sizes are checked before unpacking."""
    for name, content in (
        ("liste.xlsx", files.lying()),
        ("liste.kmz", files.bomb()),
        ("liste.ods", files.many_members()),
        ("liste.csv", b"%PDF-1.7 \x00\x01"),
        ("liste.json", b"<html><script>alert(1)</script>"),
        ("liste.ods", b"MZ\x90\x00\x03"),
    ):
        path = somebody.bring(content, name)
        shown = somebody.get(path)
        assert "Es ist nichts gespeichert" in shown.text, name
        assert "alert(1)" not in shown.text


def test_v5_3_2_v5_4_1_and_v5_4_2_names_of_files_lead_nowhere(somebody: Coordinator) -> None:
    """V5.3.1, V5.3.2, V5.4.1 and V5.4.2: what was sent is never handed out, reports have names of ours."""
    path = somebody.bring(name='../../etc/x"\r\nSet-Cookie: a=b;.csv')
    for kind, media in (("txt", "text/plain"), ("json", "application/x-ndjson")):
        answer = somebody.get(f"{path}/bericht.{kind}")
        assert answer.headers["content-type"].startswith(media)
        disposition = answer.headers.get("content-disposition", "attachment")
        assert disposition.startswith("attachment")
        assert "etc" not in disposition
        assert "set-cookie" not in answer.headers
    assert "/" not in somebody.job().file_name


def test_who_may_not_bring_lists_sends_nothing(somebody: Coordinator) -> None:
    """V8.2.1: refused before anything is kept."""
    coach = Coordinator(somebody.engine, network="203.0.113.9").enter(Role.COACH)
    body = {"formular": coach.browser.proof("/pflege")}
    answer = coach.client.post(f"{PAGES}/datei", data=body, files={"datei": ("a.csv", b"a;b\n1;2")})
    assert (answer.status_code, jobs(somebody.engine)) == (403, 0)
