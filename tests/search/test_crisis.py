"""Words that say a crisis are heard in six tongues; words that only look like them are not."""

import pytest

from api.search import crisis

LIFE, VIOLENCE = ["crisis", "emergency"], ["violence", "emergency"]
ABUSE = ["abuse", "violence", "emergency"]


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("ich will nicht mehr leben", LIFE),
        ("Suizidgedanken", LIFE),
        ("SELBSTMORD", LIFE),
        ("mich umbringen", LIFE),
        ("want to die", LIFE),
        ("kill myself", LIFE),
        ("intihar", LIFE),
        ("yaşamak istemiyorum", LIFE),
        ("أريد أن أموت", LIFE),
        ("انتحار", LIFE),
        ("не хочу жити", LIFE),
        ("самогубство", LIFE),
        ("не хочу жить", LIFE),
        ("mein Mann schlägt mich", VIOLENCE),
        ("mein mann schlaegt mich", VIOLENCE),
        ("Gewalt", VIOLENCE),
        ("häusliche Gewalt Hilfe", VIOLENCE),
        ("Frauenhaus", VIOLENCE),
        ("my husband hits me", VIOLENCE),
        ("kocam beni dövüyor", VIOLENCE),
        ("زوجي يضربني", VIOLENCE),
        ("мене б’є чоловік", VIOLENCE),
        ("домашнє насильство", VIOLENCE),
        ("vergewaltigt", ABUSE),
        ("Vergewaltigung", ABUSE),
        ("raped", ABUSE),
        ("tecavüz", ABUSE),
        ("اغتصاب", ABUSE),
        ("зґвалтування", ABUSE),
        ("Notruf", ["emergency", "medical", "poison"]),
    ],
)
def test_a_crisis_is_heard(said: str, kinds: list[str]) -> None:
    assert crisis.kinds(said) == kinds


@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "Schlagzeug lernen",
        "Schlagzeug spielen mit meinem Sohn",
        "Lebensmittel",
        "Lebensmittel umsonst",
        "Lebenshilfe",
        "nicht mehr arbeiten",
        "mehr leben in der Bude",
        "gewaltfreie Kommunikation",
        "Verwaltung",
        "Hausverwaltung",
        "Sterbebegleitung",
        "Trauer",
        "Schlagerabend",
        "Missverständnis",
        "Notfallbetreuung Kita",
        "Rapsfeld",
        "Umbringer",
        "Selbsthilfe",
        "Umzug mit Kindern",
        "Kita",
        "life skills",
        "dövme",
        "حياة",
        "життя",
        "🙂",
        "\x00",
        "%_'\"",
    ],
)
def test_a_false_friend_is_no_crisis(said: str) -> None:
    assert crisis.kinds(said) == []


def test_two_crises_are_heard_together() -> None:
    assert crisis.kinds("er schlägt mich, ich will nicht mehr leben") == ["crisis", "emergency", "violence"]


def test_a_very_long_question_is_cut_not_refused() -> None:
    assert crisis.kinds("wort " * 5000 + "suizid") == []
    assert crisis.kinds("suizid " + "wort " * 5000) == LIFE
