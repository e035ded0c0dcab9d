"""What a check finds, free of any database."""

import hashlib
import json
from typing import Any, NamedTuple

from api.doubts.models import Kind


class Finding(NamedTuple):
    """Something that looks wrong; see models.Doubt for the fields."""

    offer_id: int
    kind: Kind
    path: str
    seen: str
    details: dict[str, Any] | None = None
    proposed: dict[str, Any] | None = None


def fingerprint(*values: object) -> str:
    """Return a short text that is another one as soon as one of the values is."""
    said = json.dumps(values, ensure_ascii=False, default=str)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]
