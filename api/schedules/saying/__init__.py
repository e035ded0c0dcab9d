"""Rules, timetables and dates in words, in six languages; German texts are the msgids of the catalogues.

`say_rule`, `say`, `say_text` and `say_short` speak of rules; `states` has the phrases of single dates.
"""

from api.schedules.saying import states
from api.schedules.saying.lines import say, say_rule, say_short, say_text

__all__ = ["say", "say_rule", "say_short", "say_text", "states"]
