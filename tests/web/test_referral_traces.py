"""What lists leave behind: nothing that a visitor has said, and nothing in them but what is public."""

import io
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.testclient import TestClient

from api.core.settings import settings
from api.offers import service as offers
from api.offers.models import Offer
from api.regions.models import Region
from tests.factories import act
from tests.markers import watched
from tests.web.referral import HOST, city, fields, made
from tests.web.test_merkliste import memory_of
from web.main import create_app

FORMS = ("", ".pdf", ".ics", "/karte", "/loeschen")
HEADERS = (
    "accept-language",
    "cookie",
    "forwarded",
    "from",
    "if-none-match",
    "referer",
    "user-agent",
    "x-forwarded-for",
    "x-marker",
)


def test_no_word_of_a_visitor_is_found_again(
    database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = city(database)
    chosen = settings().model_copy(update={"access_log": True, "index_dir": tmp_path / "index"})
    headers = {name: f"zzkopf{number}zz" for number, name in enumerate(HEADERS)}
    said = [*headers.values()]
    headers["referer"] = f"{HOST}/{headers['referer']}"  # or it would be refused

    def marked(where: str) -> str:
        said.append(f"zz{where}{len(said)}zz")
        return said[-1]

    with (
        watched(database, tmp_path, monkeypatch) as traces,
        TestClient(create_app(database, chosen), base_url=HOST, headers=headers) as visitor,
    ):
        visitor.get(f"/angebote?q={marked('suche')}")  # there is an index, and it has files
        entries = [("o", ids["Rat"]), ("o", ids["Chor"]), ("n", "0:call_first")]
        for path in ("/liste", "/liste/neu"):
            visitor.get(f"{path}?o={marked('frage')}")
            for name in ("o", "n", "do", "sprache", "notiz", marked("feld")):
                visitor.post(f"{path}?x={marked('frage')}", **fields(*entries, (name, marked("wert"))))
        code = made(visitor, *entries)
        said.append(code)
        for prefix in ("", "/tr"):
            for form in FORMS:
                visitor.get(f"{prefix}/liste/{code}{form}?fuer={marked('frage')}&{marked('frage')}=1")
                visitor.get(f"{prefix}/liste/{marked('code')}{form}")
        visitor.post(f"/liste/{marked('code')}/loeschen", **fields(("x", marked("wert"))))
        visitor.post(
            f"/liste/{code}/antwort", **fields(("antwort", marked("wert")), ("position", marked("wert")))
        )
        visitor.post(f"/liste/{code}/antwort", **fields(("antwort", "full"), ("position", "1")))
        assert memory_of(visitor) <= 1  # the search at the beginning
    # The service has ended: what it had counted is written as well.
    assert traces.of(said) == []
    assert traces.of(["/liste/…"]) == ["/liste/… in the log"]  # it was looked at in the right places
    assert traces.of(["Marktweg 7"])


def test_a_leaked_code_reveals_only_what_is_public(database: Engine) -> None:
    ids = city(database)
    hidden = ("Geheimweg", "61357", "030 66", "Entwurf", "Zurückgezogen")
    with TestClient(create_app(database), base_url=HOST) as visitor:
        code = made(visitor, *(("o", ids[name]) for name in ("Rat", "Schutz", "Chor", "Entwurf")))
        with Session(database) as session, session.begin():
            offer = session.get_one(Offer, ids["Chor"])
            region = session.get_one(Region, offer.region_id)
            offers.change(session, act(region), offer, {"name": "Zurückgezogen", "status": "draft"})
        for prefix in ("", "/ar"):
            for form in FORMS:
                answer = visitor.get(f"{prefix}/liste/{code}{form}")
                assert answer.status_code == 200
                found = answer.text
                if form == ".pdf":
                    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
                    found = " ".join(page.extract_text() for page in pages)
                assert [word for word in hidden if word in found] == []
                assert "set-cookie" not in answer.headers
                for offer_name in ("Rat", "Schutz") if form in {"", ".pdf", "/karte"} else ():
                    assert offer_name in found
