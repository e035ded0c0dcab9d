"""From documents to answers: pages, single documents, lines without end, and files."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from fastapi import Response
from sqlmodel import Session

from api.exports.download import Download, snapshot
from api.hsds.deps import Visit
from api.hsds.questions import PageQuestion
from api.regions import freshness

Document = dict[str, Any]
# Makes documents of some numbers, in a session of its own.
Tell = Callable[[Session, Sequence[int]], Iterable[Document]]

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
AT_ONCE: Final = 100  # entries that are in memory while lines go out
NOT_MODIFIED: Final = 304

_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def said(visit: Visit, document: Document) -> Response:
    """Answer with a document; response has the headers that its route was given."""
    return Response(_text(document), media_type=JSON, headers=dict(visit.response.headers))


def page(visit: Visit, asked: PageQuestion, total: int, contents: list[Document], size: int = 0) -> Response:
    """Answer with a page of a list; size: how many a page holds, if not as asked."""
    held = size or asked.per_page
    pages = max(1, -(-total // held))
    document = {
        "total_items": total,
        "total_pages": pages,
        "page_number": asked.page,
        "size": len(contents),
        "first_page": asked.page == 1,
        "last_page": asked.page >= pages,
        "empty": not contents,
        "contents": contents,
    }
    return said(visit, document)


def lines(visit: Visit, numbers: Sequence[int], tell: Tell) -> Response:
    """Answer with all entries, one on each line, without ever holding more than a few of them."""
    engine = visit.request.app.state.engine

    def parts() -> Iterator[bytes]:
        with snapshot(engine) as session:
            for first in range(0, len(numbers), AT_ONCE):
                told = tell(session, numbers[first : first + AT_ONCE])
                yield "".join(f"{_text(one)}\n" for one in told).encode()

    return download(visit, parts, NDJSON)


def download(
    visit: Visit, parts: Callable[[], Iterator[bytes]], kind: str, also: Mapping[str, str] | None = None
) -> Response:
    """Answer with what is sent while it is made, or 304: such answers are kept by nobody on the way."""
    headers = {**visit.response.headers, **(also or {})}
    asked = visit.request.headers.get("if-none-match", "")
    tag = headers.get("etag", "")
    if tag and freshness.names(asked, tag):
        return Response(status_code=NOT_MODIFIED, headers=headers)
    return Download(parts, visit.request.app.state.downloads, kind, headers)
