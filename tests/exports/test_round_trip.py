"""What is taken away comes back unchanged: to another map the same offers, to the same map nothing new."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import Session, col

from api.curation.models import Proposal
from api.exports.formats import Ending
from api.offers import service as offers
from api.offers.models import Offer, OfferAtPlace
from api.regions.models import Region
from api.schedules import service as schedules
from api.schedules.schemas import ScheduleIn
from importers import values
from importers.apply import import_rows
from tests.exports import files
from tests.exports.files import AWKWARD
from tests.factories import (
    act,
    box,
    make_audience,
    make_division,
    make_offer,
    make_place,
    make_region,
    make_space,
    make_topic,
)
from tests.offers import worlds

# Each example is written and read five times: a smaller one that fails would be long in coming.
modest = settings(worlds.modest, max_examples=2, phases=[Phase.explicit, Phase.generate])

words = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.lists(st.sampled_from(AWKWARD[:18]), min_size=1, max_size=3).map("; ".join),
)
# As the house keeps them: whatever is entered is brought in order first.
texts = words.map(values.as_text).map(values.as_text)
lines = words.map(lambda text: values.line(text)[:150]).map(values.line)
names = words.map(lambda text: values.title(f"Ort {text[:120]}")).map(values.title)
MONDAYS = {
    "recurrence": "FREQ=WEEKLY;BYDAY=MO",
    "first_date": "2026-03-02",
    "starts": "10:00",
    "ends": "12:00",
    "closures": [{"first": "2026-07-01", "last": "2026-07-31", "note": '=Ferien; "lang"'}],
    "deviations": [{"change": "cancelled", "on": "2026-03-09", "note": "- Umzug,\n+1"}],
    "note": "@Hof",
}  # fmt: skip
SPOTS = [(13.41, 52.41), (13.45, 52.45), (13.123456789012345, 52.5), (None, None)]

places = st.fixed_dictionaries(
    {
        "spot": st.sampled_from(SPOTS),
        "name": st.one_of(st.none(), names),
        "street": names,
        "postcode": st.sampled_from(["01067", "10369"]),
        "town": st.sampled_from(["Berlin", "Sankt =1"]),
        "wheelchair": st.sampled_from(["yes", "partly", "no", "unknown"]),
    }
)
made = st.fixed_dictionaries(
    {
        "name": names,
        "summary": lines,
        "description": texts,
        "organization": st.sampled_from([None, "Träger „=1“", "Verein & Co"]),
        "topics": st.lists(st.sampled_from(["kita", "geld"]), unique=True),
        "audiences": st.lists(st.sampled_from(["eltern", "kinder"]), unique=True),
        "languages": st.lists(st.sampled_from(["de", "tr", "de-simple"]), unique=True),
        "ages": st.sampled_from([(None, None), (0, None), (0, 6), (14, 120)]),
        "cost": st.sampled_from(["free", "covered", "paid", "unknown"]),
        "cost_note": lines,
        "access": st.sampled_from(["walk_in", "call_first", "appointment", "referral", "unknown"]),
        "access_note": lines,
        "resource_level": st.sampled_from([2, 3, 4]),
        "outreach": st.booleans(),
        "serves": st.sampled_from([[], ["lor:1"]]),
        "hours_text": texts,
        "website": st.sampled_from([None, "https://example.org/a?b=c&d=%22;e"]),
        "phone": st.sampled_from([None, "+49 30 123-45", "030 / 12 34 56", "(030) 1 23 45"]),
        "schedules": st.sampled_from([[], [MONDAYS]]),
        "place_schedules": st.sampled_from([[], [MONDAYS, MONDAYS | {"starts": "14:00", "ends": None}]]),
        "at": st.lists(st.integers(0, 3), max_size=3, unique=True),
    }
)


def ground(session: Session) -> Region:
    region = make_region(session, is_default=False)
    make_space(session, make_division(session, region), "1", box(13.0, 52.4, 13.6, 52.6))
    return region


def build(
    session: Session, region: Region, spots: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> None:
    at = [
        make_place(session, region, *said["spot"], **{name: said[name] for name in said if name != "spot"})
        for said in spots
    ]
    at.append(
        make_place(session, region, 13.5, 52.5, name="Zuflucht", street="Geheimweg 1", address_hidden=True)
    )
    for said in wanted:
        one = dict(said)
        here = list({at[number % len(at)].id: at[number % len(at)] for number in one.pop("at")}.values())
        phone, general, there = (one.pop(name) for name in ("phone", "schedules", "place_schedules"))
        one["min_age"], one["max_age"] = one.pop("ages")
        contact = {"label": "=Büro", "phone": phone, "email": "info@example.org"}
        offer = make_offer(session, region, here, contact=contact if phone else None, **one)
        by = act(region)
        schedules.write(session, by, offer.id, None, [ScheduleIn.model_validate(line) for line in general])
        found = session.scalars(
            select(OfferAtPlace).where(col(OfferAtPlace.offer_id) == offer.id).order_by(col(OfferAtPlace.id))
        )
        for row in list(found)[:1]:
            schedules.write(
                session, by, offer.id, row.id, [ScheduleIn.model_validate(line) for line in there]
            )
            offers.attach(
                session,
                by,
                offer,
                next(one for one in here if one.id == row.place_id),
                "nach Absprache",
                "- Hof",
            )
    session.flush()


def vocabulary(session: Session) -> None:
    for slug in ("kita", "geld"):
        make_topic(session, slug)
    for slug in ("eltern", "kinder"):
        make_audience(session, slug)


def check_another_map_gets_the_same(session: Session, here: Region) -> None:
    before = files.rows(session, here)
    for ending in Ending:
        there = ground(session)
        with tempfile.TemporaryDirectory() as folder:
            report = import_rows(session, there, files.job(files.written(Path(folder), ending, before)))
        assert report.counts["failed"] == report.counts["skipped"] == 0, report.text()
        session.expire_all()
        differences = files.differences(before, files.rows(session, there))
        assert not differences, (ending, differences)


@modest
@given(spots=st.lists(places, min_size=1, max_size=4), wanted=st.lists(made, min_size=1, max_size=5))
def test_another_map_gets_the_same_offers_from_every_format(
    session: Session, spots: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> None:
    with session.begin_nested() as example:
        vocabulary(session)
        here = ground(session)
        build(session, here, spots, wanted)
        make_offer(session, here, make_place(session, here, 13.2, 52.5), name="Mit Punkt")
        check_another_map_gets_the_same(session, here)
        example.rollback()


def test_every_awkward_text_comes_back_in_every_format(session: Session) -> None:
    here = ground(session)
    place = make_place(session, here, 13.5, 52.5)
    for number, text in enumerate(AWKWARD):
        told = values.as_text(text)
        make_offer(
            session,
            here,
            place,
            name=values.title(f"Nr. {number} {text[:100]}"),
            description=told,
            hours_text=told,
        )
    check_another_map_gets_the_same(session, here)


@pytest.fixture
def home(session: Session) -> Region:
    """A region with all that is difficult to recognise: no place, several places, no address to compare."""
    vocabulary(session)
    here = ground(session)
    line = ScheduleIn.model_validate(MONDAYS)
    houses = [make_place(session, here, 13.41 + x / 50, 52.5) for x in range(3)]
    refuge = make_place(
        session, here, 13.5, 52.45, name="Zuflucht", street="Geheimweg 1", address_hidden=True
    )
    contact = {"label": "Büro", "phone": "+49 30 123-45", "email": "info@example.org"}
    make_offer(
        session, here, houses, name="Treff", topics=["kita"], contact=contact, organization="Verein e. V."
    )
    make_offer(session, here, name="Am Telefon", description="=1+1\n- Liste", outreach=True)
    make_offer(session, here, refuge, name="Zuflucht", contact=contact)
    for _ in range(2):
        twin = make_offer(session, here, houses[0], name="Zweimal derselbe Name", serves=["lor:1"])
        schedules.write(session, act(here), twin.id, None, [line])
    session.flush()
    return here


def state(session: Session, region: Region) -> dict[str, Any]:
    """All offers with everything public about them, and how many proposals there are."""
    ids = session.scalars(
        select(col(Offer.id)).where(col(Offer.region_id) == region.id).order_by(col(Offer.id))
    )
    found = [
        offers.get(session, region, offer_id).model_dump(exclude={"sources", "hours"}) for offer_id in ids
    ]
    return {"offers": found, "proposals": session.scalar(select(func.count()).select_from(Proposal))}


@pytest.mark.parametrize("ending", Ending)
def test_the_same_map_learns_nothing_from_its_own_file(
    session: Session, home: Region, tmp_path: Path, ending: Ending
) -> None:
    before = state(session, home)
    path = files.written(tmp_path, ending, files.rows(session, home))
    for _ in range(2):
        report = import_rows(session, home, files.job(path))
        session.expire_all()
        assert report.counts["unchanged"] == report.total == 7, report.text()
    assert state(session, home) == before


def test_what_somebody_has_edited_in_the_file_is_asked_about(
    session: Session, home: Region, tmp_path: Path
) -> None:
    path = files.written(tmp_path, Ending.CSV, files.rows(session, home))
    path.write_text(path.read_text().replace("Am Telefon", "Am Telefon und per Mail"))
    report = import_rows(session, home, files.job(path))
    assert (report.counts["proposed"], report.counts["unchanged"]) == (1, 6), report.text()
    (proposal,) = session.scalars(select(Proposal))
    assert proposal.changes == {"name": {"old": "Am Telefon", "new": "Am Telefon und per Mail"}}


def test_another_map_with_the_same_numbers_is_not_taken_for_this_one(
    session: Session, home: Region, tmp_path: Path
) -> None:
    text = files.written(tmp_path, Ending.CSV, files.rows(session, home)).read_text()
    path = tmp_path / "fremd.csv"
    path.write_text(
        text.replace("/angebot/am-telefon", "/angebot/etwas-anderes").replace("Am Telefon", "Kurs")
    )
    report = import_rows(session, home, files.job(path))
    assert (report.counts["new"], report.counts["unchanged"]) == (1, 6), report.text()
