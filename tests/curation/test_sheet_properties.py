"""Differences of sheets: whatever two people do to an entry, nothing is lost and nothing is done twice."""

import json
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from api.curation import sheet
from api.curation.sheet_checks import checked_value
from api.curation.sheet_difference import difference, group, overlaid, same_at, three_way
from api.curation.sheet_fields import OFFER, PARTS, Sheet, split, value_at
from api.regions.models import Region
from api.taxonomy.models import Topic
from tests.curation.sheets import by, contact, line, place, point, told
from tests.factories import make_audience, make_region, make_topic

LINES = st.lists(
    st.builds(
        line,
        st.sampled_from(["FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TU,TH", "FREQ=MONTHLY;BYDAY=1FR"]),
        starts=st.sampled_from(["08:00", "10:00"]),
        note=st.sampled_from(["", "mit Termin"]),
        deviations=st.sampled_from([[], [{"change": "cancelled", "on": "2026-01-12"}]]),
    ),
    max_size=3,
).map(lambda lines: checked_value("schedules", lines))
TEXT = st.sampled_from(["", "eins", "zwei", "drei"])
# Each place far from every other, and no address spelt in two ways: those would be one house.
PLACES = st.builds(
    lambda number, **more: place(street=f"Weg {number}", point=point(13 + number / 100, 52.5), **more),
    st.integers(1, 30),
    note=TEXT,
    name=st.sampled_from([None, "Haus"]),
    schedules=LINES,
)
CONTACTS = st.builds(
    contact,
    label=st.sampled_from(["Büro", "Leitung", "Empfang"]),
    phone=st.sampled_from([None, "030 1", "030 2"]),
    is_public=st.booleans(),
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["Café", "Treff", "Laden"]),
    "summary": TEXT,
    "organization": st.sampled_from(["Verein", "Amt"]),
    "topics": st.sampled_from([[], ["familie"], ["familie", "geld"]]),
    "audiences": st.sampled_from([[], ["eltern"]]),
    "languages": st.sampled_from([[], ["de"], ["de", "tr"]]),
    "min_age": st.sampled_from([None, 0, 3]),
    "max_age": st.sampled_from([None, 6, 12]),
    "cost": st.sampled_from(["free", "paid", "unknown"]),
    "outreach": st.booleans(),
    "website": st.sampled_from([None, "https://a.example", "https://b.example"]),
    "referral.how": TEXT,
    "referral.papers": st.sampled_from([[], ["tenancy"], ["identity", "tenancy"]]),
    "schedules": LINES,
}
# The database is the same for all examples of a test; each makes entries of its own.
IN_ONE_DATABASE = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # smaller examples would each have to be written, too
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@st.composite
def edits(draw: st.DrawFn, before: Sheet, names: list[str] | None = None) -> Sheet:
    """The same sheet after somebody has worked on it, on some of its fields and parts."""
    after = deepcopy(before)
    for name in VALUES if names is None else names:
        if draw(st.booleans()):
            after[name] = draw(VALUES[name])
    if names is None:
        for kind, parts in (("contacts", CONTACTS), ("places", PLACES)):
            for key in list(after[kind]):
                what = draw(st.sampled_from(["stay", "stay", "go", "change"]))
                if what == "go":
                    del after[kind][key]
                elif what == "change":
                    after[kind][key] = draw(parts)
            for number in range(draw(st.integers(0, 2))):
                after[kind][f"new-{number + 1}"] = draw(parts)
    return after


def sheets() -> st.SearchStrategy[Sheet]:
    return edits(told(organization="Verein"))


def alike(one: Sheet, other: Sheet) -> bool:
    """Whether two sheets say the same, whatever numbers their parts have."""
    fields = all(same_at(split(name), one[name], other[name]) for name in OFFER)  # type: ignore[arg-type]
    return fields and all(
        sorted(map(plain, one[kind].values())) == sorted(map(plain, other[kind].values())) for kind in PARTS
    )


def plain(part: dict[str, Any]) -> str:
    return json.dumps(part, sort_keys=True)


def is_possible(said: Sheet) -> bool:
    """Whether no two of its places are one house, and no contact is there twice."""
    streets = [one["street"] for one in said["places"].values()]
    contacts = [plain(one) for one in said["contacts"].values()]
    return len(set(streets)) == len(streets) and len(set(contacts)) == len(contacts)


@given(st.data())
def test_a_difference_laid_over_the_old_is_the_new(data: st.DataObject) -> None:
    old = data.draw(sheets())
    new = data.draw(edits(old))
    assert overlaid(old, difference(old, new)) == new
    assert difference(old, deepcopy(old)) == {}


@given(st.data())
def test_conflicts_are_where_both_have_changed_the_same_and_nowhere_else(data: st.DataObject) -> None:
    base = data.draw(sheets())
    mine, theirs = data.draw(edits(base)), data.draw(edits(base))
    changes, others = difference(base, mine), difference(base, theirs)
    _doing, conflicts = three_way(theirs, changes)
    collided = {path for path in changes if collides(path, changes, others, theirs)}
    together = {group(found) for path in collided if (found := split(path))}
    expected = collided | {
        path
        for path in changes
        if (found := split(path))
        and group(found) in together
        and not is_new_part(path)
        and not same_at(found, value_at(theirs, path), changes[path]["new"])
    }
    assert conflicts.keys() == expected
    assert all(conflicts[path] == value_at(theirs, path) for path in conflicts)


def collides(path: str, changes: dict[str, Any], others: dict[str, Any], theirs: Sheet) -> bool:
    """Whether a path was changed by both in different ways, a part and its fields being one thing."""
    found = split(path)
    assert found is not None
    if is_new_part(path):
        return False
    touching = [
        other
        for other in others
        if other == path
        or (found.part and (other == found.whole or (not found.field and other.startswith(f"{path}/"))))
    ]
    return bool(touching) and not same_at(found, value_at(theirs, path), changes[path]["new"])


def is_new_part(path: str) -> bool:
    found = split(path)
    return found is not None and found.is_new and not found.field


@IN_ONE_DATABASE
@given(data=st.data())
def test_what_is_applied_is_read_again_and_applying_it_twice_changes_nothing(
    session: Session, data: st.DataObject
) -> None:
    region = made(session)
    offer = sheet.create(session, by(region), data.draw(sheets().filter(is_possible)))
    before = sheet.read(session, offer)
    after = data.draw(edits(before).filter(is_possible))
    assume(not moves_in_with_others(before, after))
    changes = difference(before, after)
    applied = sheet.apply(session, by(region), offer, changes)
    session.expire_all()
    now = sheet.read(session, offer)
    assert applied.conflicts == {}
    assert set(applied.written) == set(changes) - already(before, changes)
    assert alike(now, after)
    again = sheet.apply(session, by(region), offer, changes)
    session.expire_all()
    assert (again.written, again.conflicts) == ([], {})
    assert sheet.read(session, offer) == now


@IN_ONE_DATABASE
@given(data=st.data())
def test_who_changes_different_things_comes_to_the_same_in_any_order(
    session: Session, data: st.DataObject
) -> None:
    region = made(session)
    start = data.draw(sheets().filter(is_possible))
    ages, others = ["min_age", "max_age"], [name for name in VALUES if not name.endswith("_age")]
    cut = data.draw(st.integers(0, len(others)))
    results = []
    one = two = None
    for order in ((0, 1), (1, 0)):
        offer = sheet.create(session, by(region), start)
        before = sheet.read(session, offer)
        one = one or data.draw(edits(start, others[:cut]))
        two = two or data.draw(edits(start, [*others[cut:], *ages]))
        changes = [difference(start, one), difference(start, two)]
        for number in order:
            applied = sheet.apply(session, by(region), offer, changes[number])
            assert applied.conflicts == {}
        session.expire_all()
        now = sheet.read(session, offer)
        results.append({name: now[name] for name in OFFER})
        assert before["contacts"] == now["contacts"]
    assert results[0] == results[1]


def moves_in_with_others(before: Sheet, after: Sheet) -> bool:
    """Whether a place becomes what another one was: who moves first would find the house taken."""
    return any(
        before["places"][other]["street"] == one["street"]
        for key, one in after["places"].items()
        for other in before["places"]
        if key in before["places"] and other != key
    )


def already(before: Sheet, changes: dict[str, Any]) -> set[str]:
    """New parts that are there already, word for word, and stay."""
    return {
        path
        for path, change in changes.items()
        if is_new_part(path)
        and (found := split(path))
        and change["new"] in staying(before, found.part, changes)
    }


def staying(before: Sheet, kind: str, changes: dict[str, Any]) -> list[Any]:
    touched = {found.whole for path in changes if (found := split(path))}
    return [part for key, part in before[kind].items() if f"{kind}/{key}" not in touched]


def made(session: Session) -> Region:
    """A region for one example alone."""
    if not session.exec(select(Topic)).first():
        for slug in ("familie", "geld"):
            make_topic(session, slug)
        make_audience(session, "eltern")
    return make_region(session, is_default=False)
