"""What every page of imports has in common: where it stands, how it is answered, how far a job is."""

from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from sqlmodel import Session

from api.accounts.policy import Person
from api.regions.models import Region
from importers.jobs.models import ImportJob, Stage
from web.importing.labels import STAGES
from web.staff import gate, showing

PATH: Final = f"{gate.PATH}/einlesen"


def page(
    request: Request,
    session: Session,
    region: Region,
    person: Person,
    template: str,
    status: int = 200,
    **context: Any,  # noqa: ANN401
) -> HTMLResponse:
    """Return one of the pages, from web/templates/staff/importing."""
    return showing.page(
        request, session, region, person, f"importing/{template}", status, **({"lists": PATH} | context)
    )


def onward(path: str = "") -> RedirectResponse:
    """Lead to one of the pages, so that loading again sends nothing again."""
    return showing.onward(f"{PATH}{path}")


def standing(job: ImportJob) -> dict[str, Any]:
    """Return how far a job is, in words and numbers."""
    is_counted = job.stage in (Stage.PREVIEWING, Stage.APPLYING)
    rows = f"{job.done} von {job.total} Zeilen" if job.total else f"{job.done} Zeilen"
    return {
        "stage": job.stage.value,
        "done": job.done,
        "total": job.total or 0,
        "text": f"{STAGES[job.stage]} {rows}" if is_counted and job.done else STAGES[job.stage],
    }
