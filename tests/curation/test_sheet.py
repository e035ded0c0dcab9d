"""A whole entry as a sheet: what is read is what was written, and others stay as they are."""

from typing import Any

import pytest
from sqlmodel import Session, select

from api.core.errors import InvalidInputError
from api.curation import sheet
from api.curation.sheet_checks import checked, checked_value
from api.curation.sheet_difference import difference
from api.curation.sheet_fields import OFFER, PLACE, Changes, empty
from api.history.models import Revision
from api.offers.models import Offer, OfferAtPlace
from api.offers.schemas import OfferIn
from api.places.models import Place
from api.places.schemas import PlaceIn
from api.regions.models import Region
from tests.curation.sheets import by, contact, entry, line, only, place, point, told
from tests.factories import make_audience, make_offer, make_place, make_topic

CANCELLED = {"change": "cancelled", "on": "2026-01-12", "note": "Urlaub"}


@pytest.fixture(autouse=True)
def _words(session: Session) -> None:
    make_topic(session, "familie")
    make_audience(session, "eltern")


def change(session: Session, region: Region, offer: Offer, **new: Any) -> sheet.Applied:
    """Somebody saves a sheet with other fields; "places_45" stands for "places"."""
    before = sheet.read(session, offer)
    after, errors = checked({**before, **new}, before)
    assert errors == []
    applied = sheet.apply(session, by(region), offer, difference(before, after))
    session.expire_all()
    return applied


def test_what_is_read_is_what_was_written(session: Session, region: Region) -> None:
    said = told(
        summary="Ein Treff",
        topics=["familie"],
        audiences=["eltern"],
        languages=["de", "tr"],
        min_age=0,
        max_age=6,
        cost="free",
        organization="Verein e. V.",
        organization_website="https://verein.example",
        schedules=[line(deviations=[CANCELLED])],
        contacts={"new-1": contact(), "new-2": contact(label="Leitung", is_public=False)},
        places={"new-1": place(schedules=[line("FREQ=WEEKLY;BYDAY=TU")], note="2. Stock")},
    )
    read = sheet.read(session, sheet.create(session, by(region), said))
    for name in OFFER:
        assert read[name] == said[name], name
    assert list(read["contacts"].values()) == list(said["contacts"].values())
    assert list(read["places"].values()) == list(said["places"].values())


def test_every_field_of_an_offer_and_a_place_is_on_the_sheet() -> None:
    elsewhere = {"organization_id", "status", "paused_until", "is_example"}
    assert OfferIn.model_fields.keys() - OFFER.keys() == elsewhere
    assert PlaceIn.model_fields.keys() - PLACE.keys() == {"lon", "lat", "precision"}


def test_each_part_is_changed_by_itself_and_leaves_revisions(session: Session, region: Region) -> None:
    offer = entry(session, region, contacts={"new-1": contact()}, places={"new-1": place()})
    before = sheet.read(session, offer)
    (number, values), (there, _) = only(before["contacts"]), only(before["places"])
    revisions = len(session.exec(select(Revision)).all())
    change(session, region, offer, contacts={number: {**values, "phone": "030 2"}})
    change(session, region, offer, places={there: {**before["places"][there], "note": "Hinterhaus"}})
    after = sheet.read(session, offer)
    assert (after["contacts"][number]["phone"], after["places"][there]["note"]) == ("030 2", "Hinterhaus")
    assert len(session.exec(select(Revision)).all()) == revisions + 2


def test_under_a_shared_roof_only_this_offer_moves(session: Session, region: Region) -> None:
    house = make_place(session, region, 13.5, 52.5, street="Weg 1", town="Berlin")
    one, other = (make_offer(session, region, house) for _ in range(2))
    key, values = only(sheet.read(session, one)["places"])
    change(session, region, one, places={key: {**values, "street": "Weg 9", "point": point(13.6, 52.5)}})
    assert only(sheet.read(session, one)["places"])[1]["street"] == "Weg 9"
    assert only(sheet.read(session, other)["places"])[1]["street"] == "Weg 1"


def test_a_house_that_is_spelt_better_is_so_for_all_under_its_roof(session: Session, region: Region) -> None:
    house = make_place(session, region, 13.5, 52.5, street="Lange Str. 1", town="Berlin")
    one, other = (make_offer(session, region, house) for _ in range(2))
    key, values = only(sheet.read(session, one)["places"])
    better = {**values, "street": "Lange Straße 1", "point": point(13.5001, 52.5)}
    change(session, region, one, places={key: better})
    assert len(session.exec(select(Place)).all()) == 1
    for offer in (one, other):
        assert only(sheet.read(session, offer)["places"])[1] == better


def test_who_moves_out_last_leaves_no_empty_house(session: Session, region: Region) -> None:
    offer = entry(session, region, places={"new-1": place()})
    change(session, region, offer, places={})
    assert session.exec(select(Place)).all() == []
    assert session.exec(select(OfferAtPlace)).all() == []


def test_the_same_house_twice_is_refused(session: Session, region: Region) -> None:
    offer = entry(session, region, places={"new-1": place()})
    key, _ = only(sheet.read(session, offer)["places"])
    again = {"places/new-1": {"old": None, "new": place(note="noch einmal")}}
    with pytest.raises(InvalidInputError) as refused:
        sheet.apply(session, by(region), offer, again)
    assert refused.value.errors[0].field == "places/new-1"
    assert "schon eingetragen" in refused.value.errors[0].detail
    assert list(sheet.read(session, offer)["places"]) == [key]


def test_a_point_found_by_an_address_goes_with_it(session: Session, region: Region) -> None:
    offer = entry(session, region, places={"new-1": place(point=point(13.5, 52.5, "house"))})
    before = sheet.read(session, offer)
    key, values = only(before["places"])
    after, _ = checked({**before, "places": {key: {**values, "street": "Weg 2"}}}, before)
    changes = difference(before, after)
    assert changes[f"places/{key}/point"]["new"] is None
    sheet.apply(session, by(region), offer, changes)
    assert only(sheet.read(session, offer)["places"])[1]["point"] is None


def test_an_address_that_becomes_hidden_loses_the_point_that_was_found(
    session: Session, region: Region
) -> None:
    offer = entry(session, region, places={"new-1": place(point=point(13.5, 52.5, "house"))})
    key, values = only(sheet.read(session, offer)["places"])
    change(session, region, offer, places={key: {**values, "address_hidden": True}})
    found = session.exec(select(Place)).one()
    assert (found.address_hidden, found.lon, found.street) == (True, None, "Weg 1")


def test_single_dates_survive_a_form_that_does_not_send_them(session: Session, region: Region) -> None:
    lines = [line(deviations=[CANCELLED]), line("FREQ=WEEKLY;BYDAY=FR")]
    offer = entry(session, region, schedules=lines)
    change(session, region, offer, schedules=[line("FREQ=WEEKLY;BYDAY=TH"), line(note="mit Anmeldung")])
    first, second = sheet.read(session, offer)["schedules"]
    assert (first["deviations"], second["note"]) == ([], "mit Anmeldung")
    assert [one["on"] for one in second["deviations"]] == ["2026-01-12"]
    change(session, region, offer, schedules=[line(deviations=[])])
    assert sheet.read(session, offer)["schedules"][0]["deviations"] == []


def test_another_provider_is_found_by_name_and_keeps_its_website(session: Session, region: Region) -> None:
    entry(session, region, organization="Amt", organization_website="https://amt.example")
    offer = entry(session, region, organization="Verein", organization_website="https://verein.example")
    change(session, region, offer, organization="Amt")
    read = sheet.read(session, offer)
    assert (read["organization"], read["organization_website"]) == ("Amt", "https://amt.example")


def test_with_one_wrong_value_nothing_is_written(session: Session, region: Region) -> None:
    offer = entry(session, region, min_age=3)
    changes: Changes = {"summary": {"old": "", "new": "neu"}, "max_age": {"old": None, "new": 2}}
    with pytest.raises(InvalidInputError, match="max_age"):
        sheet.apply(session, by(region), offer, changes)
    assert sheet.read(session, offer)["summary"] == ""


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("name", "x", "mindestens 2"),
        ("summary", "x" * 301, "Höchstens 300"),
        ("website", "verein.example", "https://"),
        ("contacts/new-1/email", "frau@", "E-Mail-Adresse"),
        ("places/12/postcode", "1036", "fünf Ziffern"),
        ("places/12/point", {"lon": 200, "lat": 1}, "Punkt auf der Karte"),
        ("cost", "umsonst", "eine der Möglichkeiten"),
        ("min_age", 121, "0 bis 120"),
        ("schedules", [line(starts="25:00")], "Zeile 1 der Zeiten"),
        ("schedules", [line(), line("FREQ=NIE")], "Zeile 2 der Zeiten passt etwas nicht: der Rhythmus"),
        ("verified_on", "2999-01-01", "schon war"),
        ("farbe", "rot", "gibt es nicht"),
        ("places/x/name", "rot", "gibt es nicht"),
    ],
)
def test_what_is_wrong_is_said_in_german_and_names_its_path(path: str, value: Any, said: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        checked_value(path, value)
    (error,) = refused.value.errors
    assert error.field == path
    assert said in error.detail


def test_a_sheet_keeps_what_was_typed_wrong_and_says_so() -> None:
    raw = {
        "name": "",
        "website": "nein",
        "contacts": {"new-1": {"phone": " "}},
        "places": {"new-1": {"town": "Berlin"}, "7": {}},
        "min_age": 9,
        "max_age": 3,
    }
    found, errors = checked(raw, empty())
    assert found["website"] == "nein"
    assert {error.field for error in errors} == {
        "name", "website", "contacts/new-1", "places/new-1", "places/7", "max_age",
    }  # fmt: skip


def test_old_values_are_not_questioned() -> None:
    base = {**empty(), "name": "X", "website": "so stand es da"}
    found, errors = checked({**base, "summary": "neu"}, base)
    assert (found["summary"], errors) == ("neu", [])


def test_invisible_letters_go_and_nothing_is_no_value() -> None:
    assert checked_value("name", "Ca\x00fé  \u200bOst") == "Café Ost"
    assert checked_value("places/1/street", "  ") is None
    assert checked_value("contacts/1/email", "") is None


def test_words_and_places_that_nobody_knows_are_named(session: Session, region: Region) -> None:
    offer = make_offer(session, region)
    wrong: Changes = {
        "topics": {"old": [], "new": ["familie", "quatsch"]},
        "schedules": {
            "old": [],
            "new": [line(deviations=[{"change": "moved", "on": "2026-01-12", "place": 999}])],
        },
    }
    with pytest.raises(InvalidInputError) as refused:
        sheet.apply(session, by(region), offer, wrong)
    assert {error.field: error.detail for error in refused.value.errors}.keys() == {"topics", "schedules"}
    assert "„quatsch“" in refused.value.errors[0].detail
