"""One page of the form for an offer: its step with what can be chosen there, or the preview at the end."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from fastapi import Request, Response
from sqlalchemy import select
from sqlmodel import Session, col

from api.accounts import scope
from api.accounts.policy import Action, Person, Subject
from api.core.errors import ConflictError, InvalidInputError
from api.core.languages import DEFAULT, LANGUAGES
from api.curation import entries, eyes, labels, previewing
from api.curation.drafts import Draft
from api.curation.sheet_fields import EMPTY_PARTS, split, value_at
from api.curation.sight import MASK
from api.offers import service as offers
from api.organizations.models import Organization
from api.regions.models import Region
from api.spaces.models import Division, Space
from api.taxonomy import service as taxonomy
from web.map import map_context
from web.pages import offer as public
from web.schedule_form.typed import Form
from web.staff import form_hours, form_missing, form_points, form_refer, form_texts, form_topics
from web.staff.form_hours import Shown
from web.staff.form_steps import (
    CONTACT,
    LOOK,
    REFER,
    STEPS,
    TEXTS,
    WHAT,
    WHEN,
    WHERE,
    Step,
    new_key,
    point_said,
)
from web.staff.showing import page

SAVED_ELSEWHERE: Final = (
    "In einem anderen Fenster wurde dieser Entwurf inzwischen gespeichert. Das hier ist der neue Stand. "
    "Bitte sehen Sie ihn noch einmal an."
)
CHECK: Final = (
    "Bitte sehen Sie die markierten Felder noch einmal an. Alles ist gespeichert, auch was noch nicht passt."
)
SPOKEN: Final = (
    "de", "en", "tr", "ar", "uk", "ru", "pl", "ro", "bg", "fa", "ku", "sq", "sr", "fr", "es", "vi",
)  # fmt: skip
TEMPLATES: Final = {
    WHAT: "offer_what.html",
    WHERE: "offer_where.html",
    WHEN: "offer_when.html",
    CONTACT: "offer_contact.html",
    REFER: "offer_refer.html",
    TEXTS: "offer_texts.html",
    LOOK: "offer_look.html",
}
_MAIN: Final = re.compile(r"<main[^>]*>(.*)</main>", re.DOTALL)
Context = dict[str, Any]


class Conflict(NamedTuple):
    """A field that somebody else has changed meanwhile."""

    path: str
    label: str
    mine: str
    theirs: str


class Here(NamedTuple):
    """Who asks for a page, and where."""

    request: Request
    session: Session
    region: Region
    person: Person


class Preview(NamedTuple):
    """The inside of the public page, and where the offer would lie."""

    html: str
    subject: Subject


def shown(here: Here, draft: Draft, step: Step, said: Shown, status: int = 200, error: str = "") -> Response:
    """Return a step of somebody's own draft."""
    errors = {one.field: one.detail for one in reversed(draft.errors) if step.has(one.field)}
    # Nobody is blamed for what they have not come to yet.
    errors = errors if draft.changes else {}
    context: Context = {
        "draft": draft,
        "sheet": draft.sheet,
        "step": step,
        "steps": list(STEPS.values()),
        "number": list(STEPS).index(step.key) + 1,
        "errors": errors,
        "error": error or (CHECK if status == 422 and not said.stays else ""),  # noqa: PLR2004
        "point_said": point_said,
        "name": draft.sheet["name"],
        "remarks": labels.remarks(here.session, here.region, draft.remarks),
    }
    context |= _OF_STEP[step](here, draft, said)
    return page(*here, TEMPLATES[step], status, **context)


def sees(session: Session, person: Person, offer_id: int | None) -> Callable[[Mapping[str, Any]], bool]:
    """Return whether somebody may see a part of this offer: contacts for professionals are for few."""
    subject = scope.of_offer(session, offer_id) if offer_id is not None else None
    professionals = offer_id is None or person.may(Action.READ_PROFESSIONAL_CONTACTS, subject)
    return lambda part: professionals or part.get("is_public", True)


def own_organization(session: Session, person: Person) -> str | None:
    """Return for whom somebody writes who has nothing but one organization."""
    found = person.organizations_for(Action.DRAFT)
    spaces = person.spaces_for(Action.DRAFT)
    if spaces is None or spaces or len(found) != 1:
        return None
    return session.scalar(select(col(Organization.name)).where(col(Organization.id).in_(found)))


def _what(here: Here, draft: Draft, said: Shown) -> Context:
    sheet = draft.sheet
    topics = taxonomy.topics(here.session)
    names = {one.slug: one.names["de"] for top in topics for one in (top, *top.children)}
    suggests = form_topics.suggested(
        here.session, f"{sheet['name']} {sheet['summary']} {sheet['description']}"
    )
    codes = dict.fromkeys([*SPOKEN, *sheet["languages"]])
    return {
        "topics": topics,
        "topic_names": names,
        "suggestions": [
            (slug, names[slug]) for slug in suggests if slug not in sheet["topics"] and slug in names
        ],
        "suggests": said.suggests,
        "audiences": [(one.slug, one.names["de"]) for one in taxonomy.audiences(here.session)],
        "codes": list(codes),
    }


def _where(here: Here, draft: Draft, said: Shown) -> Context:
    rows = here.session.execute(
        select(col(Division.name), col(Space.key), col(Space.name))
        .join(Division, col(Division.id) == col(Space.division_id))
        .where(col(Division.region_id) == here.region.id)
        .order_by(col(Division.name), col(Space.level), col(Space.name))
    )
    spaces: dict[str, list[tuple[str, str]]] = {}
    for division, key, name in rows:
        spaces.setdefault(division, []).append((key, name))
    return {
        "spaces": spaces,
        "parts": _with_new(draft, "places", said),
        "points": form_points.of_places(here.session, here.region, draft.sheet),
        "map": map_context(here.session, here.region, "", None, "de", here.request.app.state.settings),
    }


def _when(here: Here, draft: Draft, said: Shown) -> Context:
    sheet, keys = draft.sheet, form_hours.keys(draft.sheet)
    which = said.hours_of if said.hours_of in keys else keys[0]
    target = sheet["places"][which] if which else sheet
    form = said.form or form_hours.of_lines(target["schedules"])
    names = [(key, _called(draft, key)) for key in keys]
    return {
        "which": which,
        "which_name": _called(draft, which),
        "hours_keys": names,
        "words": target["hours_text"],
        "cannot_show": form is None,
        "lines_said": labels.lines_said(target["schedules"], labels.Words(form_hours.today(here.region)))
        if form is None
        else "",
        "lines_wrong": [one.detail for one in draft.errors if WHEN.has(one.field) and draft.changes],
        **form_hours.context(here.region, form or Form(), said.mistakes),
    }


def _contact(here: Here, draft: Draft, said: Shown) -> Context:
    names = here.session.scalars(
        select(col(Organization.name))
        .where(col(Organization.region_id) == here.region.id)
        .order_by(col(Organization.name))
    )
    may_see = sees(here.session, here.person, draft.offer_id)
    parts = {key: part for key, part in _with_new(draft, "contacts", said).items() if may_see(part)}
    hidden = sum(not may_see(part) for part in draft.sheet["contacts"].values())
    return {"organizations": list(names), "parts": parts, "hidden": hidden}


def _texts(_here: Here, draft: Draft, said: Shown) -> Context:
    return form_texts.context(draft.sheet, said.tongue)


def _refer(_here: Here, draft: Draft, _said: Shown) -> Context:
    return form_refer.context(draft.sheet)


def beside(here: Here, draft: Draft, locale: str) -> Response:
    """Return what stands beside the form while somebody writes: the public page, or what it still lacks."""
    preview, wrong = _seen(here, draft, locale)
    return page(
        *here,
        "offer_beside.html",
        spoken=LANGUAGES[locale],
        preview=preview.html if preview and (draft.changes or draft.offer_id) else "",
        wrong=wrong if draft.changes else [],
    )


def _seen(
    here: Here, draft: Draft, locale: str = DEFAULT
) -> tuple[Preview | None, list[form_missing.Missing]]:
    """Return the public page as it would be, or what stands in its way."""
    wrong = form_missing.wrong(draft.errors, draft.sheet)
    if wrong:
        return None, wrong
    try:
        return _preview(here, draft, locale), []
    except (ConflictError, InvalidInputError) as error:
        return None, form_missing.wrong(error.errors, draft.sheet)


def _look(here: Here, draft: Draft, _said: Shown) -> Context:
    preview, wrong = _seen(here, draft)
    four_eyes = eyes.wanted(here.session, here.region.id)
    may_publish = preview is not None and here.person.may(Action.PUBLISH, preview.subject)
    return {
        "wrong": wrong if draft.changes else [],
        "missing": form_missing.missing(draft.sheet),
        "preview": preview.html if preview else "",
        "is_empty": not draft.changes,
        "four_eyes": four_eyes,
        "may_publish": may_publish and not four_eyes,
        "conflicts": _conflicts(here, draft),
    }


_OF_STEP: Final = {
    WHAT: _what, WHERE: _where, WHEN: _when, CONTACT: _contact, REFER: _refer, TEXTS: _texts, LOOK: _look,
}  # fmt: skip


def _preview(here: Here, draft: Draft, locale: str) -> Preview:
    """Return the public page as it would be in a language; nothing of it stays."""
    subject = scope.of_offer(here.session, draft.offer_id) if draft.offer_id is not None else None
    with previewing.of_draft(here.session, entries.by_form(here.person), draft.id) as slug:
        here.request.state.locale = locale
        try:
            answer = public.shown(here.request, here.session, here.region, slug)
        finally:
            here.request.state.locale = DEFAULT
        subject = subject or scope.of_offer(
            here.session, offers.get_by_slug(here.session, here.region, slug).id
        )
    return Preview(inside(answer), subject)


def inside(answer: Response) -> str:
    """Return what a page shows, without what stands around it."""
    found = _MAIN.search(bytes(answer.body).decode())
    return found[1] if found else ""


def _conflicts(here: Here, draft: Draft) -> list[Conflict]:
    if not draft.conflicts:
        return []
    known = labels.words(here.session, here.region)
    may_see = sees(here.session, here.person, draft.offer_id)
    found = []
    for path, present in draft.conflicts.items():
        whole = split(path)
        part = draft.sheet[whole.part].get(whole.key) if whole is not None and whole.part else None
        theirs = labels.said(path, present, known)
        if part is not None and not may_see(part):
            theirs = MASK
        mine = labels.said(path, value_at(draft.sheet, path), known)
        found.append(Conflict(path, labels.label(path, draft.sheet), mine or "(leer)", theirs or "(leer)"))
    return found


def _with_new(draft: Draft, kind: str, said: Shown) -> dict[str, Any]:
    parts = dict(draft.sheet[kind])
    if said.adds or not parts:
        parts[new_key(parts)] = dict(EMPTY_PARTS[kind])
    return parts


def _called(draft: Draft, key: str) -> str:
    return labels.name_of("places", draft.sheet["places"][key]) if key else ""
