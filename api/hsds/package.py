"""GET /hsds/datapackage.zip: everything public as the tables of HSDS, with their description."""

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from sqlmodel import Session

from api.exports.archive import streamed
from api.exports.download import snapshot
from api.hsds import answers, finding, flat, rows, services
from api.hsds.deps import VisitDep
from api.hsds.finding import Known, Wish
from api.hsds.flat import Row
from api.hsds.services import Library
from api.hsds.tables import TABLES, resource
from api.regions.deps import Tagged
from api.regions.models import Region
from api.regions.schemas import RegionQuery
from api.sources import service as sources
from api.sources.schemas import SourceOut

router = APIRouter(dependencies=[Tagged])

ZIP: Final = "application/zip"
AT_ONCE: Final = 200  # services in memory at once
PIECE: Final = 64 * 1024


@router.get("/datapackage.zip")
def datapackage(visit: VisitDep, _asked: Annotated[RegionQuery, Query()]) -> Response:
    """Give everything public as the tables of HSDS (Frictionless Data Package)."""
    name = f"hsds-{visit.region.slug}.zip"
    # Read while the session of this request is open.
    known, library = visit.known, visit.library
    engine = visit.request.app.state.engine

    def parts() -> Iterator[bytes]:
        with TemporaryDirectory() as folder:
            with snapshot(engine) as session:
                paths = written(Path(folder), all_rows(known, library, session))
                described = _described(visit.region, library, sources.of_region(session, visit.region))
            text = json.dumps(described, ensure_ascii=False, indent=1).encode()
            members = [("datapackage.json", iter([text]))]
            members += [(path.name, _pieces(path)) for path in paths]
            yield from streamed(members)

    return answers.download(visit, parts, ZIP, {"Content-Disposition": f'attachment; filename="{name}"'})


def _described(region: Region, library: Library, found: list[SourceOut]) -> dict[str, Any]:
    """Return datapackage.json: what the tables are, and on what terms their contents may be used."""
    licences = {one.licence: one.licence_url for one in found}
    return {
        "name": f"hsds-{region.slug}",
        "title": f"Unterstützungs-Landkarte: {region.name}",
        "description": "Human Services Data Specification (HSDS) 3.1, tabular. Cells are as they were"
        " written: open the tables with a program that takes no text for a formula.",
        "profile": "tabular-data-package",
        "version": "3.1",
        "homepage": library.pages,
        "licenses": [
            {"title": name, **({"path": url} if url else {"name": "other"})} for name, url in licences.items()
        ],
        "sources": [{"title": one.attribution, **({"path": one.url} if one.url else {})} for one in found],
        "resources": [resource(table) for table in TABLES.values()],
    }


def all_rows(known: Known, library: Library, session: Session) -> Iterator[Row]:
    """Yield the rows of everything public; what belongs to several comes several times."""
    for term in known.vocabulary.documents.values():
        yield from flat.term_rows(term)
    numbers = finding.services(session, known, Wish(), None).numbers
    for first in range(0, len(numbers), AT_ONCE):
        some = numbers[first : first + AT_ONCE]
        read = rows.read(session, known.region, some, known.originals, with_parts=True, gone=known.gone)
        for service in services.whole(library, read):
            yield from flat.rows(service)


def written(folder: Path, found: Iterable[Row]) -> list[Path]:
    """Write the rows into one file for each table, each entry once; return the files."""
    seen: set[tuple[str, str]] = set()
    with ExitStack() as opened:
        writers = {}
        paths = {name: folder / table.path for name, table in TABLES.items()}
        for name, table in TABLES.items():
            file = opened.enter_context(paths[name].open("w", encoding="utf-8", newline=""))
            writers[name] = csv.writer(file)
            writers[name].writerow(table.columns)
        for row in found:
            which = (row.table, row.values["id"])
            if which not in seen:
                seen.add(which)
                writers[row.table].writerow(row.values.values())
    return list(paths.values())


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
