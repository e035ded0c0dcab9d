"""How large answers are on the line, plain and compressed."""

import gzip
from collections.abc import Mapping
from typing import Final

from bench.load import ask
from bench.servers import Server
from bench.targets import Target

PATHS: Final[Mapping[str, str]] = {
    "points": "/api/v1/map/points",
    "geojson": "/bench/geojson",
    "list": "/api/v1/offers",
    "start": "/",
    "page": "/angebote",
}
ENCODINGS: Final = ("identity", "gzip", "br", "zstd")


def measure(server: Server, host: str) -> dict[str, dict[str, int]]:
    """Return bytes by answer and by encoding that the service itself offers.

    gzip is always there: what the service sends plain is compressed here, at the usual level 6.
    """
    found: dict[str, dict[str, int]] = {}
    for key, path in PATHS.items():
        found[key] = {}
        for encoding in ENCODINGS:
            answer = ask(server.address, path, {"Host": host, "Accept-Encoding": encoding})
            if encoding in {answer.encoding, "identity"}:
                found[key][encoding] = len(answer.body)
            elif encoding == "gzip":
                found[key][encoding] = len(gzip.compress(answer.body, 6))
    return found


def of(target: Target) -> int:
    """Return the bytes of one answer to each path of a target, as they come over the line."""
    answers = (ask(target.server.address, path, target.headers) for path in target.paths)
    return sum(len(answer.body) for answer in answers)
