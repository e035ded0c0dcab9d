"""Cells become values; whatever cannot be used is dropped with its reason, or the row is refused."""

from typing import Any

import pytest

from importers import contacts
from importers.cells import Vocabulary
from importers.errors import UnusableError
from importers.mapping import Mapping
from importers.normalize import Normalizer, check_words
from importers.readers.row import Row
from importers.record import Entry, Record
from importers.values import as_text, boolean, number, url
from tests.importers import sample

WORDS = Vocabulary(frozenset({"freizeit", "kita", "sport"}), frozenset({"familien"}), frozenset({"lor:1"}))
EVERY = {field: field for field in Record.model_fields}


def understood(told: Mapping | None = None, /, **cells: object) -> Entry:
    told = told or sample.mapping(fields=EVERY, defaults={})
    return Normalizer(told, WORDS).entry(Row(2, {"id": "1", "name": "Treff", **cells}))


def value(field: str, cell: object) -> object:
    record = understood(**{field: cell}).record
    assert record is not None
    return record.model_dump(mode="json")[field]


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("name", "  Zwei \u00a0 Worte\u200b ", "Zwei Worte"),
        ("description", "eins \r\nzwei\x00", "eins\nzwei"),
        ("street", "k.A.", None),
        ("postcode", 10369.0, "10369"),
        ("postcode", "D-10369", "10369"),
        ("website", "www.a.de", "http://www.a.de"),
        ("website", "HTTPS://a.de/B ", "https://a.de/B"),
        ("website", "http://a.de/ www.b.de", "http://a.de/"),
        ("min_age", "ab 6 Jahren", 6),
        ("min_age", "6,0", 6),
        ("cost", "Kostenlos", "free"),
        ("access", "ohne Termin", "walk_in"),
        ("wheelchair", "eingeschränkt", "partly"),
        ("outreach", "ja", True),
        ("languages", "Deutsch, Türkisch; uk", ["de", "tr", "uk"]),
        ("languages", ["de", "zh-hant"], ["de", "zh-hant"]),
        ("resource_level", "4", 4),
        ("serves", "lor:1", ["lor:1"]),
        ("topics", "kita; sport", ["kita", "sport"]),
        ("phone", "Tel. 030 / 123 45 67", "030 / 123 45 67"),
        ("email", "mailto:info@a.de", "info@a.de"),
    ],
)
def test_brings_cells_in_order(field: str, cell: object, expected: object) -> None:
    assert value(field, cell) == expected


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [
        ("website", "http://www.tierparkclub,de", "keine Internetadresse"),
        ("website", "javascript:alert(1)", "keine Internetadresse"),
        ("website", "http://a b", "keine Internetadresse"),
        ("email", "info@zwei_worte.de", "keine Mailadresse"),
        ("email", "erika.mustermann@verein.de", "nennt eine Person"),
        ("phone", "bitte fragen", "keine Telefonnummer"),
        ("postcode", "1036", "keine Postleitzahl aus fünf Ziffern"),
        ("max_age", "130", "kein Alter"),
        ("max_age", "6 bis 12", "kein Alter"),
        ("cost", "günstig", "unbekannt; möglich sind"),
        ("languages", "Klingonisch (fließend)", "unbekannte Sprache"),
    ],
)
def test_drops_a_value_with_its_reason_and_takes_the_row(field: str, cell: str, reason: str) -> None:
    entry = understood(**{field: cell})
    assert entry.record is not None
    assert not entry.failed
    assert [problem.field for problem in entry.problems] == [field]
    assert reason in entry.problems[0].reason
    assert entry.record.model_dump()[field] == Record.model_fields[field].get_default(
        call_default_factory=True
    )


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"name": " "}, "name", "Der Name fehlt"),
        ({"name": "x" * 201}, "name", "länger als 200 Zeichen"),
        ({"cost_note": "x" * 301}, "cost_note", "länger als 300 Zeichen"),
        ({"lon": "13,5", "lat": "x"}, "lat", "keine Zahl"),
        ({"lon": "13,5"}, "lat", "nur eine da"),
        ({"lon": "52,5", "lat": "13,5"}, "lon", "vertauscht"),
        ({"lon": "396443", "lat": "5819453"}, "lon", "keine Koordinaten in Grad"),
        ({"lon": "inf", "lat": "5"}, "lon", "keine Zahl"),
        ({"topics": "kitta"}, "topics", "„kitta“ gibt es nicht"),
        ({"audiences": "alle"}, "audiences", "„alle“ gibt es nicht"),
        ({"serves": "lor:9"}, "serves", "„lor:9“ gibt es nicht"),
        ({"address_hidden": "vielleicht"}, "address_hidden", "weder ja noch nein"),
        ({"resource_level": "1"}, "resource_level", "keine Ressourcenebene"),
        ({"id": ""}, "id", "Schlüssel der Zeile fehlt"),
    ],
)
def test_refuses_a_row_and_names_the_field(cells: dict[str, Any], field: str, reason: str) -> None:
    entry = understood(**cells)
    assert entry.failed
    assert [(problem.field, reason in problem.reason) for problem in entry.problems if problem.fatal] == [
        (field, True)
    ]


def test_keeps_further_phone_numbers_in_the_note_and_leaves_faxes_out() -> None:
    entry = understood(phone="030 5251434 oder 0163/825601, Fax: 030 999999", access_note="Bitte klingeln.")
    assert entry.record is not None
    assert entry.record.phone == "030 5251434"
    assert entry.record.access_note == "Bitte klingeln. Weitere Rufnummer: 0163/825601"


def test_keeps_a_short_second_ending_with_its_number() -> None:
    assert contacts.phones("030 97606063/64") == ["030 97606063/64"]
    assert contacts.phones("030 5125119/ 030 5123006") == ["030 5125119", "030 5123006"]


@pytest.mark.parametrize("mail", ["e.mustermann@a.de", "erika.mustermann@a.de", "m_muster@a.de"])
def test_recognises_addresses_that_name_a_person(mail: str) -> None:
    assert contacts.names_a_person(mail, "Treffpunkt")


@pytest.mark.parametrize(
    "mail", ["info@a.de", "kita.sonne@a.de", "mustermann@a.de", "villa.bunt@a.de", "b.1@a.de"]
)
def test_leaves_addresses_of_offices_alone(mail: str) -> None:
    assert not contacts.names_a_person(mail, "Villa Bunt")


def test_swaps_no_ages_but_drops_both() -> None:
    entry = understood(min_age="12", max_age="6")
    assert entry.record is not None
    assert (entry.record.min_age, entry.record.max_age) == (None, None)
    assert entry.problems[0].value == "12–6"


def test_gives_topics_by_rules_and_the_default_only_without_any() -> None:
    told = sample.mapping(
        fields={"name": "name"},
        rules=[
            {"columns": ["name"], "contains": ["FUSSBALL"], "topics": ["sport"]},
            {"column": "art", "equals": ["Übung"], "topics": ["kita"], "audiences": ["familien"]},
            {"column": "art", "empty": True, "audiences": ["familien"]},
        ],
    )
    found = [
        understood(told, name="Fußballtreff", art="x").record,
        understood(told, name="Treff", art="uebung").record,
        understood(told, name="Treff", art=None).record,
    ]
    assert [(record.topics, record.audiences) for record in found if record] == [
        (["sport"], []),
        (["kita"], ["familien"]),
        (["freizeit"], ["familien"]),
    ]


def test_leaves_rows_out_with_the_reason_of_the_mapping() -> None:
    told = sample.mapping(skip=[{"column": "plaetze", "equals": ["0"], "reason": "Keine Plätze."}])
    assert understood(told, plaetze=0).skipped == "Keine Plätze."
    assert not understood(told, plaetze=10).skipped


def test_governs_only_the_fields_that_the_mapping_names() -> None:
    record = understood(sample.mapping(fields={"name": "name", "street": "street"}), street="").record
    assert record is not None
    assert record.values() == {"name": "Treff", "street": None, "topics": ["freizeit"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"rules": [{"always": True, "topics": ["kitta"]}]},
        {"defaults": {"topics": ["kitta"]}},
        {"defaults": {"cost": "günstig"}},
    ],
)
def test_refuses_a_mapping_whose_own_words_are_unknown(changes: dict[str, Any]) -> None:
    with pytest.raises(UnusableError, match=r"x.toml: \[.*(„kitta“ gibt es nicht|unbekannt)"):
        check_words(sample.mapping(**changes), WORDS, "x.toml")


def test_hides_what_a_hidden_address_says_in_its_problems() -> None:
    entry = understood(address_hidden="ja", street="Geheimweg 7", postcode="Geheim", lon="52,1", lat="13,1")
    assert entry.failed
    assert {problem.field for problem in entry.problems} == {"postcode", "lon"}
    assert not any(problem.value for problem in entry.problems)


def test_values_that_python_could_misread_are_named() -> None:
    assert as_text(True) == "ja"
    assert boolean(0) is False
    assert number("13,5") == 13.5
    assert url("a.de.") == "http://a.de"
