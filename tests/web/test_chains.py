"""Help chains as everybody reads them: link by link, in a Stadtteil or anywhere; gaps say what to do."""

import re

import pytest
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from api.chains import finding, service
from api.core.languages import LANGUAGES
from api.regions import service as regions
from api.spaces import service as spaces
from tests.web.test_pages import offers_on
from web.plan.form import Form

BIRTH = "/hilfekette/von-der-geburt-bis-zur-kita"


@pytest.mark.parametrize("prefix", ["", *(f"/{code}" for code in LANGUAGES if code != "de")])
def test_chains_are_read_in_every_language(visitor: TestClient, prefix: str) -> None:
    listed = visitor.get(f"{prefix}/hilfeketten").text
    assert len(re.findall(r'<li class="card chain-card">', listed)) == 3
    shown = visitor.get(prefix + BIRTH).text
    assert shown.count('<li class="chain-step"') == 5
    is_german = prefix in {"", "/de-simple"}
    assert ("Ein Platz in der Kita" in shown) == is_german
    assert ("Rufen Sie an." in shown) == is_german


def test_each_link_has_the_nearest_and_leads_to_the_list(visitor: TestClient, demo: Engine) -> None:
    with Session(demo) as session:
        region = regions.get(session, "lichtenberg")
        chain = service.by_slug(session, region, BIRTH.rpartition("/")[2])
        for space in [None, *spaces.resident_spaces(session, region)]:
            expected = finding.steps(session, region, chain, space, None, 3)
            address = f"{BIRTH}?stadtteil={space.slug}" if space else BIRTH
            text = visitor.get(address).text
            parts = text.split('<li class="chain-step"')[1:]
            assert len(parts) == len(expected)
            for part, step in zip(parts, expected, strict=True):
                assert len(offers_on(part)) == min(3, step.in_reach) + len(step.further), address
                assert ("chain-gap" in part) == step.is_gap
                assert ("Hier kennen wir noch nichts in der Nähe." in part) == (step.is_gap and bool(space))
                assert (">Mehr Angebote dazu<" in part) == (step.in_reach > 3)
            gaps = sum(step.is_gap for step in expected)
            assert text.count("Kennen Sie ein Angebot, das hier fehlt?") == gaps
        links = re.findall(r'class="chain-all" href="([^"]+)"', text)
        assert links
        for link in links:
            assert visitor.get(link.replace("&amp;", "&")).status_code == 200
    for wrong in (f"{BIRTH}?stadtteil=atlantis", "/hilfekette/nix", "/hilfekette/ke%00tte"):
        assert visitor.get(wrong).status_code == 404


def test_a_chain_fills_the_form_of_a_plan(visitor: TestClient) -> None:
    text = visitor.get(f"{BIRTH}?stadtteil=fennpfuhl").text
    form = text[text.index('action="/plan"') :].partition("</form>")[0]
    fields = dict(re.findall(r'<input type="\w+" name="([\w-]+)" value="([^"]*)"', form))
    assert fields.pop("schritt") == "form"
    assert fields["stadtteil"] == "fennpfuhl"
    said = Form.of(QueryParams(fields))
    assert [row.topic for row in said.worries] == [
        "fruehe-hilfen",
        "elterncafe",
        "buergergeld",
        "erziehungsberatung",
        "kita",
    ]
    assert said.space == "fennpfuhl"
    answer = visitor.post("/plan", data={"schritt": "form", **fields})
    assert answer.status_code == 200
    for topic in ("fruehe-hilfen", "kita"):
        assert re.search(rf'<option value="{topic}"\s+selected', answer.text)


def test_regions_without_chains_say_so(visitor: TestClient) -> None:
    answer = visitor.get("/hilfeketten", headers={"host": "unna.localhost"})
    assert (answer.status_code, "Hier steht noch nichts." in answer.text) == (200, True)
    assert visitor.get(BIRTH, headers={"host": "unna.localhost"}).status_code == 404
