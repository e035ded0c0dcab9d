"""What becomes of rows: a new offer, a change, a link to an offer that is there, or a proposal."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlmodel import col

from api.curation.models import Kind
from api.history import service as history
from api.offers import service as offers
from api.offers.models import Offer, Status
from api.sources.models import LINKED, SourceRecord
from importers import entries as entries_of
from importers import hours, own
from importers.changes import Plan, compare, compare_linked
from importers.create import create
from importers.existing import Known, known, same
from importers.matching import Candidate, Verdict, match_all
from importers.record import Entry, Record
from importers.run import Run

SEVERAL_ROWS = "weicht von der ersten Zeile dieses Angebots ab; die erste gilt"


def take(run: Run, entries: Sequence[Entry]) -> dict[str, str]:
    """Take rows and return what became of each key: new, changed, unchanged, linked or proposed."""
    own.link(run, entries)
    before = known(run.session, run.source.id, [entry.key for entry in entries])
    outcomes = {
        entry.key: _renew(run, entry, _record(entry), before[entry.key])
        for entry in entries
        if entry.key in before
    }
    waiting = [entry for entry in entries if entry.key not in before]
    while waiting:
        some, waiting = _take_new(run, waiting)
        outcomes |= some
    return outcomes


def _take_new(run: Run, entries: Sequence[Entry]) -> tuple[dict[str, str], list[Entry]]:
    """Take those of the new rows that do not depend on others; return what became of them, and the others."""
    joining = [entry for entry in entries if entry.offer_key in run.groups]
    firsts: dict[str, Entry] = {}
    waiting = [
        entry
        for entry in entries
        if entry.offer_key not in run.groups and firsts.setdefault(_group(entry), entry) is not entry
    ]
    outcomes = {entry.key: _join(run, entry, _record(entry)) for entry in joining}
    asked = list(firsts.values())
    found = match_all(run.session, run.act.region_id, run.source.id, asked) if asked else {}
    new = []
    for entry in asked:
        verdict, candidate = found[entry.key]
        if run.only_proposes or verdict == Verdict.DOUBTFUL:
            outcomes[entry.key] = _propose_new(run, entry, _record(entry), candidate)
        elif verdict == Verdict.CERTAIN and candidate is not None:
            outcomes[entry.key] = _link(run, entry, _record(entry), candidate)
        else:
            new.append(entry)
    create(run, new)
    outcomes |= {entry.key: "new" for entry in new}
    return outcomes, waiting


def _group(entry: Entry) -> str:
    """Return what rows of one offer share; every other row is alone with its key."""
    return f"offer {entry.offer_key}" if entry.offer_key else f"row {entry.key}"


def _record(entry: Entry) -> Record:
    assert entry.record is not None
    return entry.record


def miss(run: Run, key: str, gone: Known) -> None:
    """Report a row that the source no longer lists, and propose what follows from it."""
    run.report.count("gone")
    run.report.say_of_key(key, "gone", f"„{gone.offer.name}“ (Angebot {gone.offer.id})")
    # A link never made the offer, an archived one is gone already, and other places may go on.
    if gone.is_linked or gone.offer.status == Status.ARCHIVED or _has_other_rows(run, gone):
        return
    reason = f"„{run.source.title}“ führt dieses Angebot nicht mehr."
    run.proposals.make(Kind.WITHDRAW, key, reason, {}, offer_id=gone.offer.id)


def _has_other_rows(run: Run, gone: Known) -> bool:
    others = exists().where(
        col(SourceRecord.source_id) == run.source.id,
        col(SourceRecord.offer_id) == gone.offer.id,
        col(SourceRecord.id) != gone.record.id,
    )
    return bool(run.session.scalar(select(others)))


def _renew(run: Run, entry: Entry, record: Record, before: Known) -> str:
    new, mapped, now = record.values(), before.record.mapped, before.present()
    plan = compare_linked(new, mapped, now) if before.is_linked else compare(new, mapped, now)
    if run.only_proposes:
        plan.ask, plan.write = plan.ask + plan.write, []
    written = [] if run.only_proposes else _write(run, entry, record, before, plan)
    for field in written:
        run.report.say(entry, "changed", "neu in der Quelle", field)
    for field in plan.kept:
        run.report.count("kept")
        run.report.say(entry, "kept", "Ein Mensch hat dieses Feld geändert", field)
    asked = _ask(run, entry, before, plan, new, now)
    if written:
        return "changed"
    return "proposed" if asked else "unchanged"


def _ask(run: Run, entry: Entry, before: Known, plan: Plan, new: dict[str, Any], now: dict[str, Any]) -> bool:
    if not plan.ask:
        return False
    changes = {field: {"old": now[field], "new": new[field]} for field in plan.ask}
    reason = f"„{run.source.title}“ sagt es jetzt anders: {', '.join(plan.ask)}."
    is_new = run.proposals.make(
        Kind.CHANGE, entry.key, reason, changes, offer_id=before.offer.id, raw=entry.raw
    )
    if is_new:
        run.report.say(entry, "proposed", reason)
    return is_new


def _write(run: Run, entry: Entry, record: Record, before: Known, plan: Plan) -> list[str]:
    written = []
    mapped = plan.mapped
    if plan.write:
        entries_of.write(run.session, run.act, before, record, plan.write)
        before.hours = hours.present(run.session, [before.offer.id])
        new, now = record.values(), before.present()
        written = [field for field in plan.write if same(new[field], now[field])]
        mapped = mapped | {field: new[field] for field in written}
    if before.is_linked:
        mapped = {**mapped, LINKED: True}
    else:
        _verify(run, before)
    changed = history.change(run.session, run.act, before.record, {"raw": entry.raw, "mapped": mapped})
    if changed == ["raw"] and not written:
        run.report.say(entry, "note", "Nur Angaben, die nicht übernommen werden, sind neu")
    return written


def _verify(run: Run, before: Known) -> None:
    """Note that the source has confirmed the offer; a later look by a person counts more."""
    stated, verified = run.mapping.source.date, before.offer.verified_on
    if stated is not None and (verified is None or verified < stated):
        offers.change(run.session, run.act, before.offer, {"verified_on": stated})


def _join(run: Run, entry: Entry, record: Record) -> str:
    """Let an offer take place where another of its rows says; the first row speaks for the offer itself."""
    if run.only_proposes:
        return _propose_new(run, entry, record, None)
    offer = run.session.get_one(Offer, run.groups[entry.offer_key])
    at_place, place = entries_of.place_offer(run.session, run.act, offer, record) or (None, None)
    row = SourceRecord(
        source_id=run.source.id,
        key=entry.key,
        offer_id=offer.id,
        offer_at_place_id=at_place.id if at_place else None,
        raw=entry.raw,
        mapped={},
    )
    made = Known(row, offer, at_place, place)
    made.organization, made.contact = entries_of.provider_and_contact(run.session, offer)
    made.hours = hours.present(run.session, [offer.id])
    new, now = record.values(), made.present()
    row.mapped = {field: value for field, value in new.items() if same(value, now[field])}
    history.create(run.session, run.act, row)
    for field in new.keys() - row.mapped.keys():
        run.report.say(entry, "note", SEVERAL_ROWS, field)
    return "new"


def _link(run: Run, entry: Entry, record: Record, candidate: Candidate) -> str:
    row = SourceRecord(
        source_id=run.source.id,
        key=entry.key,
        offer_id=candidate.offer_id,
        offer_at_place_id=candidate.at_place_id,
        raw=entry.raw,
        mapped={**record.values(), LINKED: True},
    )
    history.create(run.session, run.act, row)
    run.report.say(entry, "linked", f"„{candidate.name}“ (Angebot {candidate.offer_id}) ist schon da")
    return "linked"


def _propose_new(run: Run, entry: Entry, record: Record, candidate: Candidate | None) -> str:
    reason = candidate.reason if candidate else f"Neu in „{run.source.title}“."
    changes = {field: {"old": None, "new": value} for field, value in record.values().items()}
    if not run.proposals.make(Kind.CREATE, entry.key, reason, changes, raw=entry.raw):
        return "unchanged"
    run.report.say(entry, "proposed", reason)
    return "proposed"
