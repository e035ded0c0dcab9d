"""What family plans leave behind: nothing."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from api.core.settings import settings
from tests.markers import watched
from tests.web.plan import asked, filled, offers, send
from tests.web.referral import HOST, city
from tests.web.test_merkliste import memory_of
from tests.web.test_referral_traces import HEADERS
from web.main import create_app

FIELDS = (
    *(f"sorge-{number}-{part}" for number in (1, 6) for part in ("thema", "wort", "angebot", "fuer")),
    *("alter", "sprache", "rollstuhl", "kostenlos", "stadtteil", "adresse", "punkt", "tag", "zeit", "alltag"),
    *("plan", "tun", "schritt", "o", "notiz"),
)


def test_no_word_of_a_family_is_found_again(
    database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city(database)
    chosen = settings().model_copy(update={"access_log": True, "index_dir": tmp_path / "index"})
    headers = {name: f"zzkopf{number}zz" for number, name in enumerate(HEADERS)}
    said = [*headers.values()]
    headers["sec-fetch-site"] = "same-origin"  # or none of the forms would be read

    def marked(where: str) -> str:
        said.append(f"zz{where}{len(said)}zz")
        return said[-1]

    with (
        watched(database, tmp_path, monkeypatch) as traces,
        TestClient(create_app(database, chosen), base_url=HOST, headers=headers) as visitor,
    ):
        visitor.get("/angebote?q=rat")  # there is an index, and it has files
        remembered = memory_of(visitor)
        for path in ("/plan", "/tr/plan"):
            visitor.get(f"{path}?q={marked('frage')}")
            for name in (*FIELDS, marked("feld")):
                pairs = [("sorge-1-wort", f"Rat {marked('sorge')}"), ("alter", "3"), (name, marked("wert"))]
                body = urlencode([pair for pair in pairs if pair[0] != name or pair == pairs[-1]])
                form = {"content-type": "application/x-www-form-urlencoded"}
                answer = visitor.post(f"{path}?x={marked('frage')}", content=body, headers=form)
                assert answer.status_code in {200, 422}
            found = asked(visitor, {"sorge-1-wort": "Rat", "sorge-2-wort": marked("sorge")}, path)
            assert offers(found)
            assert filled(found)["sorge-2-wort"] == [said[-1]]
        for question in (
            {"worries": [{"words": marked("sorge")}], "languages": ["tr"]},
            {"worries": [{"topic": marked("thema")}], "space": marked("ort")},
            {"worries": [], marked("feld"): marked("wert")},
        ):
            visitor.post(f"/api/v1/plans?x={marked('frage')}", json=question)
        assert memory_of(visitor) == remembered
    assert traces.of(said) == []
    assert traces.of(["POST /plan"]) == ["POST /plan in the log"]  # it was looked at in the right place


def test_a_hidden_address_stays_hidden_and_its_number_too(database: Engine) -> None:
    city(database)
    with TestClient(create_app(database), base_url=HOST) as visitor:
        for said in ({}, {"punkt": "13.614,52.614"}):
            page = send(visitor, {"sorge-1-wort": "Schutz", "sorge-2-wort": "Rat", **said})
            assert "Das geht nur am Telefon, oder die Adresse ist geheim." in page.text
            assert "Marktraum" in page.text or "Hofraum" in page.text
            for secret in ("Geheimweg", "61357", "030 66"):
                assert secret not in page.text
