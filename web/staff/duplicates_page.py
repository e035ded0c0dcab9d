"""The page on which two offers become one, with what was chosen on it, and what has become of a pair."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi import Response

from api.accounts.policy import Action
from api.core.errors import ConflictError, InvalidInputError, NotFoundError
from api.curation import entries, eyes, labels, merging
from api.curation.claims import About
from api.curation.duplicates_kinds import PairDecision
from api.curation.duplicates_listing import PairLine, Side
from api.curation.merging import Plan
from api.curation.merging_sides import Choice, SideBySide, side_by_side
from api.curation.sheet_fields import Sheet
from api.offers import redirects
from web.pages.staff_offers import STATES
from web.staff import duplicates_form, queue_claims
from web.staff.duplicates import Here, address, check_sees_all, places_of, sides
from web.staff.duplicates_form import Answers, Question, Sort
from web.staff.duplicates_queue import why
from web.staff.gate import PATH
from web.staff.queue_words import OTHER_EYES, actors
from web.staff.showing import page

CHANGED: Final = (
    "Inzwischen hat sich etwas geändert: {named}. Ihre Auswahl ist noch da. Bitte prüfen Sie sie."
)
ARCHIVED: Final = (
    "„{name}“ ist archiviert. Holen Sie den Eintrag erst zurück, dann lassen sich beide zusammenführen."
)
WRONG: Final = "So lassen sich die beiden nicht zusammenführen. Bitte sehen Sie die markierten Stellen an."


@dataclass(frozen=True)
class Form:
    """Two offers, the questions about them and what was answered; a and b: which offers are called so."""

    a: Side
    b: Side
    found: SideBySide
    asked: list[Question]
    answers: Answers

    @property
    def stays(self) -> tuple[int, int]:
        """Return the number of the offer that is to stay, and that of the other one."""
        ids = self.a.id, self.b.id
        return ids if self.answers.stays == duplicates_form.A else (ids[1], ids[0])

    @property
    def choices(self) -> dict[str, Choice]:
        """Return the answers as a merge takes them."""
        return duplicates_form.choices(self.asked, self.answers, self.found)


def form_of(here: Here, line: PairLine, sent: Mapping[str, str] | None = None) -> Form:
    """Return the form about a pair as it was sent, as somebody has planned it, or as it usually begins."""
    check_sees_all(here, line)
    ids = {str(side.id): side.id for side in (line.one, line.other)}
    plan = merging.planned(here.session, here.region.id, line.id) if not sent else None
    usual = merging.usual_order(here.session, here.region.id, line.one.id, line.other.id)[0]
    first = plan.kept_id if plan else ids.get((sent or {}).get(duplicates_form.FIRST, ""), usual)
    a, b = sides(line, first)
    found = side_by_side(here.session, here.region.id, a.id, b.id)
    asked = duplicates_form.questions(found, labels.words(here.session, here.region))
    if plan:
        said = duplicates_form.planned(asked, plan.choices, plan.note)
    else:
        said = duplicates_form.answers(asked, sent or {})
    return Form(a, b, found, asked, said)


def is_as_planned(here: Here, form: Form, plan: Plan | None) -> bool:
    """Return whether this very merge was planned by somebody else and both offers are as they were then."""
    if plan is None or plan.by == here.person.actor or form.stays[0] != plan.kept_id:
        return False
    wanted = form.choices
    now = side_by_side(here.session, here.region.id, *form.stays)
    rows = [row for row in now.rows if not row.is_same]
    return plan.seen == now.seen and all(wanted[row.path] == plan.choices[row.path] for row in rows)


def merge_page(
    here: Here,
    line: PairLine,
    form: Form,
    sent: Mapping[str, str] | None = None,
    status: int = 200,
    **more: Any,  # noqa: ANN401
) -> Response:
    """Return the page of a pair that waits; sent: a form that could not be taken, so that it is said why."""
    is_old = sent is not None and sent.get(duplicates_form.SEEN) != form.found.seen
    marks = sent.get(duplicates_form.SHOWN, "") if sent and is_old else ""
    changed, named = duplicates_form.changed(form.asked, marks)
    plan = merging.planned(here.session, here.region.id, line.id)
    four_eyes = eyes.wanted(here.session, here.region.id)
    context: dict[str, Any] = {
        "line": line,
        "undo_id": 0,
        "why": why(line),
        "form": form,
        "both": (("A", form.a), ("B", form.b)),
        "places": places_of(here.session, [line]),
        "verified": {"A": _day(form.found.kept), "B": _day(form.found.other)},
        "states": STATES,
        "different": _of(form, changed, Sort.DIFFERENT),
        "parts": _of(form, changed, Sort.PART),
        "twins": [labels.label(path, form.found.kept) for path in form.found.twins.values()],
        "filled": [one for one in form.asked if one.sort == Sort.FILLED and one.key not in changed],
        "same": [one for one in form.asked if one.sort == Sort.SAME and (one.a or one.b)],
        "changed": changed,
        "shown": duplicates_form.shown(form.asked),
        "plan": plan,
        "is_own_plan": plan is not None and plan.by == here.person.actor,
        "is_old_plan": plan is not None and plan.kept_id == form.a.id and plan.seen != form.found.seen,
        "who": actors(here.session, {plan.by} if plan else set()),
        "four_eyes": four_eyes,
        "suggests": four_eyes and not is_as_planned(here, form, plan),
        "error": _archived(form) or (_what_changed(named) if is_old else ""),
        "care": queue_claims.care(here.session, here.person, (About.PAIR, line.id)),
        "back": here.url(address(line.id)),
        **here.ways(line.id),
    }
    return page(*here, "merge.html", status, **(context | more))


def refused(here: Here, line: PairLine, sent: Mapping[str, str], error: Exception) -> Response:
    """Return the page with what stood in the way and all that was chosen."""
    form = form_of(here, line, sent)
    if isinstance(error, InvalidInputError):
        keys = {duplicates_form.key_of(form.asked, one.field, form.found): one.detail for one in error.errors}
        details = " ".join(dict.fromkeys(detail for key, detail in keys.items() if not key))
        return merge_page(
            here, line, form, sent, error.status, error=f"{WRONG} {details}".strip(), mistakes=keys
        )
    assert isinstance(error, ConflictError)
    if error.detail == eyes.ALONE:
        return merge_page(here, line, form, sent, error.status, error=OTHER_EYES)
    return merge_page(here, line, form, sent, error.status)


def decided_page(
    here: Here,
    line: PairLine,
    sent: Mapping[str, str] | None = None,
    status: int = 200,
    **more: Any,  # noqa: ANN401
) -> Response:
    """Return what has become of a pair; sent: choices that came too late, for reading once more."""
    stays, gone = sides(line, line.kept_id or line.one.id)
    moved = {}
    if line.decision == PairDecision.CLOSED:
        moved = redirects.of_ids(here.session, here.region.id, [line.one.id, line.other.id])
    context: dict[str, Any] = {
        "line": line,
        "stays": stays,
        "gone": gone,
        "public_url": f"/angebot/{stays.slug}" if stays.status == "published" else "",
        "staff_url": f"{PATH}/angebot/{stays.id}",
        "ways_on": _ways_on(here, line, {old: target.id for old, target in moved.items()}),
        "who": actors(here.session, {line.decided_by}),
        "may_undo": here.person.may(Action.UNDO),
        "chosen": _chosen(here, line, sent) if sent else [],
        **here.ways(line.id),
    }
    return page(*here, "merge_decided.html", status, **(context | more))


def _day(sheet: Sheet) -> date | None:
    said = sheet["verified_on"]
    return date.fromisoformat(said) if said else None


def _of(form: Form, changed: Collection[str], sort: Sort) -> list[Question]:
    """Return the questions of one sort; what has changed in between stands among those to be looked at."""
    is_seen_again = sort == Sort.DIFFERENT
    return [
        one
        for one in form.asked
        if one.sort == sort or (is_seen_again and one.sort == Sort.FILLED and one.key in changed)
    ]


def _archived(form: Form) -> str:
    gone = next((side.name for side in (form.a, form.b) if side.status == "archived"), "")
    return ARCHIVED.format(name=gone) if gone else ""


def _what_changed(named: list[str]) -> str:
    return CHANGED.format(named=", ".join(named) or "der Zustand eines Eintrags")


def _chosen(here: Here, line: PairLine, sent: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what a form has chosen that came too late, in words."""
    try:
        form = form_of(here, line, sent)
    except NotFoundError:  # merged by somebody else, and out of reach now
        return []
    found = []
    for one in form.asked:
        if f"{duplicates_form.VALUE}{one.key}" not in sent or one.sort == Sort.SAME:
            continue
        said = {"a": one.a, "b": one.b, "beide": one.joined}[form.answers.chosen[one.key]]
        found.append((one.label, said))
    return found


def _ways_on(here: Here, line: PairLine, moved: Mapping[int, int]) -> list[tuple[int, int, str]]:
    """Return which two offers could be one instead, as one of a pair was merged into another, with words."""
    ids = [moved.get(side.id, side.id) for side in (line.one, line.other)]
    if not moved or ids[0] == ids[1]:
        return []
    names = [entries.entry(here.session, here.region.id, number).name for number in ids]
    return [(ids[0], ids[1], " und ".join(f"„{name}“" for name in names))]
