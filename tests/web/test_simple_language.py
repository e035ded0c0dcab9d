"""Texts in Einfache Sprache follow its rules, as far as a program can see."""

import tomllib

import pytest

from api.core.build import ROOT
from tests.web.catalogues import catalogue, forms, messages
from tests.web.simple import broken
from tests.web.test_catalogues import said

CODE = "de-simple"
# Texts that may break a rule, by their German text: labels where a second sentence has no room.
ALLOWED = {
    "Thema (freiwillig)": {"semicolon or dash"},
    "Wann? (freiwillig)": {"semicolon or dash"},
    "Was noch wichtig ist (freiwillig)": {"semicolon or dash"},
    "Wie ist es richtig? (freiwillig)": {"semicolon or dash"},
    "Wo ist es? (freiwillig)": {"semicolon or dash"},
    "Telefon oder Internetseite des Angebots (freiwillig)": {"semicolon or dash"},
    "Adresse geheim – bitte anrufen": {"semicolon or dash"},
    "Nicht geprüft – bitte vorher anrufen": {"semicolon or dash"},
    "Lange nicht geprüft – bitte vorher anrufen": {"semicolon or dash"},
}


def test_every_text_follows_the_rules_or_is_known_not_to() -> None:
    found = {
        forms(message.id)[0]: rules
        for message in messages(CODE)
        if (rules := {rule for form in forms(message.string) for rule in broken(form)})
    }
    new = [f"{text}: {sorted(rules)}" for text, rules in found.items() if rules - ALLOWED.get(text, set())]
    assert not new, said(CODE, new, "texts that are not simple")
    healed = [text for text, rules in ALLOWED.items() if rules - found.get(text, set())]
    assert not healed, said(CODE, healed, "texts that need no exception any more")


def test_names_of_topics_and_audiences_follow_the_rules() -> None:
    folder = ROOT / "data" / "taxonomy"
    topics = tomllib.loads((folder / "topics.toml").read_text(encoding="utf-8"))["topics"]
    audiences = tomllib.loads((folder / "audiences.toml").read_text(encoding="utf-8"))["audiences"]
    every = [*audiences, *(one for topic in topics for one in (topic, *topic.get("children", ())))]
    names = [one[CODE] for one in every]
    assert [name for name in names if set(broken(name)) - {"brackets"} or len(name.split()) > 6] == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Die Öffnungszeiten des Amtes finden Sie auf der Seite unten rechts.", "genitive"),
        ("Der Antrag wird vom Amt geprüft.", "passive"),
        ("Ihre Angaben werden nicht gespeichert.", "passive"),
        ("Sie könnten auch anrufen.", "conjunctive"),
        ("Rufen Sie an (oder kommen Sie vorbei).", "brackets"),
        ("Rufen Sie an – ein Mensch hilft.", "semicolon or dash"),
        ("Hilfe, z. B. bei Schulden.", "abbreviation"),
        (
            "Hier finden Sie Hilfe und Beratung und Kurse und Treffpunkte für alle Menschen im Ort.",
            "long sentence",
        ),
    ],
)
def test_the_rules_find_what_is_not_simple(text: str, rule: str) -> None:
    assert rule in set(broken(text))


@pytest.mark.parametrize(
    "text",
    [
        "Rufen Sie an. Ein Mensch hilft Ihnen.",
        "Am 1. Mai ist zu.",
        "Die Karte ist gleich da.",
        "Es gibt %(num)s Angebote.",
    ],
)
def test_the_rules_leave_simple_texts_alone(text: str) -> None:
    assert list(broken(text)) == []


def test_there_are_texts_to_look_at() -> None:
    assert len(catalogue(CODE)) > 100
