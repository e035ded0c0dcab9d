"""Lists by who helps: switched in the address, numbered through, and hiding nothing."""

import re

import pytest
from starlette.testclient import TestClient

from tests.web.test_pages import offers_on

WORDS = {2: "Nachbarschaft und Selbsthilfe", 3: "Vereine und Treffpunkte", 4: "Beratung und Ämter"}
FIRST = "stadtteil=fennpfuhl"


def everything(visitor: TestClient, question: str) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    """Return offers, numbers, and (level, offers below its heading) over all pages of a list."""
    offers: list[int] = []
    numbers: list[int] = []
    parts: list[tuple[int, int]] = []
    page = 1
    while True:
        answer = visitor.get(f"/angebote?{question}&seite={page}")
        if answer.status_code == 422:
            return offers, numbers, parts
        text = answer.text[answer.text.index('id="liste"') :].split('class="neighbours"')[0]
        offers += offers_on(text)
        numbers += map(int, re.findall(r'data-number="(\d+)"', text))
        pieces = re.split(r'<h2 id="ebene-(\d)"', text)
        parts += [
            (int(level), len(offers_on(piece)))
            for level, piece in zip(pieces[1::2], pieces[2::2], strict=True)
        ]
        page += 1


@pytest.mark.parametrize("question", [FIRST, "q=beratung kinder", f"{FIRST}&ebene=4&ebene=3&sort=geprueft"])
def test_groups_hold_all_offers_in_one_order(visitor: TestClient, question: str) -> None:
    mixed, _, _ = everything(visitor, question)
    offers, numbers, parts = everything(visitor, f"{question}&gruppe=ebene")
    assert sorted(offers) == sorted(mixed)
    assert len(offers) == len(set(offers)) > 20
    assert numbers == list(range(1, len(offers) + 1))
    levels = [level for level, count in parts for _ in range(count)]
    assert levels == sorted(levels)
    for level, word in WORDS.items():
        # The same order within: what the question finds best, or as it is sorted.
        own = [offer for offer, one in zip(offers, levels, strict=True) if one == level]
        assert own == [offer for offer in mixed if offer in own]
        begins = re.search(
            rf'href="([^"]*)#ebene-{level}">{word} <span class="count">(\d+)<',
            visitor.get(f"/angebote?{question}&gruppe=ebene").text,
        )
        assert bool(begins) == bool(own)
        if begins:
            assert int(begins[2]) == len(own)
            shown = visitor.get("/angebote" + begins[1].replace("&amp;", "&")).text
            assert f'data-offer="{own[0]}"' in shown.partition(f'id="ebene-{level}"')[2]
    said = {"space": "lor:110306"} if question == FIRST else {}
    if said:
        found = visitor.get("/api/v1/offers", params={**said, "group": "level", "per_page": 200}).json()
        assert [one["id"] for one in found["results"]] == offers


def test_the_switch_works_both_ways_and_the_words_are_always_there(visitor: TestClient) -> None:
    text = visitor.get(f"/angebote?{FIRST}&seite=2").text
    grouped = f'<a href="?{FIRST}&amp;gruppe=ebene" >Wer hilft</a>'
    assert grouped in text
    words = sum(text.count(f"<span>{word}</span></li>") for word in WORDS.values())
    assert words == len(offers_on(text)) > 10
    text = visitor.get(f"/angebote?{FIRST}&gruppe=ebene").text
    assert re.search(rf'<a href="\?{FIRST}" >Alles zusammen</a>', text)
    assert "Ihre Rechte bleiben" in text
    assert '<input type="hidden" name="gruppe" value="ebene">' in text
    assert "ohne „ebene" not in text
    for address in re.findall(r'href="([^"]*(?:woche|einbetten|atom)[^"]*)"', text):
        assert "gruppe" not in address
    turkish = visitor.get(f"/tr/angebote?{FIRST}&gruppe=ebene").text
    assert "Alles zusammen" not in turkish
    assert not any(word in turkish for word in WORDS.values())


def test_numbers_to_call_stay_above_every_group(visitor: TestClient) -> None:
    text = visitor.get("/angebote?thema=gewalt&gruppe=ebene").text
    assert text.index("Hier bekommen Sie sofort Hilfe") < text.index('id="liste"') < text.index('id="ebene-')


def test_another_group_is_explained(visitor: TestClient) -> None:
    answer = visitor.get("/angebote?gruppe=quatsch")
    assert (answer.status_code, "Möglich ist „ebene“" in answer.text) == (422, True)
    assert visitor.get("/api/v1/offers?group=quatsch").status_code == 422
