"""What of an original goes out again by /hsds: the fields of HSDS, and nothing that an import would refuse.

What the export passes on no rule of the import has looked at, and nobody sees it on a page. So it is little:
no people, no mail address that names one, no address that is not of the web, no unknown field, no record of
earlier changes, and nothing about other services.
"""

import re
from typing import Any, Final

from api.hsds import ids
from api.hsds.flat import ENTITY, OTHER, SINGLE
from api.hsds.tables import TABLES
from importers.contacts import names_a_person

Record = dict[str, Any]

_NEVER: Final = frozenset({"services", "service_at_locations", "organizations", "metadata"})
_OF_THE_WEB: Final = frozenset({"url", "website", "logo", "uri", "term_uri", "schedule_link"})
_MAILS: Final = frozenset({"email", "assurer_email"})
_WEB: Final = re.compile(r"https?://\S+", re.IGNORECASE)


class Keeper:
    """Keeps parts of one service; whole: its UUID, from which parts without an identifier get theirs."""

    def __init__(self, service: Record) -> None:
        self._whole = str(service["id"])
        organization = service.get("organization") or {}
        self._called = f"{service.get('name')} {organization.get('name')}"

    def of(self, table: str, found: Record, *way: object) -> Record:
        """Return what is kept of an object; table: where HSDS has it, way: how one comes to it."""
        kept: Record = {}
        for name, value in found.items():
            if isinstance(value, dict):
                if name in SINGLE and SINGLE[name][0] not in _NEVER - {"organizations"}:
                    kept[name] = self.of(SINGLE[name][0], value, *way, name)
            elif isinstance(value, list):
                if _belongs(name, table):
                    kept[name] = list(self._parts(name, value, way))
            elif name in TABLES[table].columns and self._may_go(name, value):
                kept[name] = value
        kept["id"] = str(found.get("id") or ids.part(self._whole, *way))
        return kept

    def _parts(self, name: str, found: list[Any], way: tuple[object, ...]) -> list[Record]:
        table = OTHER.get(name, name)
        parts = [self.of(table, one, *way, name, n) for n, one in enumerate(found) if isinstance(one, dict)]
        # Whose name is left out and who has no office is but a person.
        return [one for one in parts if table != "contacts" or one.get("title") or one.get("department")]

    def _may_go(self, name: str, value: Any) -> bool:  # noqa: ANN401 - JSON
        if name in _OF_THE_WEB:
            return value is None or _WEB.fullmatch(str(value)) is not None
        return name not in _MAILS or not names_a_person(str(value or ""), self._called)


def _belongs(name: str, table: str) -> bool:
    """Return whether a list of this name stands in objects of a table."""
    where = OTHER.get(name, name)
    if where not in TABLES or where in _NEVER:
        return False
    return where == "attributes" or f"{ENTITY.get(table)}_id" in TABLES[where].refers
