"""What is exported and imported again is the same: the demo, and texts that nobody would think of."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlmodel import Session, col
from starlette.testclient import TestClient

from api.regions.models import Region
from importers import values
from tests.factories import make_offer, make_place, make_region, make_topic
from tests.hsds.exchange import bring_in, mapping, sorted_bare, taken_out, write_lines, write_package

COPY = """
  WITH new AS (
    INSERT INTO division (region_id, slug, name, level_names, resident_level, valid_from_on, valid_to_on)
    SELECT :new, slug, name, level_names, resident_level, valid_from_on, valid_to_on
    FROM division WHERE region_id = :old RETURNING id, slug)
  INSERT INTO space (division_id, level, code, key, name, slug, geom)
  SELECT new.id, s.level, s.code, s.key, s.name, s.slug, s.geom
  FROM space s JOIN division d ON d.id = s.division_id AND d.region_id = :old JOIN new ON new.slug = d.slug
"""
EXAMPLES: list[Any] = [{"column": "is_example", "equals": ["ja"], "reason": "Beispiel"}]
REAL: list[Any] = [{"column": "is_example", "empty": True, "reason": "kein Beispiel"}]


@pytest.fixture
def demo_session(demo: Engine) -> Iterator[Session]:
    """A session on the demo regions whose work is rolled back."""
    with demo.connect() as connection, connection.begin() as transaction:
        options: dict[str, Any] = {"join_transaction_mode": "create_savepoint", "expire_on_commit": False}
        with Session(bind=connection, **options) as opened:
            yield opened
        transaction.rollback()


def twin(session: Session, old: Region) -> Region:
    """A second region with the spaces of a first one."""
    found = make_region(session, is_default=False, state=old.state, timezone=old.timezone)
    session.execute(text(COPY), {"new": found.id, "old": old.id})
    return found


def brought_over(session: Session, new: Region, file: Path) -> None:
    """Bring both parts of the demo: what is invented is so by its source."""
    for number, (skip, examples) in enumerate(((EXAMPLES, False), (REAL, True))):
        told = mapping(source={"slug": f"teil-{number}", "examples": examples}, skip=skip)
        report = bring_in(session, new, file, told)
        assert not report.counts.get("rejected"), list(report.lines(50))


@pytest.mark.parametrize(
    ("slug", "form"),
    [
        ("lichtenberg", "zip"),
        ("unna", "ndjson"),
        pytest.param("lichtenberg", "ndjson", marks=pytest.mark.proof),
        pytest.param("unna", "zip", marks=pytest.mark.proof),
    ],
)
def test_the_demo_comes_back_as_it_went(
    demo_session: Session, demo_reader: TestClient, tmp_path: Path, slug: str, form: str
) -> None:
    old = demo_session.scalars(select(Region).where(col(Region.slug) == slug)).one()
    before = taken_out(demo_session, old)
    if form == "zip":
        file = tmp_path / "hsds.zip"
        file.write_bytes(demo_reader.get(f"/hsds/datapackage.zip?region={slug}").content)
    else:
        file = write_lines(tmp_path / "dienste.ndjson", before)
    new = twin(demo_session, old)
    brought_over(demo_session, new, file)
    assert sorted_bare(taken_out(demo_session, new)) == sorted_bare(before)
    # As our tables have it, not only what was kept of the source.
    demo_session.execute(text("UPDATE source_record SET raw = raw - 'hsds'"))
    assert sorted_bare(taken_out(demo_session, new)) == sorted_bare(before)


AWKWARD = (
    "=1+1", "+49 30 1", "-5", "@SUM(A1)", '"', "„“", "'", ",", ";", "\\", "|", "<b>&amp;</b>", "🏳️‍🌈", "👩‍👧",
    "مرحبا", "\u200fעברית\u200e", "é", "e\u0301", "ß", "{name}", "${x}", "%s", "NULL", "null", "–", "0",
    "1e5", "ja", "\u2028", "#", "--",
)  # fmt: skip
# As an import leaves texts: without invisible signs and double spaces. What has come in once stays so.
words = st.lists(st.sampled_from(AWKWARD), min_size=1, max_size=4).map(
    lambda said: values.line(" ".join(said))
)
texts = st.lists(words, min_size=1, max_size=3).map("\n".join).map(values.as_text)


OFFERS = 12  # in each example: to bring in many takes hardly longer than one


@settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # each example is an import: making it smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(said=st.lists(st.tuples(words, texts, words), min_size=OFFERS, max_size=OFFERS))
@pytest.mark.parametrize("form", ["ndjson", "zip"])
def test_awkward_texts_come_back_as_they_went(
    session: Session, tmp_path: Path, form: str, said: list[tuple[str, str, str]]
) -> None:
    with session.begin_nested() as all_of_it:
        old = make_region(session, is_default=False)
        make_topic(session, "geld")
        for number, (title, description, note) in enumerate(said):
            lon = 13.4 + number / 100  # each house far from every other
            street = values.line(f"Weg {note} {number}")
            place = make_place(session, old, lon, 52.5, name=values.line(f"Haus {title}"), street=street)
            make_offer(
                session,
                old,
                place,
                organization=values.line(f"Verein {title} {number}"),
                contact={"label": values.line(f"Büro {note}"), "phone": f"+49 30 1234{number:02}"},
                name=values.line(f"{title} Angebot {number}"),
                summary=title,
                description=description,
                access_note=note,
                cost_note=note,
                hours_text=note,
                topics=["geld"],
                languages=["de", "ar"],
                min_age=3,
                max_age=99,
                cost="free",
                access="walk_in",
            )
        before = taken_out(session, old)
        if form == "zip":
            file = tmp_path / "hsds.zip"
            write_package(session, old, file)
        else:
            file = write_lines(tmp_path / "dienste.ndjson", before)
        new = twin(session, old)
        report = bring_in(session, new, file, mapping())
        assert report.counts.get("new") == OFFERS, list(report.lines(9))
        assert sorted_bare(taken_out(session, new)) == sorted_bare(before)
        # As they stand in the tables, not only in what was kept of the source.
        session.execute(text("UPDATE source_record SET raw = raw - 'hsds'"))
        assert sorted_bare(taken_out(session, new)) == sorted_bare(before)
        all_of_it.rollback()
