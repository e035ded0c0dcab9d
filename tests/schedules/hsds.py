"""The schema by which schedules are checked: what may stand in a schedule of HSDS, and nothing else."""

from typing import Any

_ID = {"type": "string", "format": "uuid"}
_DATE = {"type": "string", "format": "date"}
_NUMBER = {"type": "number"}
_TEXT = {"type": "string"}

# Source: HSDS 3.1, schedule (openreferral). Its datapackage_type date is a format here; attributes and
# metadata, which are objects of their own, are left out.
SCHEDULE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": _ID,
        "service_id": _ID,
        "location_id": _ID,
        "service_at_location_id": _ID,
        "valid_from": _DATE,
        "valid_to": _DATE,
        "dtstart": _DATE,
        "timezone": _NUMBER,
        "until": _DATE,
        "count": _NUMBER,
        "wkst": {"type": "string", "enum": ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]},
        "freq": {"type": "string", "enum": ["WEEKLY", "MONTHLY"]},
        "interval": _NUMBER,
        "byday": _TEXT,
        "byweekno": _TEXT,
        "bymonthday": _TEXT,
        "byyearday": _TEXT,
        "description": _TEXT,
        "opens_at": _TEXT,
        "closes_at": _TEXT,
        "schedule_link": {"type": "string", "format": "uri"},
        "attending_type": _TEXT,
        "notes": _TEXT,
    },
    "required": ["id"],
    "additionalProperties": False,
}
