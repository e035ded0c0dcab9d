"""What names, numbers and addresses say when two entries are compared, one normalisation after the other."""

import pytest

from importers.matching.contacts import mail_key, phone_keys, web_key
from importers.matching.evidence import Evidence, weigh
from importers.matching.facts import of_record
from importers.matching.names import Alike, compare, read
from importers.matching.verdicts import Verdict, judge
from importers.record import Record

CORNER = {"lon": 13.5, "lat": 52.5}


def alike(one: str, other: str, districts: tuple[str, ...] = ()) -> Alike:
    return compare(read(one, districts), read(other, districts))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('JFE "Orange Flip"', "Orange Flip"),
        ("Nachbarschaftshaus Kiezspinne e. V.", "Nachbarschaftshaus „Kiezspinne“"),
        ("Straße für Äpfel gGmbH", "Strasse fuer Aepfel"),
        ("Kita Sonne g GmbH", "Kindertagesstätte Sonne"),
        ("Kita Baikalstr. 2", "Kita Baikalstraße 2"),
        ("Kita Rübchen", "Kita RÃ¼bchen"),
        ("Die Arche", "Arche"),
        ("Kita II Sonne", "Kita 2 Sonne"),
        ("Zweite Chance", "2. Chance"),
        ("Haus Sonne I", "Haus Sonne 1"),
        ("Arbeiterwohlfahrt Kita Regenbogen", "AWO-Kita Regenbogen"),
        ("Deutsches Rotes Kreuz Kleiderkammer", "DRK Kleiderkammer"),
        ("Arbeiter-Samariter-Bund Sozialstation", "ASB-Sozialstation"),
        ("Eltern-Kind-Zentrum Käferhaus", "EKiZ Käferhaus"),
        ("Volkshochschule Unna", "VHS Unna"),
        ("Evangelische Kirche St. Markus", "Ev. Kirche Sankt Markus"),
        ("SportJugendClub", "Sport-Jugend-Club"),
        ("JuKiTreff", "Ju-Ki-Treff"),
        ("Sonnenhof, Kita", "Kita Sonnenhof"),
        ("Quatschtrommel Berlin", "Quatschtrommel"),
        ("Kita Haus 4 a", "Kita Haus 4a"),
    ],
)
def test_finds_names_the_same_however_lists_write_them(one: str, other: str) -> None:
    assert alike(one, other) == Alike.SAME
    first, second = read(one), read(other)
    assert first.numbers == second.numbers
    assert not first.kinds or not second.kinds or first.kinds == second.kinds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kita Phantasialand", "Kita Phantaasialand"),
        ("Haus Phantasialand", "Haus Phantaasialand"),
        ("Schwangerenberatungsstelle", "Beratungsstelle für Schwangere"),
        ("Beratungsstelle für Schwangere", "Schwangerenberatungsstelle"),
        ("Schülerclub Lichtpunkt", "Schulerclub Lichtpunt"),
    ],
)
def test_forgives_typing_errors_and_takes_compounds_apart(one: str, other: str) -> None:
    assert alike(one, other) == Alike.NEARLY
    assert read(one).kinds == read(other).kinds


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kita Sonne", "Kita Mond"),
        ("Sporthalle", "Bibliothek"),
        ("Jugendclub Nord", "Jugendclub Süd"),
        ("Kurs A1", "Kurs B1"),
        ("Yoga am Montag", "Tanz am Dienstag"),
        ("WB13", "WB14"),
        ("Jahrgang WB2024", "Jahrgang WB2025"),
        ("Kita", "Kita Sonne"),
    ],
)
def test_finds_neighbours_not_alike(one: str, other: str) -> None:
    assert alike(one, other) in (Alike.OTHER, Alike.PARTLY)


def test_districts_may_be_missing_and_not_differ() -> None:
    places = ("karlshorst", "fennpfuhl", "nord")
    assert alike("Quatschtrommel Karlshorst", "Quatschtrommel", places) == Alike.SAME
    assert alike("Quatschtrommel Karlshorst", "Quatschtrommel") == Alike.PART
    assert alike("BENN Nord", "BENN", places) == Alike.PART
    one, other = (Record(name=f"BENN {name.title()}", **CORNER) for name in places[:2])
    assert verdict(one, other, places) == Verdict.DOUBTFUL


def test_a_provider_in_the_name_is_no_other_name() -> None:
    one = Record(name="Kita Wartenberger Str. (Kindergärten NordOst)", **CORNER)
    other = Record(name="Kita Wartenberger Str.", organization="Kindergärten NordOst", **CORNER)
    assert verdict(one, other) == Verdict.CERTAIN


@pytest.mark.parametrize(
    "written",
    [
        "030 5123080", "030/512 30 80", "(030) 5123080", "+49305123080", "+49 30 5123080", "0049 30 5123080",
        "+49 (0)30 5123080", "0049 (0)30 512-3080", "Tel.: 030 5123080", "030 5123080, Fax: 030 5123081",
    ],
)  # fmt: skip
def test_reads_one_number_in_all_its_forms(written: str) -> None:
    assert phone_keys(written) == {"49305123080"}


def test_reads_all_numbers_of_a_cell() -> None:
    assert phone_keys("030 5123080 oder 0177 4317390") == {"49305123080", "491774317390"}
    assert phone_keys(None) == frozenset()


@pytest.mark.parametrize(
    "written",
    [
        "http://haus.example/kita", "https://www.haus.example/kita/", "HTTPS://Haus.Example/Kita?von=liste",
        "https://haus.example/kita/index.html", "www.haus.example/kita#oben",
    ],
)  # fmt: skip
def test_compares_web_addresses_without_what_says_nothing(written: str) -> None:
    assert web_key(written) == "haus.example/kita"


def test_compares_mail_addresses_without_case() -> None:
    assert mail_key("mailto:Info@Haus.example") == "info@haus.example"


def look(one: Record, other: Record, districts: tuple[str, ...] = ()) -> Evidence:
    return weigh(of_record(one, districts), of_record(other, districts))


def verdict(one: Record, other: Record, districts: tuple[str, ...] = ()) -> Verdict:
    return judge(look(one, other, districts))


def pair(name: str, other: str, **both: object) -> tuple[Record, Record]:
    return tuple(Record.model_validate({"name": it, **CORNER, **both}) for it in (name, other))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Kita 1", "Kita 2"),
        ("Kita Sonne I", "Kita Sonne drei"),
        ("Kita Weiße Taube 1", "Kita Weiße Taube 2"),
        ("Nachhilfe", "Elterncafé"),
        ("Krabbelgruppe 0–1 Jahr", "Krabbelgruppe 1–3 Jahre"),
    ],
)
def test_offers_of_one_house_and_one_number_stay_several(name: str, other: str) -> None:
    both = {"phone": "030 5123080", "email": "a@haus.example", "organization": "Haus e. V."}
    assert verdict(*pair(name, other, **both)) == Verdict.NEW


def test_a_kita_and_a_club_of_one_name_are_at_most_asked_about() -> None:
    both = {"phone": "030 5123080", "email": "a@haus.example"}
    assert verdict(*pair("Kita Märcheninsel", "Kinderclub Märcheninsel", **both)) == Verdict.DOUBTFUL


def test_what_takes_place_in_a_house_is_not_the_house() -> None:
    one, other = pair("Elterncafé im Nachbarschaftshaus Kiezspinne", "Nachbarschaftshaus Kiezspinne")
    assert "findet wohl im anderen statt" in look(one, other).sentence
    both = {"phone": "030 5123080"}
    assert verdict(one.model_copy(update=both), other.model_copy(update=both)) == Verdict.NEW


def test_a_number_in_one_name_only_is_asked_about() -> None:
    assert verdict(*pair("Kita Rübchen", "Kita Rübchen II")) == Verdict.DOUBTFUL


def test_a_branch_in_another_street_is_another_offer() -> None:
    one, other = pair("Schuldnerberatung Neustart", "Schuldnerberatung Neustart", website="https://a.example")
    assert verdict(one, other) == Verdict.CERTAIN
    far = other.model_copy(update={"lat": 52.51})
    assert verdict(one, far) == Verdict.NEW


def test_the_same_name_elsewhere_is_linked_by_its_address_alone() -> None:
    address = {"lon": None, "lat": None, "street": "Rudolf-Seiffert-Straße 50 a", "postcode": "10369"}
    one, other = pair("Willi Säger", "JFE Willi Säger", **address)
    abbreviated = other.model_copy(update={"street": "Rudolf-Seiffert Str. 50a"})
    assert verdict(one, abbreviated) == Verdict.CERTAIN
    for change in ({"street": "Rudolf-Seiffert-Str. 52"}, {"postcode": "10115"}, {"street": "Parkaue 50a"}):
        assert verdict(one, other.model_copy(update=change)) == Verdict.NEW


def test_a_range_of_house_numbers_is_one_address() -> None:
    address = {"lon": None, "lat": None, "postcode": "13051"}
    one, other = pair("Grashalm", "Grashalm", **address)
    one, other = (
        it.model_copy(update={"street": street})
        for it, street in ((one, "Am Berl 8-10"), (other, "Am Berl 9"))
    )
    assert verdict(one, other) == Verdict.CERTAIN


def test_the_same_name_alone_is_only_asked_about() -> None:
    nowhere = {"lon": None, "lat": None}
    assert verdict(*pair("Willi Säger", "Willi Säger", **nowhere)) == Verdict.DOUBTFUL
    assert verdict(*pair("Willi Säger", "Willi Säger", **nowhere, email="a@b.example")) == Verdict.CERTAIN


def test_a_hidden_address_says_nothing_and_is_never_linked() -> None:
    one, other = pair("Zuflucht", "Zuflucht", phone="030 5123080", street="Weg 1")
    hidden = other.model_copy(update={"address_hidden": True})
    said = look(one, hidden)
    assert said.metres is None
    assert "entfernt" not in said.sentence
    assert "Adresse" not in said.sentence
    assert judge(said, is_hidden=True) == Verdict.DOUBTFUL
    without = hidden.model_copy(update={"phone": None})
    assert judge(look(one, without), is_hidden=True) == Verdict.NEW


def test_every_reason_is_said_in_words() -> None:
    one, other = pair("Flip", "Flip", phone="030 5123080", email="a@b.example", website="https://b.example")
    assert look(one, other.model_copy(update={"lat": 52.5003})).sentence == (
        "Name gleich, gleiche Telefonnummer, 33 m entfernt, gleiche Mailadresse, gleiche Internetadresse"
    )
