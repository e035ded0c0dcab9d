"""Bringing HSDS into a region, and taking out again what stands there, within one transaction."""

import json
import re
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlmodel import Session

from api.core import clock
from api.hsds import changes, finding, originals, package, rows, services, vocabulary
from api.hsds.finding import Known, Wish
from api.regions.models import Region
from importers import readers
from importers.apply import import_rows
from importers.mapping import Mapping
from importers.report import Report
from importers.run import Job, fingerprint

ROOT = Path(__file__).parents[2]
# What is another in every region, and what says when and where.
OWN = re.compile(r"^(id|.*_id|last_modified|assured_date|additional_urls)$")


def mapping(**changed: dict[str, Any] | list[Any]) -> dict[str, Any]:
    """The mapping that docs/how-to/hsds.md gives, with changes of its tables."""
    said = (ROOT / "docs/how-to/hsds.md").read_text(encoding="utf-8")
    block = next(one for one in re.findall(r"```toml\n(.*?)```", said, re.DOTALL) if "[source]" in one)
    found = tomllib.loads(block)
    for table, changes_ in changed.items():
        found[table] = changes_ if isinstance(changes_, list) else {**found.get(table, {}), **changes_}
    return found


def bring_in(session: Session, region: Region, file: Path, told: dict[str, Any]) -> Report:
    """Import a file with a mapping."""
    made = Mapping.model_validate(told)
    job = Job(readers.read(file, made.file), made, "mapping.toml", file.name, fingerprint(file, made))
    report = import_rows(session, region, job)
    session.expire_all()
    return report


def write_lines(path: Path, documents: Sequence[dict[str, Any]]) -> Path:
    """Write documents as they come line by line."""
    text = "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in documents)
    path.write_text(text, encoding="utf-8")
    return path


def known(session: Session, region: Region) -> Known:
    """What questions to a region are understood with, now."""
    session.flush()
    removed = changes.removals(session, region.id)
    return Known(region, vocabulary.read(session), originals.read(session, region.id), removed)


def library_of(now: Known) -> services.Library:
    """What documents are made with."""
    today = clock.today(now.region.timezone)
    return services.Library(now.region, now.vocabulary, now.originals, "https://example.org", today)


def taken_out(session: Session, region: Region) -> list[dict[str, Any]]:
    """All services of a region as a whole."""
    now = known(session, region)
    numbers = finding.services(session, now, Wish(), None).numbers
    read = rows.read(session, region, numbers, now.originals, with_parts=True, gone=now.gone)
    library = library_of(now)
    found: list[dict[str, Any]] = json.loads(json.dumps(list(services.whole(library, read))))
    return found


def bare(found: Any) -> Any:
    """Return documents without what is another in every region."""
    if isinstance(found, list):
        return [bare(one) for one in found]
    if isinstance(found, dict):
        return {name: bare(value) for name, value in found.items() if not OWN.match(name)}
    return found


def sorted_bare(found: Sequence[dict[str, Any]]) -> list[str]:
    """Return documents so that two regions can be compared, one text for each."""
    return sorted(json.dumps(bare(one), ensure_ascii=False, sort_keys=True) for one in found)


def write_package(session: Session, region: Region, path: Path) -> None:
    """Write the tables of a region as /hsds/datapackage.zip has them."""
    now = known(session, region)
    library = library_of(now)
    folder = path.parent / "tables"
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for table in package.written(folder, package.all_rows(now, library, session)):
            archive.write(table, table.name)
