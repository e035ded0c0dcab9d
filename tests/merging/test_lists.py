"""Lists and merges: the same list once more finds everything as it was left, and makes nothing anew."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from api.curation import deciding, merging_undo, sheet
from api.curation.deciding import Verdict
from api.curation.merging_sides import Choice
from api.exports.formats import Ending
from api.history.models import ImportBatch, Revision
from api.history.undo import undo_batch
from api.offers.models import Offer, Status
from api.regions.models import Region
from api.sources.models import LINKED, SourceRecord
from importers.apply import import_rows
from importers.jobs import store
from importers.matching import pairs
from tests.curation.sheets import by, entry, place
from tests.exports import files
from tests.importers.sample import bring_in, make_lichtenberg, mapping, open_proposals, row
from tests.merging.world import merged, rows_of

OTHER_LIST: dict[str, Any] = {"source": {"slug": "andere", "title": "Andere Liste"}}
ONE = row("1", name="Café Sonne", street="Weg 1", postcode="10369", lon=13.5, lat=52.5, phone="030 12345")
OTHER = row(
    "a", name="Treff am Park", street="Parkweg 2", postcode="10369", lon=13.52, lat=52.5, phone="030 99999",
    organization="Verein", hours="Mo 9-12",
)  # fmt: skip


@pytest.fixture
def here(session: Session) -> Region:
    return make_lichtenberg(session)


@pytest.fixture
def both(session: Session, here: Region) -> tuple[Offer, Offer]:
    """Two offers, each from a list of its own."""
    bring_in(session, here, [ONE])
    bring_in(session, here, [OTHER], mapping(**OTHER_LIST))
    one, other = session.exec(select(Offer).order_by(col(Offer.id))).all()
    return one, other


def again(session: Session, here: Region, one: Any = ONE, other: Any = OTHER) -> dict[str, int]:
    """Both lists come once more."""
    first = bring_in(session, here, [one])
    second = bring_in(session, here, [other], mapping(**OTHER_LIST))
    return {name: first.counts[name] + second.counts[name] for name in ("new", "changed", "proposed")}


@pytest.mark.parametrize(
    "choices", [{}, {"name": Choice.OTHER, "organization": Choice.OTHER, "description": Choice.OTHER}]
)
@pytest.mark.parametrize("first", [0, 1])
def test_the_same_lists_change_nothing_and_create_nothing(
    session: Session, here: Region, both: tuple[Offer, Offer], first: int, choices: dict[str, Choice]
) -> None:
    kept, gone = both[first], both[1 - first]
    merged(session, here, kept, gone, choices)
    before = rows_of(session, kept, gone)
    revisions = len(session.exec(select(Revision.id)).all())
    assert again(session, here) == {"new": 0, "changed": 0, "proposed": 0}
    assert rows_of(session, kept, gone) == before
    assert len(session.exec(select(Revision.id)).all()) == revisions
    assert len(session.exec(select(Offer)).all()) == 2
    assert open_proposals(session) == []


def test_what_is_new_in_the_list_of_the_other_one_is_asked_about_the_kept_one(
    session: Session, here: Region, both: tuple[Offer, Offer]
) -> None:
    merged(session, here, *both)
    assert again(session, here, other=OTHER | {"website": "https://park.example"})["proposed"] == 1
    (asked,) = open_proposals(session)
    assert (asked.offer_id, set(asked.changes)) == (both[0].id, {"website"})
    deciding.decide(session, by(here), asked.id, {"website": Verdict(accepted=True)})
    assert both[0].website == "https://park.example"


def test_what_is_new_in_the_list_of_the_kept_one_is_written(
    session: Session, here: Region, both: tuple[Offer, Offer]
) -> None:
    merged(session, here, *both)
    again(session, here, one=ONE | {"description": "Neu."})
    assert both[0].description == "Neu."


def test_what_is_gone_from_the_list_of_the_other_one_takes_nothing_away(
    session: Session, here: Region, both: tuple[Offer, Offer]
) -> None:
    merged(session, here, *both)
    another = OTHER | {"id": "b", "name": "Ganz was anderes", "lon": 13.58}
    bring_in(session, here, [another], mapping(**OTHER_LIST))
    assert open_proposals(session) == []
    assert both[0].status == Status.PUBLISHED


def test_what_was_declined_before_is_not_asked_again(
    session: Session, here: Region, both: tuple[Offer, Offer]
) -> None:
    kept, other = both
    sheet.apply(session, by(here), other, {"description": {"old": "", "new": "Von Hand."}})
    news = OTHER | {"description": "Aus der Liste."}
    again(session, here, other=news)
    (asked,) = open_proposals(session)
    deciding.decide(session, by(here), asked.id, {"description": Verdict(accepted=False)})
    merged(session, here, kept, other)
    assert again(session, here, other=news)["proposed"] == 0
    assert open_proposals(session) == []


def test_another_list_is_linked_to_the_kept_one_as_if_the_other_had_never_been(
    session: Session, here: Region
) -> None:
    bring_in(session, here, [ONE])
    gone = entry(session, here, name="Café Sonne", places={"new-1": place(street="Weg 1")})
    assert len(list(pairs(session, here.id))) == 1
    kept = session.exec(select(Offer).where(Offer.id != gone.id)).one()
    merged(session, here, kept, gone)
    third = {"source": {"slug": "dritte", "title": "Dritte Liste"}}
    assert bring_in(session, here, [{**ONE, "id": "x"}], mapping(**third)).counts["linked"] == 1
    row_of_third = session.exec(select(SourceRecord).where(SourceRecord.key == "x")).one()
    assert row_of_third.offer_id == kept.id
    assert list(pairs(session, here.id)) == []


def test_after_taking_it_back_the_list_speaks_for_its_offer_again(
    session: Session, here: Region, both: tuple[Offer, Offer]
) -> None:
    done = merged(session, here, *both)
    again(session, here, other=OTHER | {"website": "https://park.example"})
    merging_undo.undo_merge(session, by(here), done.pair_id)
    record = session.exec(select(SourceRecord).where(SourceRecord.key == "a")).one()
    assert LINKED not in record.mapped
    assert record.offer_id == both[1].id
    again(session, here, other=OTHER | {"website": "https://park.example", "description": "Neu."})
    assert (both[1].description, both[1].status) == ("Neu.", Status.PUBLISHED)


def test_taking_back_the_import_of_the_other_one_leaves_the_kept_one_whole(
    session: Session, here: Region, both: tuple[Offer, Offer]
) -> None:
    merged(session, here, *both)
    whole = sheet.of_offer(session, here.id, both[0].id)
    batch = session.exec(select(ImportBatch.id).order_by(col(ImportBatch.id))).all()[1]
    undo_batch(session, batch, "test")
    session.expire_all()
    assert sheet.of_offer(session, here.id, both[0].id) == whole
    assert session.exec(select(Offer)).all() != []


def test_a_merge_is_no_import_on_any_list_of_imports(
    session: Session, here: Region, both: tuple[Offer, Offer]
) -> None:
    before = [batch.id for batch, _ in store.batches(session, here.id, 50)]
    merged(session, here, *both)
    assert [batch.id for batch, _ in store.batches(session, here.id, 50)] == before
    assert session.scalar(text("SELECT count(*) FROM import_batch WHERE source_id IS NULL")) == 1


def test_a_file_of_ours_from_before_is_about_the_kept_one(
    session: Session, here: Region, both: tuple[Offer, Offer], tmp_path: Path
) -> None:
    file = files.written(tmp_path, Ending.CSV, files.rows(session, here))
    merged(session, here, *both)
    report = import_rows(session, here, files.job(file))
    assert report.counts["new"] == 0
    # What the kept one has got from the other is news to a file that is older.
    assert {str(one.source_key).partition("-")[0] for one in open_proposals(session)} <= {f"A{both[0].id}"}
    assert len(session.exec(select(Offer)).all()) == 2
    key = col(SourceRecord.key).startswith(f"A{both[1].id}-")
    record = session.exec(select(SourceRecord).where(key)).one()
    assert (record.offer_id, LINKED in record.mapped) == (both[0].id, True)
