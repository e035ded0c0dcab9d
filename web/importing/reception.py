"""Takes a file in while it arrives: nothing is kept before the form has proved to be ours."""

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from sqlmodel import Session

from api.core.errors import InvalidInputError
from importers.jobs import store
from importers.jobs.models import ImportJob, Stage
from web.importing import multipart
from web.sending.reading import check_origin
from web.staff import forms

FILE = "datei"
LONGEST = 1_000  # bytes of what stands beside a file


async def on_the_way(request: Request) -> None:  # waits for nothing, so it needs no thread
    """Mark the route whose Reception checks the form while it is read."""
    check_origin(request)  # before anything is


on_the_way.checks_forms = True  # type: ignore[attr-defined]


class Reception:
    """One upload; its parts come in the order of the form, the proof before the file."""

    def __init__(self, request: Request, session: Session, region_id: int, actor: str) -> None:
        self.request, self.session, self.region_id, self.actor = request, session, region_id, actor
        self.job: ImportJob | None = None
        self._intake: store.Intake | None = None
        self._name = ""
        self._said = bytearray()

    async def receive(self) -> ImportJob:
        """Return the job of the file; whatever goes wrong on the way, nothing of it stays."""
        kind = self.request.headers.get("content-type", "")
        try:
            async for found in multipart.read(kind, self.request.stream()):
                await self._take(found)
            return await self._end()
        except BaseException:  # also when the visitor goes away in the middle
            self._forget()
            raise

    async def _take(self, found: multipart.Part | bytes) -> None:
        if isinstance(found, multipart.Part):
            if found.name == FILE and self._intake is None:
                self._check()
                await run_in_threadpool(self._begin, found.file_name or "")
            self._name = found.name
        elif self._name == FILE and self._intake is not None:
            await run_in_threadpool(self._intake.take, found)
        elif self._name == forms.FIELD:
            self._said += found
            if len(self._said) > LONGEST:
                raise multipart.misshapen("a field is too long")

    def _check(self) -> None:
        forms.check(self.request, self._said.decode("latin-1"))

    def _begin(self, file_name: str) -> None:
        name = store.clean_name(file_name)
        self.job = store.begin(self.session, self.region_id, Stage.RECEIVING, self.actor, file_name=name)
        self.session.commit()
        self._intake = store.Intake(self.session, self.job.id)

    async def _end(self) -> ImportJob:
        if self.job is None or self._intake is None:
            self._check()
            raise InvalidInputError("There is no file.")
        await run_in_threadpool(self._intake.end, [Stage.RECEIVING])
        return self.job

    def _forget(self) -> None:
        self.session.rollback()
        if self.job is not None:
            store.discard(self.session, self.job.id)
            self.session.commit()
