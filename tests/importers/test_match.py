"""Which rows mean an offer that is there already: certain, doubtful or new."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from api.curation.models import Proposal
from api.history.models import ImportBatch
from api.offers.models import Contact, Offer, Status
from api.sources.models import SourceRecord
from importers.matching import match_all, pairs
from importers.record import Entry, Record
from tests.factories import make_offer, make_place
from tests.importers.sample import bring_in, make_lichtenberg, mapping, row

OTHER = {"source": {"slug": "andere", "title": "Andere Liste"}}
# About 34 and 68 metres at this latitude.
STEP = 0.0005


def offers(session: Session) -> list[str]:
    return sorted(session.exec(select(Offer.name)))


def test_links_the_same_name_in_the_same_house_and_writes_nothing_over(session: Session) -> None:
    region = make_lichtenberg(session)
    bring_in(session, region, [row("1", name='JFE "Flip"', lon=13.5, lat=52.5, phone="030 12345")])
    report = bring_in(
        session,
        region,
        [row("a", name="Flip", lon=13.5 + STEP, lat=52.5, phone="030 99999")],
        mapping(**OTHER),
    )
    assert report.counts["linked"] == 1
    assert offers(session) == ["JFE „Flip“"]
    assert len(session.exec(select(SourceRecord)).all()) == 2
    assert session.exec(select(Contact.phone)).all() == ["030 12345"]


def test_a_link_is_unchanged_the_second_time_and_asks_when_its_source_changes(session: Session) -> None:
    region = make_lichtenberg(session)
    here = {"name": "Flip", "lon": 13.5, "lat": 52.5}
    bring_in(session, region, [row("1", **here)])
    bring_in(session, region, [row("a", **here)], mapping(**OTHER))
    assert bring_in(session, region, [row("a", **here)], mapping(**OTHER)).counts["unchanged"] == 1
    changed = [row("a", **here, website="https://flip.de")]
    assert bring_in(session, region, changed, mapping(**OTHER)).counts["proposed"] == 1
    assert session.exec(select(Proposal)).one().changes == {
        "website": {"old": None, "new": "https://flip.de"}
    }
    assert bring_in(session, region, changed, mapping(**OTHER)).batch_id is None
    assert session.exec(select(Offer)).one().website is None


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("Flip", 4 * STEP),  # the same name, but not the same house
        ("Flips", STEP),  # the same house, but not quite the same name
    ],
)
def test_proposes_what_is_doubtful_and_names_the_candidate(session: Session, name: str, step: float) -> None:
    region = make_lichtenberg(session)
    bring_in(session, region, [row("1", name="Flip", lon=13.5, lat=52.5)])
    rows = [row("a", name=name, lon=13.5 + step, lat=52.5)]
    report = bring_in(session, region, rows, mapping(**OTHER))
    assert report.counts["proposed"] == 1
    assert offers(session) == ["Flip"]
    proposal = session.exec(select(Proposal)).one()
    assert (proposal.kind, proposal.source_key) == ("create", "a")
    assert "„Flip“" in proposal.reason
    assert proposal.changes["name"] == {"old": None, "new": name}
    again = bring_in(session, region, rows, mapping(**OTHER))
    assert (again.counts["unchanged"], again.batch_id) == (1, None)
    assert len(session.exec(select(Proposal)).all()) == 1


def test_proposes_when_two_entries_could_be_meant_or_the_one_is_not_public(session: Session) -> None:
    region = make_lichtenberg(session)
    make_offer(session, region, make_place(session, region, 13.5, 52.5), name="Zwilling")
    make_offer(session, region, make_place(session, region, 13.5, 52.5), name="Zwilling")
    make_offer(session, region, make_place(session, region, 13.55, 52.5), name="Zu", status=Status.ARCHIVED)
    report = bring_in(
        session,
        region,
        [row("1", name="Zwilling", lon=13.5, lat=52.5), row("2", name="Zu", lon=13.55, lat=52.5)],
    )
    assert report.counts["proposed"] == 2


def test_several_offers_in_one_house_stay_several(session: Session) -> None:
    region = make_lichtenberg(session)
    bring_in(session, region, [row("1", name="Kita Sonne", street="Weg 1", lon=13.5, lat=52.5)])
    report = bring_in(
        session, region, [row("a", name="Elterncafé", street="Weg 1", lon=13.5, lat=52.5)], mapping(**OTHER)
    )
    assert report.counts["new"] == 1


def test_rows_of_one_source_are_never_the_same_offer(session: Session) -> None:
    region = make_lichtenberg(session)
    twins = [row("1", name="Kita", lon=13.5, lat=52.5), row("2", name="Kita", lon=13.5, lat=52.5)]
    assert bring_in(session, region, twins).counts["new"] == 2
    assert bring_in(session, region, twins).counts["unchanged"] == 2


def test_never_compares_hidden_addresses(session: Session) -> None:
    region = make_lichtenberg(session)
    hidden = make_place(session, region, 13.5, 52.5, address_hidden=True)
    make_offer(session, region, hidden, name="Zuflucht")
    report = bring_in(
        session,
        region,
        [
            row("1", name="Zuflucht", lon=13.5, lat=52.5),
            row("2", name="Zuflucht", lon=13.5, lat=52.5, address_hidden="ja"),
        ],
    )
    assert report.counts["new"] == 2
    assert session.exec(select(Proposal)).all() == []
    assert session.exec(select(ImportBatch)).one().counts["new"] == 2


def test_a_hidden_address_is_only_asked_about_and_only_because_of_the_number(session: Session) -> None:
    region = make_lichtenberg(session)
    hidden = make_place(session, region, 13.5, 52.5, address_hidden=True, street="Weg 1")
    offer = make_offer(session, region, hidden, name="Zuflucht")
    session.add(Contact(offer_id=offer.id, phone="030 1234567"))
    session.flush()
    here = {"name": "Zuflucht e. V.", "street": "Weg 1", "lon": 13.5, "lat": 52.5}
    report = bring_in(session, region, [row("1", **here, phone="+49 30 1234567")])
    assert report.counts["proposed"] == 1
    reason = session.exec(select(Proposal)).one().reason
    assert "gleiche Telefonnummer" in reason
    assert "entfernt" not in reason
    assert "Adresse" not in reason


def test_says_in_words_why_it_asks(session: Session) -> None:
    region = make_lichtenberg(session)
    bring_in(session, region, [row("1", name="Café Pause", lon=13.5, lat=52.5, phone="030 1234567")])
    rows = [row("a", name="Café Pause am Markt", lon=13.5, lat=52.501, phone="+49 (0)30 1234567")]
    bring_in(session, region, rows, mapping(**OTHER))
    offer = session.exec(select(Offer)).one()
    assert session.exec(select(Proposal)).one().reason == (
        f"Vielleicht schon vorhanden: „Café Pause“ (Angebot {offer.id}) – gleiche Telefonnummer,"
        " ein Name steckt im anderen, 111 m entfernt."
    )


def test_links_a_row_without_a_point_by_its_number(session: Session) -> None:
    region = make_lichtenberg(session)
    bring_in(session, region, [row("1", name="Café Pause", lon=13.5, lat=52.5, phone="030 1234567")])
    report = bring_in(session, region, [row("a", name="Cafe Pause", phone="030/1234567")], mapping(**OTHER))
    assert report.counts["linked"] == 1
    places = session.exec(select(SourceRecord.offer_at_place_id)).all()
    assert len(places) == 2
    assert len(set(places)) == 1


def test_finds_an_offer_without_a_point_by_its_address(session: Session) -> None:
    region = make_lichtenberg(session)
    bring_in(session, region, [row("1", name="Café Pause", street="Langer Weg 5", postcode="10365")])
    rows = [row("a", name="Café Pause", street="Langer Weg 5", postcode="10365", lon=13.5, lat=52.5)]
    assert bring_in(session, region, rows, mapping(**OTHER)).counts["linked"] == 1


def test_of_two_rows_that_mean_one_offer_the_better_is_linked_and_the_other_asked_about(
    session: Session,
) -> None:
    region = make_lichtenberg(session)
    bring_in(session, region, [row("1", name="Café Pause", lon=13.5, lat=52.5, phone="030 1234567")])
    rows = [
        row("a", name="Café Pause", lon=13.5 + STEP, lat=52.5),
        row("b", name="Café Pause", lon=13.5, lat=52.5, phone="030 1234567"),
    ]
    report = bring_in(session, region, rows, mapping(**OTHER))
    assert (report.counts["linked"], report.counts["proposed"]) == (1, 1)
    assert session.exec(select(Proposal)).one().source_key == "a"


def test_the_middle_of_a_street_is_no_house(session: Session) -> None:
    region = make_lichtenberg(session)
    place = make_place(session, region, 13.5, 52.5, precision="street")
    make_offer(session, region, place, name="Pause")
    report = bring_in(session, region, [row("1", name="Pause", lon=13.5, lat=52.5)])
    assert report.counts["proposed"] == 1


def test_a_link_leaves_what_a_person_wrote_and_reports_the_difference(session: Session) -> None:
    region = make_lichtenberg(session)
    bring_in(session, region, [row("1", name="Flip", lon=13.5, lat=52.5, phone="030 12345")])
    linked = {"name": "Flip", "lon": 13.5, "lat": 52.5}
    bring_in(session, region, [row("a", **linked, phone="030 77777")], mapping(**OTHER))
    contact = session.exec(select(Contact)).one()
    contact.phone = "030 55555"
    session.add(contact)
    session.flush()
    report = bring_in(session, region, [row("a", **linked, phone="030 88888")], mapping(**OTHER))
    assert session.exec(select(Contact.phone)).one() == "030 55555"
    assert report.counts["proposed"] == 1
    proposal = session.exec(select(Proposal)).one()
    assert proposal.changes == {"phone": {"old": "030 55555", "new": "030 88888"}}
    assert any("phone" in line for line in proposal.reason.split())


def test_pairs_of_a_region_are_found_once_with_their_reasons(session: Session) -> None:
    region = make_lichtenberg(session)
    here = make_place(session, region, 13.5, 52.5)
    first = make_offer(session, region, here, name="Nachbarschaftshaus Kiezspinne e. V.")
    second = make_offer(session, region, here, name="Kiezspinne (Nachbarschaftshaus)")
    make_offer(session, region, here, name="Kita Sonne")
    found = [(one.offer_id, other.offer_id) for one, other in pairs(session, region.id)]
    assert found == [(first.id, second.id)]


def test_asks_few_questions_whatever_the_number_of_rows(session: Session) -> None:
    region = make_lichtenberg(session)
    bring_in(session, region, [row(str(n), lon=13.5, lat=52.45 + n / 1000) for n in range(20)])
    source = session.exec(select(SourceRecord.source_id)).first()
    assert source is not None
    rows = [Entry(n, str(n), record=Record(name="X", lon=13.5, lat=52.45 + n / 1000)) for n in range(20)]
    asked: list[str] = []
    connection, region_id = session.connection(), region.id

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    match_all(session, region_id, source + 1, rows)
    few = len(asked)
    asked.clear()
    match_all(session, region_id, source + 1, rows[:1])
    event.remove(connection, "before_cursor_execute", note)
    assert len(asked) <= few <= 6
