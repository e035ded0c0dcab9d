"""Several things of the queue at once: what would happen to each, and what cannot be done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from api.accounts import scope
from api.accounts.policy import Action, Subject
from api.core.errors import InvalidInputError, NotFoundError
from api.curation import bulk, entries, eyes, labels, reach, shared, viewing
from api.curation.bulk import Did, Result, Wish
from api.curation.deciding import Verdict
from api.curation.sheet import of_offer
from api.curation.sheet_fields import value_at
from api.curation.sight import masked_changes, masked_sheet
from api.curation.viewing import ProposalView
from api.doubts import service as doubts
from api.doubts import taking
from api.doubts.listing import Line
from api.doubts.models import State
from web.staff import queue_verdicts
from web.staff.queue import PROPOSAL
from web.staff.queue_doubts import DOUBT
from web.staff.queue_kinds import QUEUE, Reader
from web.staff.queue_words import OTHER_EYES

BULK: Final = f"{QUEUE}/auswahl"
CHOSEN: Final = "wahl"
SEEN: Final = "gesehen-"
# What somebody has to be allowed, for the thing itself.
RIGHTS: Final = {
    Did.ACCEPTED: Action.DECIDE,
    Did.DECLINED: Action.DECIDE,
    Did.TAKEN: Action.PUBLISH,
    Did.DISMISSED: Action.CONFIRM,
}
NOT_YOURS: Final = "Darüber entscheidet die Koordination."
OVER: Final = "Das hat schon jemand entschieden."
WORDS: Final = "Hier stehen Worte, die jemand beantworten muss."
CONFLICT: Final = "Inzwischen steht etwas anderes da. Bitte sehen Sie es einzeln an."
NO_VALUE: Final = "Hier weiß niemand einen besseren Wert. Bitte ändern Sie es selbst."
NOTHING: Final = "Hier ist nichts, was man annehmen kann."
OF_OTHERS: Final = "Das gilt auch für Angebote, für die Sie nicht zuständig sind."


@dataclass(frozen=True)
class Step:
    """One field in words, before and after."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Plan:
    """What would happen to one thing; why_not: what stands in the way."""

    number: int
    path: str
    name: str
    said: str = ""  # what it is about
    steps: list[Step] = field(default_factory=list)
    why_not: str = ""
    seen: str = ""


def numbers(said: list[str]) -> list[int]:
    """Return the numbers of the things that somebody has chosen, each once."""
    found = [int(one) for one in said if one.isascii() and one.isdecimal() and len(one) < 20]  # noqa: PLR2004
    return [one for one in dict.fromkeys(found) if one <= reach.HIGHEST][: bulk.MOST]


def plans(reader: Reader, did: Did, chosen: list[int]) -> list[Plan]:
    """Return what would happen to these; what is not in the reader's queue is not even named."""
    found = []
    for number in chosen:
        try:
            subject, proposal, doubt = _thing(reader, did, number)
        except NotFoundError:
            continue
        told = reader, did, subject
        found.append(_of_proposal(*told, proposal) if proposal else _of_doubt(*told, doubt))
    return found


def wishes(reader: Reader, did: Did, sent: Mapping[str, str]) -> list[Wish]:
    """Return what a preview has sent, as far as the reader may do it; somebody else may have been faster."""
    said = {
        number: value
        for name, value in sent.items() if name.startswith(SEEN)
        for number in numbers([name.removeprefix(SEEN)])
    }  # fmt: skip
    found = []
    for number in list(said)[: bulk.MOST]:
        try:
            subject, proposal, doubt = _thing(reader, did, number)
        except NotFoundError:
            continue
        if reader.person.may(RIGHTS[did], subject) and not _is_of_others(reader, did, proposal, doubt):
            found.append(Wish(number, did, said[number]))
    return found


def check_reach(reader: Reader, result: Result) -> None:
    """Raise NotFoundError unless somebody has done this alone, or may take everything of it back."""
    person = reader.person
    if result.actor == person.actor or person.spaces_for(Action.UNDO) is None:
        return
    raise NotFoundError("Nothing was decided here.")


def may_undo(reader: Reader, result: Result) -> bool:
    """Return whether somebody may take all of it back: their own deed, or with the right to undo."""
    for row in result.rows:
        action = RIGHTS[row.did] if result.actor == reader.person.actor else Action.UNDO
        try:
            subject, _proposal, _doubt = _thing(reader, row.did, row.number)
        except NotFoundError:
            if row.offer_id is not None and row.why is None:
                return False
            continue
        if row.why is None and not reader.person.may(action, subject):
            return False
    return result.undone_at is None and any(row.why is None for row in result.rows)


def path_of(did: Did, number: int) -> str:
    """Return where a thing is looked at by itself."""
    is_proposal = did in (Did.ACCEPTED, Did.DECLINED)
    return f"{PROPOSAL if is_proposal else DOUBT}/{number}"


def _thing(reader: Reader, did: Did, number: int) -> tuple[Subject, ProposalView | None, Line | None]:
    """Return a thing of the reader's queue and where it lies, or raise NotFoundError."""
    session, region, person = reader.session, reader.region, reader.person
    if did in (Did.ACCEPTED, Did.DECLINED):
        subject = reach.proposal_for(session, person, Action.SEE_QUEUE, number)
        sight = reach.sight(person, subject)
        return subject, viewing.proposal(session, region, number, sight, person.actor), None
    line = doubts.get(session, region.id, number)
    return reach.offer_for(session, person, Action.SEE_QUEUE, line.offer_id), None, line


def _is_of_others(reader: Reader, did: Did, view: ProposalView | None, line: Line | None) -> bool:
    """Return whether this would change what offers beyond the reader's reach share."""
    session, person = reader.session, reader.person
    if person.spaces_for(RIGHTS[did]) is None:
        return False
    within = scope.offers_for(person, RIGHTS[did])
    if did == Did.TAKEN and line is not None:
        return taking.is_of_others(session, entries.by_form(person), line, within)
    if did != Did.ACCEPTED or view is None:
        return False
    waiting = {one.path: Verdict(accepted=True) for one in view.fields if queue_verdicts.is_waiting(one)}
    try:
        shared.check_verdicts(session, view.id, waiting, within)
    except InvalidInputError:
        return True
    return False


def _of_proposal(reader: Reader, did: Did, subject: Subject, view: ProposalView) -> Plan:
    waiting = [one for one in view.fields if queue_verdicts.is_waiting(one)]
    why_not = ""
    if not reader.person.may(RIGHTS[did], subject):
        why_not = NOT_YOURS
    elif view.decision != "open":
        why_not = OVER
    elif did == Did.ACCEPTED:
        why_not = _why_not_accepted(view) or (OF_OTHERS if _is_of_others(reader, did, view, None) else "")
    steps = [Step(one.label, one.now if one.is_conflict else one.old, one.new) for one in waiting]
    said = " ".join(view.remarks.values())
    return Plan(view.id, path_of(did, view.id), view.name or "Ohne Namen", said, steps, why_not)


def _why_not_accepted(view: ProposalView) -> str:
    if view.remarks:
        return WORDS
    if view.needs_other:
        return OTHER_EYES
    if any(one.is_conflict for one in view.fields):
        return CONFLICT
    return "" if any(queue_verdicts.is_waiting(one) for one in view.fields) else NOTHING


def _of_doubt(reader: Reader, did: Did, subject: Subject, line: Line | None) -> Plan:
    assert line is not None
    session, region, person = reader.session, reader.region, reader.person
    sight, whole = reach.sight(person, subject), of_offer(session, region.id, line.offer_id)
    known = labels.words(session, region)
    present = masked_sheet(whole, sight)
    changes = masked_changes(doubts.changes(line, whole), whole, sight)
    if did == Did.TAKEN:
        shown = {path: labels.said(path, change["new"], known) for path, change in changes.items()}
    else:
        shown = {line.path: ""} if line.path else {}
    steps = [
        Step(labels.label(path, present), labels.said(path, value_at(present, path), known), new)
        for path, new in shown.items()
    ]
    why_not = ""
    if not person.may(RIGHTS[did], subject):
        why_not = NOT_YOURS
    elif line.state != State.OPEN:
        why_not = OVER
    elif did == Did.TAKEN and not changes:
        why_not = NO_VALUE
    elif did == Did.TAKEN and eyes.wanted(session, region.id):
        why_not = OTHER_EYES
    elif _is_of_others(reader, did, None, line):
        why_not = OF_OTHERS
    return Plan(line.id, path_of(did, line.id), line.name, line.sentence, steps, why_not, line.seen)
