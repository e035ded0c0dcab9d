"""One list on its way: its mapping, its preview, its report; and taking an import back."""

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import ConflictError, NotFoundError
from api.curation import eyes
from api.regions.deps import RegionDep
from api.regions.models import Region
from api.taxonomy import service as taxonomy
from importers.assistant.draft import Draft
from importers.errors import UnusableError
from importers.jobs import store
from importers.jobs.models import WORKING, ImportJob, Stage
from web.importing import mapping_form, past, rows
from web.importing.plain import plain
from web.importing.showing import PATH, onward, page, standing
from web.language import name_in
from web.pages.importing import Importer
from web.sending.reading import Fields
from web.staff.forms import form
from web.staff.gate import allowed
from web.staff.queue_words import actors
from web.staff.showing import HEADERS

MOST_BYTES: Final = 200_000  # of a form; a long mapping as text
MOST_FIELDS: Final = 600
AGAIN: Final = (Stage.DRAFTED, Stage.PREVIEWED)

Context = dict[str, Any]


Sent = Annotated[Fields, Depends(form(MOST_BYTES, MOST_FIELDS))]
router = APIRouter(prefix=PATH)


@router.get("/stapel/{batch_id:int}")
def batch(session: SessionDep, region: RegionDep, _person: Importer, batch_id: int) -> Response:
    """Lead to the job of a past import."""
    job = store.job_of_batch(session, region.id, batch_id)
    session.commit()
    return onward(f"/{job.id}")


@router.get("/{job_id:int}")
def shown(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Importer,
    job_id: int,
    was: str = "",
    seite: int = 1,
) -> Response:
    """Show a job as its stage wants it."""
    job = store.find(session, region.id, job_id)
    if job.stage in WORKING or job.stage == Stage.RECEIVING:
        return page(request, session, region, person, "working.html", job=job, standing=standing(job))
    if job.stage == Stage.DRAFTED:
        return _mapping(request, session, region, person, job)
    if job.stage == Stage.FAILED:
        return page(request, session, region, person, "failed.html", job=job, error=job.error)
    context = rows.shown(session, job, was, seite) | {"job": job, "error": job.error}
    if job.stage == Stage.PREVIEWED:
        drawn = rows.drawn(session, region, job, context)
        context |= {"map": drawn, "needs_two": eyes.wanted(session, region.id)}
        return page(request, session, region, person, "preview.html", **context)
    context |= {
        "imported": past.of_job(session, region, job),
        "may_undo": person.may(Action.UNDO_BATCH),
        "who": actors(session, {job.actor}),
        "needs_two": eyes.wanted(session, region.id),
    }
    return page(request, session, region, person, "result.html", **context)


@router.get("/{job_id:int}/stand")
def stand(session: SessionDep, region: RegionDep, _person: Importer, job_id: int) -> Response:
    """Say how far a job is, for the script that waits."""
    return JSONResponse(standing(store.find(session, region.id, job_id)), headers=HEADERS)


@router.get("/{job_id:int}/zuordnung")
def mapping(
    request: Request, session: SessionDep, region: RegionDep, person: Importer, job_id: int
) -> Response:
    """Show the mapping once more."""
    job = store.find(session, region.id, job_id)
    if job.stage not in AGAIN:
        return onward(f"/{job.id}")
    return _mapping(request, session, region, person, job)


@router.post("/{job_id:int}/zuordnung")
def mapped(
    request: Request, session: SessionDep, region: RegionDep, person: Importer, job_id: int, sent: Sent
) -> Response:
    """Take the mapping over and begin the preview, or say what is wrong with it."""
    job = store.find(session, region.id, job_id)
    draft = _draft(job)
    text = sent.get("text")
    try:
        if text is not None:
            chosen = mapping_form.typed(draft, text, region.slug)
            told: Context = {"mapping": text}
        else:
            chosen = mapping_form.sent(draft, sent)
            told = {"mapping": mapping_form.as_text(chosen)}
    except UnusableError as error:
        answer = _mapping(request, session, region, person, job, error=plain(str(error)), said=sent)
        answer.status_code = 422
        return answer
    told |= {"draft": chosen.model_dump(mode="json")}
    store.move(session, job_id, AGAIN, Stage.PREVIEWING, done=0, **told)
    return _started(request, session, job_id)


@router.post("/{job_id:int}/lesen")
def read_again(
    request: Request, session: SessionDep, region: RegionDep, _person: Importer, job_id: int, sent: Sent
) -> Response:
    """Read the file anew in another way, e.g. another sheet, and guess again."""
    store.find(session, region.id, job_id)
    table: Context = {}
    sheet, header = (sent.get(name, "").strip()[:100] for name in ("blatt", "kopfzeile"))
    if sheet:
        table["sheet"] = int(sheet) if sheet.isascii() and sheet.isdigit() else sheet
    if header.isascii() and header.isdigit() and int(header):
        table["header"] = min(int(header), 1_000)
    stages = (*AGAIN, Stage.FAILED)
    store.move(session, job_id, stages, Stage.DRAFTING, draft={"table": table})
    return _started(request, session, job_id)


@router.post("/{job_id:int}/uebernehmen")
def applied(
    request: Request, session: SessionDep, region: RegionDep, person: Importer, job_id: int, _sent: Sent
) -> Response:
    """Let the list be brought in as the preview shows it."""
    store.find(session, region.id, job_id)
    store.move(session, job_id, [Stage.PREVIEWED], Stage.APPLYING, done=0, actor=person.actor)
    return _started(request, session, job_id)


@router.post("/{job_id:int}/zuruecknehmen")
def undone(
    request: Request,
    session: SessionDep,
    region: RegionDep,
    person: Annotated[Person, Depends(allowed(Action.UNDO_BATCH))],
    job_id: int,
    _sent: Sent,
) -> Response:
    """Let a whole import be taken back."""
    if store.find(session, region.id, job_id).batch_id is None:
        raise NotFoundError
    store.move(session, job_id, [Stage.APPLIED], Stage.UNDOING, actor=person.actor)
    return _started(request, session, job_id)


@router.post("/{job_id:int}/abbrechen")
def stopped(session: SessionDep, region: RegionDep, _person: Importer, job_id: int, _sent: Sent) -> Response:
    """Stop what is being done; the worker notices and writes nothing."""
    store.find(session, region.id, job_id)
    for working, before in ((Stage.PREVIEWING, Stage.DRAFTED), (Stage.APPLYING, Stage.PREVIEWED)):
        try:
            store.move(session, job_id, [working], before)
            break
        except ConflictError:
            continue  # it is at another stage, or already done
    session.commit()
    return onward(f"/{job_id}")


@router.post("/{job_id:int}/verwerfen")
def discarded(
    session: SessionDep, region: RegionDep, _person: Importer, job_id: int, _sent: Sent
) -> Response:
    """Forget a list that is not applied, with its file."""
    job = store.find(session, region.id, job_id)
    if job.batch_id is not None:
        raise ConflictError("What was applied can only be taken back.")
    store.discard(session, job_id)
    session.commit()
    return onward()


@router.get("/{job_id:int}/zuordnung.toml")
def mapping_file(session: SessionDep, region: RegionDep, _person: Importer, job_id: int) -> Response:
    """Download the mapping, to keep it or to import by command."""
    job = store.find(session, region.id, job_id)
    if not job.mapping:
        raise NotFoundError
    headers = _as_file(past.file_name(job, region, "zuordnung", "toml"))
    return Response(job.mapping, media_type="application/toml", headers=headers)


@router.get("/{job_id:int}/bericht.txt")
def report(
    request: Request, session: SessionDep, region: RegionDep, _person: Importer, job_id: int
) -> Response:
    """Download what became of each row."""
    job = store.find(session, region.id, job_id)
    head = [job.file_name, ", ".join(f"{number} {label}" for label, number, _key in rows.counts(job)), ""]
    lines = rows.lines(request.app.state.engine, job.id)
    return StreamingResponse(
        (f"{line}\n" for part in (head, lines) for line in part),
        media_type="text/plain; charset=utf-8",
        headers=_as_file(past.file_name(job, region, "bericht", "txt")),
    )


@router.get("/{job_id:int}/bericht.json")
def report_json(
    request: Request, session: SessionDep, region: RegionDep, _person: Importer, job_id: int
) -> Response:
    """Download what became of each row, one JSON object in each line."""
    job = store.find(session, region.id, job_id)
    lines = (
        json.dumps(row, ensure_ascii=False) + "\n" for row in rows.every(request.app.state.engine, job.id)
    )
    headers = _as_file(past.file_name(job, region, "bericht", "json"))
    return StreamingResponse(lines, media_type="application/x-ndjson", headers=headers)


def _started(request: Request, session: Session, job_id: int) -> Response:
    session.commit()
    request.app.state.foreman.wake()
    return onward(f"/{job_id}")


def _draft(job: ImportJob) -> Draft:
    if job.stage not in AGAIN or not job.draft:
        raise ConflictError("The import has moved on in the meantime.")
    return Draft.model_validate(job.draft)


def _mapping(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    job: ImportJob,
    *,
    error: str = "",
    said: Fields | None = None,
) -> Response:
    draft = _draft(job)
    topics = [
        (topic.slug, name_in(topic.names, "de"))
        for parent in taxonomy.topics(session)
        for topic in (parent, *parent.children)
    ]
    return page(
        request,
        session,
        region,
        person,
        "mapping.html",
        job=job,
        draft=draft,
        error=error or job.error,
        needs_two=eyes.wanted(session, region.id),
        text=(said or {}).get("text", job.mapping),
        **mapping_form.context(draft, topics, said),
    )


def _as_file(name: str) -> dict[str, str]:
    return HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'}
