"""Takes all of a large region away and says how much memory that took: `measured.py DATABASE [FORMAT]`."""

import json
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlmodel import Session

from api.core.db import make_engine
from api.exports import reading
from api.exports.columns import Row
from api.exports.download import snapshot
from api.exports.formats import FORMATS, Ending
from api.offers import service as offers
from api.offers.schemas import OfferFilter
from api.regions import service as regions
from tests.exports.files import about


def peak() -> int:
    """The most memory so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    engine = make_engine(sys.argv[1])
    ending = Ending(sys.argv[2]) if len(sys.argv) > 2 else Ending.CSV
    with Session(engine) as session:
        wanted = offers.resolve(session, regions.get(session, "gross"), OfferFilter())
    before, began, size, count = peak(), time.monotonic(), 0, 0
    with snapshot(engine) as reader:

        def counted() -> Iterator[Row]:
            nonlocal count
            for row in reading.rows(reader, wanted, ""):
                count += 1
                yield row

        for part in FORMATS[ending].write(about(), counted()):
            size += len(part)
    seconds = round(time.monotonic() - began, 1)
    found = {"rows": count, "bytes": size, "grown_by": peak() - before, "peak": peak(), "seconds": seconds}
    sys.stdout.write(json.dumps(found))


main()
