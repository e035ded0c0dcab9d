"""Bringing in a list: what lies here, a new file or address, past imports."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core.deps import SessionDep
from api.core.errors import ConflictError, DomainError, InvalidInputError, TooLargeError
from api.regions.deps import RegionDep
from api.regions.models import Region
from importers import remote
from importers.errors import UnusableError
from importers.jobs import store
from importers.jobs.models import Stage
from importers.readers import limits
from web.importing import past
from web.importing.labels import STAGES
from web.importing.reception import Reception, on_the_way
from web.importing.showing import PATH, onward, page
from web.patience import PATIENCE
from web.staff.forms import Sent
from web.staff.gate import allowed
from web.staff.queue_words import actors

UPLOAD: Final = f"{PATH}/datei"
UPLOAD_SECONDS: Final = 900.0  # 100 MB over a slow line
BATCHES: Final = 50
TOO_LARGE: Final = f"Die Datei ist zu groß. Erlaubt sind {limits.FILE // limits.MIB} MB."
NO_FILE: Final = "Bitte wählen Sie eine Datei aus."
FULL: Final = "Es liegen zu viele Dateien hier. Bitte verwerfen Sie zuerst, was nicht mehr gebraucht wird."

Importer = Annotated[Person, Depends(allowed(Action.IMPORT))]
router = APIRouter(prefix=PATH)


@router.get("")
def shown(request: Request, session: SessionDep, region: RegionDep, person: Importer) -> Response:
    """Show the two ways to bring in a list, what is on its way, and past imports."""
    return _shown(request, session, region, person)


@router.post("/adresse")
def fetched(
    request: Request, session: SessionDep, region: RegionDep, person: Importer, sent: Sent
) -> Response:
    """Let a list be fetched from an address."""
    said = sent.get("adresse", "")
    try:
        parts = remote.check(said)
        told = {"address": parts.geturl(), "file_name": parts.netloc}
        job = store.begin(session, region.id, Stage.FETCHING, person.actor, **told)
    except UnusableError as error:
        typed = said[: remote.LONGEST]
        return _shown(request, session, region, person, 422, error=str(error), typed=typed)
    except ConflictError:
        return _shown(request, session, region, person, 409, error=FULL)
    session.commit()
    request.app.state.foreman.wake()
    return onward(f"/{job.id}")


@router.post("/datei", dependencies=[Depends(on_the_way)])
async def uploaded(request: Request, session: SessionDep, region: RegionDep, person: Importer) -> Response:
    """Take a file in, piece by piece; what is too large is refused as soon as it is."""
    await run_in_threadpool(session.commit)  # nobody waits for who is sending
    patience = request.scope.get("extensions", {}).get(PATIENCE)
    if patience:
        patience["grant"](UPLOAD_SECONDS)
    try:
        job = await Reception(request, session, region.id, person.actor).receive()
    except (DomainError, UnusableError) as error:
        await run_in_threadpool(session.rollback)
        status, sentence = _said(error)
        if not sentence:
            raise
        return await run_in_threadpool(_shown, request, session, region, person, status, error=sentence)
    request.app.state.foreman.wake()
    return onward(f"/{job.id}")


def _said(error: Exception) -> tuple[int, str]:
    """Return status and sentence of what can be mended by sending something else."""
    if isinstance(error, TooLargeError):
        return 413, TOO_LARGE
    if isinstance(error, ConflictError):
        return 409, FULL
    if isinstance(error, InvalidInputError) and not error.errors:
        return 422, NO_FILE
    return 500, ""


def _shown(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    status: int = 200,
    **more: Any,  # noqa: ANN401
) -> Response:
    jobs = [(job, STAGES[job.stage]) for job in store.open_jobs(session, region.id)]
    batches = past.every(session, region, BATCHES)
    context = {
        "jobs": jobs,
        "batches": batches,
        "who": actors(session, {job.actor for job, _words in jobs} | {one["actor"] for one in batches}),
        "most_megabytes": limits.FILE // limits.MIB,
        "typed": "",
        "days": request.app.state.settings.import_days,
        **more,
    }
    return page(request, session, region, person, "lists.html", status, **context)
