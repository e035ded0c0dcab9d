"""What holds for all that programs may ask: any page may read, answers may be kept, nobody may write."""

from collections.abc import Iterable
from typing import Any

from starlette.testclient import TestClient


def check_that_strangers_may_read(reader: TestClient, paths: Iterable[str]) -> None:
    """Check that pages of other origins may read, and that an unchanged answer is not sent again."""
    for path in paths:
        first = reader.get(path, headers={"origin": "https://example.org"})
        assert first.headers["access-control-allow-origin"] == "*"
        assert first.headers["cross-origin-resource-policy"] == "cross-origin"
        again = reader.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def check_that_nobody_may_write(reader: TestClient, path: str) -> None:
    """Check that HEAD is answered and that all other methods are refused."""
    assert reader.head(path).status_code == 200
    for method in ("post", "put", "delete"):
        answer: Any = reader.request(method, path)
        assert answer.status_code == 405
        assert answer.headers["content-type"] == "application/problem+json"
