"""Single cells, brought in order."""

import pytest

from importers import values


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('JFE "Tierparkclub / Naturzentrum“', "JFE „Tierparkclub / Naturzentrum“"),
        ('"Elternberatung in Alt Lichtenberg“', "Elternberatung in Alt Lichtenberg"),
        ('Familientreff " Familienfreizeit"', "Familientreff „Familienfreizeit“"),
        ("12' Hürdenlauf", "12' Hürdenlauf"),
        ('offen "', 'offen "'),
    ],
)
def test_names_get_german_quotes_in_pairs(written: str, name: str) -> None:
    assert values.title(written) == name


def test_a_long_summary_ends_after_a_whole_item() -> None:
    items = ", ".join(["Hausaufgabenhilfe", "Fußball"] * 20)
    short = values.summary(items)
    assert len(short) <= values.LONGEST_SUMMARY + 2
    assert short.endswith(("Hausaufgabenhilfe …", "Fußball …"))
    assert values.summary("Kurz und gut.") == "Kurz und gut."
