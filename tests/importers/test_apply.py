"""Importing a file: what goes in, what stays, what is only proposed, what a second time changes."""

import json
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from api.curation.models import Proposal
from api.history.models import ImportBatch, Revision
from api.history.undo import undo_batch
from api.offers import service as offers
from api.offers.models import Contact, Offer, OfferAtPlace, Status
from api.organizations.models import Organization
from api.places.models import Place
from api.regions.models import Region
from api.sources import service as sources
from api.sources.models import Source, SourceRecord
from importers.errors import UnusableError
from importers.mapping import Mapping
from importers.report import MASKED
from tests.factories import act
from tests.importers.sample import (
    FIELDS,
    FULL,
    HERE,
    UNSTORABLE,
    bring_in,
    mapping,
    only_offer,
    open_proposals,
    row,
    said,
)


def size(session: Session) -> list[int]:
    tables = (
        Offer,
        Place,
        OfferAtPlace,
        Contact,
        Organization,
        SourceRecord,
        Revision,
        ImportBatch,
        Proposal,
    )
    return [session.exec(select(func.count()).select_from(table)).one() for table in tables]


def test_brings_in_an_offer_with_all_its_parts(session: Session, here: Region) -> None:
    report = bring_in(session, here, [FULL])
    offer = only_offer(session)
    assert (offer.name, offer.status, offer.topics) == ("Café", Status.PUBLISHED, ["freizeit"])
    assert str(offer.verified_on) == "2026-03-01"
    place = session.exec(select(Place)).one()
    assert (place.street, place.lon, place.lat) == ("Weg 1", 13.5, 52.5)
    assert session.exec(select(OfferAtPlace)).one().hours_text == "Mo"
    assert session.exec(select(Contact)).one().phone == "030 12345"
    assert session.exec(select(Organization)).one().name == "Verein e.V."
    batch = session.exec(select(ImportBatch)).one()
    assert (batch.id, batch.counts["new"]) == (report.batch_id, 1)
    # The source stays when its import is taken back.
    outside = session.exec(select(Revision.entity).where(col(Revision.batch_id).is_(None))).all()
    assert outside == ["source"]
    assert session.exec(select(SourceRecord)).one().raw == FULL


def test_marks_our_own_examples(session: Session, here: Region) -> None:
    bring_in(session, here, [row("1")], mapping(source={"examples": True}))
    assert only_offer(session).is_example


def test_changes_nothing_the_second_time(session: Session, here: Region) -> None:
    rows = [FULL, row("2", **HERE), row("3", name="")]
    bring_in(session, here, rows)
    before, version = size(session), here.data_version
    report = bring_in(session, here, rows)
    assert (report.counts["unchanged"], report.counts["failed"], report.batch_id) == (2, 1, None)
    assert size(session) == before
    assert here.data_version == version


def test_names_a_broken_row_and_takes_the_others(session: Session, here: Region) -> None:
    rows = [row("1"), row("2", lon=2.35, lat=48.86), row("3", topics="kitta"), row("1"), row("5")]
    report = bring_in(session, here, rows)
    assert (report.counts["new"], report.counts["failed"], report.total) == (2, 3, 5)
    assert said(report, "failed") == [
        (2, "lon, lat", "liegt außerhalb der Region: „2.35, 48.86“"),
        (3, "topics", "„kitta“ gibt es nicht: „kitta“"),
        (4, "", "Derselbe Schlüssel wie Zeile 1"),
    ]


def test_a_row_that_the_database_refuses_leaves_nothing_behind(session: Session, here: Region) -> None:
    broken = row(UNSTORABLE, name="Zu lang", **HERE)
    report = bring_in(session, here, [row("1", **HERE), broken, row("3", **HERE)])
    assert (report.counts["new"], report.counts["failed"]) == (2, 1)
    assert "index row requires" in said(report, "failed")[0][2]
    assert sorted(session.exec(select(Offer.name))) == ["Treffpunkt 1", "Treffpunkt 3"]


def test_takes_a_place_just_across_the_border(session: Session, here: Region) -> None:
    report = bring_in(session, here, [row("1", lon=13.62, lat=52.5), row("2", lon=13.64, lat=52.5)])
    assert (report.counts["new"], report.counts["failed"]) == (1, 1)


def test_brings_news_of_the_source_to_every_part(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL])
    place_id, at_place_id = session.exec(select(Place.id)).one(), session.exec(select(OfferAtPlace.id)).one()
    news = FULL | {
        "name": "Neu",
        "organization": "Andere gGmbH",
        "phone": "030 54321",
        "hours": "Di",
        "street": "Weg 2",
        "lon": 13.51,
        "website": "neu.de",
    }
    report = bring_in(session, here, [news])
    assert report.counts["changed"] == 1
    fields = {field for _, field, _ in said(report, "changed")}
    assert fields == {"name", "organization", "phone", "place_hours_text", "street", "lon", "website"}
    offer, place = only_offer(session), session.exec(select(Place)).one()
    assert (offer.name, offer.website, place.street, place.lon) == ("Neu", "http://neu.de", "Weg 2", 13.51)
    assert session.exec(select(Contact.phone)).one() == "030 54321"
    # Links, schedules and membership hang on these rows.
    assert (place.id, session.exec(select(OfferAtPlace.id)).one()) == (place_id, at_place_id)
    assert bring_in(session, here, [news]).batch_id is None


def test_a_newer_edition_of_the_list_confirms_its_entries(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL])
    report = bring_in(session, here, [FULL], mapping(source={"date": "2026-04-01"}))
    assert report.counts["unchanged"] == 1
    assert str(only_offer(session).verified_on) == "2026-04-01"
    bring_in(session, here, [FULL])
    assert str(only_offer(session).verified_on) == "2026-04-01"


def test_rows_with_one_offer_key_are_one_offer_at_several_places(session: Session, here: Region) -> None:
    told = mapping(file={"offer_key": ["offer"]})
    there = HERE | {"street": "Weg 9", "lon": 13.51}
    rows = [
        row("1", offer="a", name="Sprechstunde", hours="Mo", **HERE),
        row("2", offer="a", name="Sprechstunde", hours="Di", **there),
        row("3", offer=None, name="Anderes", **HERE),
    ]
    bring_in(session, here, rows, told)
    assert sorted(session.exec(select(Offer.name))) == ["Anderes", "Sprechstunde"]
    assert sorted(session.exec(select(OfferAtPlace.hours_text))) == ["", "Di", "Mo"]
    assert bring_in(session, here, rows, told).batch_id is None
    more = [*rows, row("4", offer="a", name="Sprechstunde", lon=13.55, lat=52.5)]
    bring_in(session, here, more, told)
    assert len(session.exec(select(Offer)).all()) == 2
    # One place less is no reason to withdraw the offer.
    assert bring_in(session, here, rows, told).counts["gone"] == 1
    assert open_proposals(session) == []


def test_the_first_row_speaks_for_an_offer_with_several(session: Session, here: Region) -> None:
    told = mapping(file={"offer_key": ["offer"]})
    rows = [
        row("1", offer="a", name="Sprechstunde", hours="Mo", **HERE),
        row("2", offer="a", name="Anders", hours="Di", **HERE),
    ]
    report = bring_in(session, here, rows, told)
    assert only_offer(session).name == "Sprechstunde"
    assert session.exec(select(OfferAtPlace.hours_text)).all() == ["Mo"]
    assert {field for _, field, _ in said(report, "note")} == {"name", "place_hours_text"}
    again = bring_in(session, here, rows, told)
    assert (again.batch_id, again.counts["kept"]) == (None, 0)


def test_an_import_can_be_taken_back_but_for_what_a_person_edited(session: Session, here: Region) -> None:
    report = bring_in(session, here, [FULL, row("2", name="Weg damit")])
    offer = session.exec(select(Offer).where(Offer.name == "Café")).one()
    offers.change(session, act(here), offer, {"description": "Von Hand."})
    assert report.batch_id is not None
    undo_batch(session, report.batch_id, "test")
    session.expire_all()
    assert (only_offer(session).name, only_offer(session).description) == ("Café", "Von Hand.")
    # The row taken back comes in again, the one that stayed is known.
    again = bring_in(session, here, [FULL, row("2", name="Weg damit")])
    assert (again.counts["new"], again.counts["unchanged"]) == (1, 1)
    assert only_offer_named(session, "Café").description == "Von Hand."


def only_offer_named(session: Session, name: str) -> Offer:
    return session.exec(select(Offer).where(Offer.name == name)).one()


def test_a_later_import_can_be_taken_back_alone(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL, row("2", **HERE)])
    moved = FULL | {"name": "Neu", "street": "Weg 9", "lon": 13.51, "phone": ""}
    report = bring_in(session, here, [moved, row("2", **HERE)])
    assert report.batch_id is not None
    undo_batch(session, report.batch_id, "test")
    session.expire_all()
    assert only_offer_named(session, "Café")
    assert session.exec(select(Place.street)).all() == ["Weg 1"]
    assert session.exec(select(Contact.phone)).all() == ["030 12345"]
    assert bring_in(session, here, [FULL, row("2", **HERE)]).batch_id is None


@pytest.mark.parametrize("told", [mapping(), mapping(file={"key": ["street", "id"]})])
def test_no_report_says_where_a_hidden_place_is(session: Session, here: Region, told: Mapping) -> None:
    secret = {"street": "Geheimweg 7", "postcode": "12689", "address_hidden": "ja"}
    rows = [
        row("1", lon=13.5123, lat=52.4987, **secret),
        row("2", lon=2.3456, lat=48.8765, **secret),
        row("3", **(secret | {"postcode": "1268x"})),
        row("4", lon="13.5123 O", lat=52.4987, **secret),
        row("4", lon=13.5123, lat=52.4987, **secret),
        row("5", topics="kitta", **secret),
    ]
    first = bring_in(session, here, rows, told)
    moved = [row("1", lon=13.5321, lat=52.4987, **secret | {"street": "Verborgen 3"})]
    reports = [first, bring_in(session, here, moved, told)]
    stored = [str(batch.report) for batch in session.exec(select(ImportBatch))]
    for text in [report.text() + report.json() for report in reports] + stored:
        for word in ("Geheimweg", "Verborgen", "12689", "1268x", "13.5", "52.49", "2.34", "48.87"):
            assert word not in text
    assert said(first, "failed")[0] == (2, "lon, lat", "liegt außerhalb der Region")
    if told.file.key != ["id"]:
        assert {line.key for line in first.rows} == {MASKED}


@pytest.mark.parametrize(
    ("rows", "told", "reason"),
    [
        ([], mapping(), "keine Zeilen"),
        ([{"id": "1"}], mapping(), r"\[fields\] name – die Spalte „name“"),
        ([row("1")], mapping(defaults={"topics": ["kitta"]}), r"\[defaults\] topics"),
    ],
)
def test_says_why_a_whole_file_is_unusable_and_writes_nothing(
    session: Session, here: Region, rows: list[dict[str, Any]], told: Mapping, reason: str
) -> None:
    before = size(session)
    with pytest.raises(UnusableError, match=reason):
        bring_in(session, here, rows, told)
    assert size(session) == before


def test_a_file_of_which_nothing_is_taken_leaves_no_source(session: Session, here: Region) -> None:
    assert bring_in(session, here, [row("1", name="")]).batch_id is None
    assert session.exec(select(Source)).all() == []
    assert session.exec(select(Revision)).all() == []


def test_news_about_the_source_are_recorded_and_can_be_taken_back(session: Session, here: Region) -> None:
    bring_in(session, here, [FULL])
    report = bring_in(session, here, [FULL], mapping(source={"licence": "CC BY 4.0"}))
    assert (report.counts["unchanged"], report.counts["source_changed"]) == (1, 1)
    assert said(report, "source_changed") == [(None, "licence", "bisher „CC0“, jetzt „CC BY 4.0“")]
    assert "1 Quelle geändert" in report.text()
    assert session.exec(select(Source.licence)).one() == "CC BY 4.0"
    assert report.batch_id is not None
    undo_batch(session, report.batch_id, "test")
    session.expire_all()
    assert session.exec(select(Source.licence)).one() == "CC0"


def test_only_sources_of_something_are_listed(session: Session, here: Region) -> None:
    report = bring_in(session, here, [FULL])
    assert [source.slug for source in sources.of_region(session, here)] == ["liste"]
    assert report.batch_id is not None
    assert undo_batch(session, report.batch_id, "test").kept == []
    assert sources.of_region(session, here) == []


def test_says_how_many_offers_are_not_on_the_map(session: Session, here: Region) -> None:
    told = mapping(defaults={"topics": ["freizeit"], "outreach": False}, fields=FIELDS | {"outreach": "out"})
    rows = [
        row("1", out="", **HERE),
        row("2", out=""),
        row("3", out="", street="Weg 4"),
        row("4", out="ja"),
        row("5", out="", street="Weg 5", address_hidden="ja"),
    ]
    report = bring_in(session, here, rows, told)
    assert json.loads(report.json())["without_point"] == 2
    assert "2 Angebote haben keine Koordinate. Sie stehen in der Liste" in report.text()
    assert f"make undo batch={report.batch_id}" in report.text()
    alone = bring_in(session, here, rows[1:2], told)
    assert "1 Angebot hat keine Koordinate. Es steht" in alone.text()


def test_keeps_awkward_raw_values(session: Session, here: Region) -> None:
    report = bring_in(
        session, here, [row("1", description="a\x00b\ud800 🎈 \u202eabc", extra={"tief": ["\x00"]})]
    )
    assert report.counts["new"] == 1
    assert session.exec(select(SourceRecord)).one().raw["description"] == "ab? 🎈 \u202eabc"
