"""What becomes of a single row: a new offer, a change, a link to an offer that is there, or a proposal."""

from typing import Any

from api.curation.models import Kind
from api.history import service as history
from api.offers import service as offers
from api.offers.models import Status
from api.sources.models import SourceRecord
from importers import entries, hours
from importers.changes import Plan, compare, compare_linked
from importers.existing import LINKED, Known, same
from importers.match import Candidate, Verdict, match
from importers.record import Entry, Record
from importers.run import Run

SEVERAL_ROWS = "weicht von der ersten Zeile dieses Angebots ab; die erste gilt"


def take(run: Run, entry: Entry) -> str:
    """Take one row and return what became of it: new, changed, unchanged, linked or proposed."""
    assert entry.record is not None
    before = run.known.get(entry.key)
    if before is not None:
        return _renew(run, entry, entry.record, before)
    first = run.groups.get(entry.offer_key) if entry.offer_key else None
    verdict, candidate = Verdict.NEW, None
    if first is None:
        verdict, candidate = match(run.session, run.act.region_id, run.source.id, entry.record)
    if run.only_proposes or verdict == Verdict.DOUBTFUL:
        return _propose_new(run, entry, entry.record, candidate)
    if verdict == Verdict.CERTAIN and candidate is not None:
        return _link(run, entry, entry.record, candidate)
    return _create(run, entry, entry.record)


def miss(run: Run, key: str, gone: Known) -> None:
    """Report a row that the source no longer lists, and propose what follows from it."""
    run.report.count("gone")
    run.report.say_of_key(key, "gone", f"„{gone.offer.name}“ (Angebot {gone.offer.id})")
    others = [k for k, other in run.known.items() if other.offer.id == gone.offer.id and k != key]
    # A link never made the offer, an archived one is gone already, and other places may go on.
    if gone.is_linked or others or gone.offer.status == Status.ARCHIVED:
        return
    reason = f"„{run.source.title}“ führt dieses Angebot nicht mehr."
    run.proposals.make(Kind.WITHDRAW, key, reason, {}, offer_id=gone.offer.id)


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
    if plan.write:
        entries.write(run.session, run.act, before, record, plan.write)
    before.hours = hours.present(run.session, [before.offer.id])
    new, now = record.values(), before.present()
    written = [field for field in plan.write if same(new[field], now[field])]
    mapped = plan.mapped | {field: new[field] for field in written}
    if before.is_linked:
        mapped[LINKED] = True
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


def _create(run: Run, entry: Entry, record: Record) -> str:
    offer = run.groups.get(entry.offer_key) if entry.offer_key else None
    organization = contact = None
    is_first = offer is None
    if offer is None:
        extra = {
            "status": Status.PUBLISHED,
            "is_example": run.mapping.source.examples,
            "verified_on": run.mapping.source.date,
        }
        offer, organization, contact = entries.create_offer(run.session, run.act, record, extra)
    placed = entries.place_offer(run.session, run.act, offer, record, is_new=is_first)
    at_place, place = placed or (None, None)
    source_record = SourceRecord(
        source_id=run.source.id,
        key=entry.key,
        offer_id=offer.id,
        offer_at_place_id=at_place.id if at_place else None,
        raw=entry.raw,
        mapped={},
    )
    made = Known(source_record, offer, at_place, place, contact, organization)
    if not is_first:
        made.organization, made.contact = entries.provider_and_contact(run.session, offer)
    made.hours = hours.present(run.session, [offer.id])
    new, now = record.values(), made.present()
    source_record.mapped = {field: value for field, value in new.items() if same(value, now[field])}
    history.create(run.session, run.act, source_record)
    if entry.offer_key:
        run.groups.setdefault(entry.offer_key, offer)
    if not is_first:
        for field in new.keys() - source_record.mapped.keys():
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
