"""Free texts about times: understood as rules, or kept verbatim and flagged, never half-read.

A text becomes tokens, tokens become phrases (clocks, days, periods, manners), phrases become statements, and
statements become lines of a timetable: as people write prose, or as OpenStreetMap writes opening_hours.
"""

from api.schedules.reading.doubts import Doubt
from api.schedules.reading.reader import Reading, read

__all__ = ["Doubt", "Reading", "read"]
