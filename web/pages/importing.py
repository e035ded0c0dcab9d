"""Bringing in a list: the way in with the token, what lies here, a new file or address, past imports."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from api.core.deps import SessionDep
from api.core.errors import ConflictError, DomainError, InvalidInputError, NotFoundError, TooLargeError
from api.regions.deps import RegionDep
from api.regions.models import Region
from importers import remote
from importers.errors import UnusableError
from importers.jobs import store
from importers.jobs.models import Stage
from importers.readers import limits
from web.importing import gate, past
from web.importing.labels import STAGES
from web.importing.reception import Reception
from web.importing.showing import entrance, onward, page
from web.patience import PATIENCE
from web.sending.reading import Fields, check_origin, fields

UPLOAD: Final = f"{gate.PATH}/datei"
UPLOAD_SECONDS: Final = 900.0  # 100 MB over a slow line
BATCHES: Final = 50
TOO_LARGE: Final = f"Die Datei ist zu groß. Erlaubt sind {limits.FILE // limits.MIB} MB."
NO_FILE: Final = "Bitte wählen Sie eine Datei aus."
FULL: Final = "Es liegen zu viele Dateien hier. Bitte verwerfen Sie zuerst, was nicht mehr gebraucht wird."

Sent = Annotated[Fields, Depends(fields)]
entry = APIRouter(prefix=gate.PATH)
router = APIRouter(prefix=gate.PATH, dependencies=[Depends(gate.admitted)])


@entry.post("/zugang", dependencies=[Depends(check_origin)])
def entered(request: Request, sent: Sent) -> Response:
    """Exchange the token for a cookie."""
    opener: gate.Gate = request.app.state.gate
    if not opener.is_there:
        raise NotFoundError
    if not opener.admits(sent.get("zugang", "")):
        # Who has the right word is never kept waiting by others who guess.
        request.app.state.gate_throttle.take(request.client.host if request.client else "")
        return entrance(request, "Das ist nicht der Zugang, den der Server beim Start genannt hat.")
    answer = onward()
    gate.give_ticket(request, answer)
    return answer


@router.post("/abmelden")
def left(request: Request, sent: Sent) -> Response:
    """Forget the cookie."""
    gate.check_form(request, sent.get(gate.FIELD))
    answer = onward()
    gate.take_ticket(request, answer)
    return answer


@router.get("")
def shown(request: Request, session: SessionDep, region: RegionDep) -> Response:
    """Show the two ways to bring in a list, what is on its way, and past imports."""
    return _shown(request, session, region)


@router.post("/adresse")
def fetched(request: Request, session: SessionDep, region: RegionDep, sent: Sent) -> Response:
    """Let a list be fetched from an address."""
    gate.check_form(request, sent.get(gate.FIELD))
    said = sent.get("adresse", "")
    try:
        parts = remote.check(said)
        job = store.begin(session, region.id, Stage.FETCHING, address=parts.geturl(), file_name=parts.netloc)
    except UnusableError as error:
        return _shown(request, session, region, 422, error=str(error), typed=said[: remote.LONGEST])
    except ConflictError:
        return _shown(request, session, region, 409, error=FULL)
    session.commit()
    request.app.state.foreman.wake()
    return onward(f"/{job.id}")


@router.post("/datei")
async def uploaded(request: Request, region: RegionDep) -> Response:
    """Take a file in, piece by piece; what is too large is refused as soon as it is."""
    check_origin(request)
    patience = request.scope.get("extensions", {}).get(PATIENCE)
    if patience:
        patience["grant"](UPLOAD_SECONDS)
    with Session(request.app.state.engine, expire_on_commit=False) as session:
        try:
            job = await Reception(request, session, region.id).receive()
        except (DomainError, UnusableError) as error:
            session.rollback()
            status, sentence = _said(error)
            if not sentence:
                raise
            return await run_in_threadpool(_shown, request, session, region, status, error=sentence)
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
    status: int = 200,
    **more: Any,  # noqa: ANN401
) -> Response:
    context = {
        "jobs": [(job, STAGES[job.stage]) for job in store.open_jobs(session, region.id)],
        "batches": past.every(session, region, BATCHES),
        "most_megabytes": limits.FILE // limits.MIB,
        "typed": "",
        "days": request.app.state.settings.import_days,
        **more,
    }
    answer = page(request, session, region, "lists.html", **context)
    answer.status_code = status
    return answer
