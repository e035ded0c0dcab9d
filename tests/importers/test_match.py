"""Which rows mean an offer that is there already: certain, doubtful or new."""

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from api.curation.models import Proposal
from api.history.models import ImportBatch
from api.offers.models import Contact, Offer, Status
from api.sources.models import SourceRecord
from importers.match import likeness, neighbours
from tests.factories import make_offer, make_place
from tests.importers.sample import bring_in, make_lichtenberg, mapping, row

OTHER = {"source": {"slug": "andere", "title": "Andere Liste"}}
# About 34 and 68 metres at this latitude.
STEP = 0.0005


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('JFE "Orange Flip"', "Orange Flip"),
        ("Nachbarschaftshaus Kiezspinne e. V.", "Nachbarschaftshaus „Kiezspinne“"),
        ("Straße für Äpfel gGmbH", "Strasse fuer Aepfel"),
    ],
)
def test_finds_names_the_same_that_differ_in_legal_form_quotes_and_umlauts(one: str, other: str) -> None:
    assert likeness(one, other) == 1.0


@pytest.mark.parametrize(
    ("one", "other"), [("Kita 1", "Kita 2"), ("Kita Sonne", "Kita Mond"), ("Sporthalle", "Bibliothek")]
)
def test_finds_neighbours_not_alike(one: str, other: str) -> None:
    assert likeness(one, other) < 0.8


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


def test_the_search_for_neighbours_uses_the_index(session: Session) -> None:
    session.execute(text("SET LOCAL enable_seqscan = off"))
    compiled = neighbours(1, 1, 13.5, 52.5).compile(
        session.get_bind(), compile_kwargs={"literal_binds": True}
    )
    plan = "\n".join(session.execute(text(f"EXPLAIN {compiled}")).scalars())
    assert "ix_place_geography" in plan
