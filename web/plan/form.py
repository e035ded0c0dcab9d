"""What stands in the form of a family plan, as it was typed, and what its buttons change.

Fields: sorge-N-thema or sorge-N-wort (N from 1 to 6), with sorge-N-angebot and sorge-N-fuer where somebody
has chosen an offer; alter, sprache, rollstuhl, kostenlos; stadtteil, adresse or punkt; tag, zeit; alltag; and
plan: which one is shown. A button says in `tun` what it changes. With `schritt=form` the form is only filled.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from starlette.datastructures import QueryParams

from api.plans.schemas import MOST_WORRIES, Part
from web.schedule_form.choices import DAYS

ROWS: Final = 3  # that the form shows at first
PARTS: Final = {"vormittag": Part.MORNING, "nachmittag": Part.AFTERNOON, "abend": Part.EVENING}
DO: Final = "tun"
STEP: Final = "schritt"
ONE_MORE: Final = "sorge"
_OFFER: Final = re.compile(r"[1-9][0-9]{0,17}")
_TAKE: Final = re.compile(rf"nimm-([1-6])-({_OFFER.pattern})")
_RELEASE: Final = re.compile(r"frei-([1-6])")
_SHOW: Final = re.compile(r"plan-([1-9][0-9]?)")
_NUMBER: Final = re.compile(r"[1-9][0-9]?")


class Row(NamedTuple):
    """One worry: the slug of a topic or somebody's words, and the number of the offer chosen for it."""

    topic: str = ""
    words: str = ""
    offer: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is said in it."""
        return not (self.topic or self.words.strip())

    @property
    def about(self) -> str:
        """Return what the offer was chosen for: for something else it does not count."""
        return f"{self.topic} {self.words.strip()}".strip()


class Form(NamedTuple):
    """The whole form as it was typed."""

    rows: tuple[Row, ...] = (Row(),) * ROWS
    ages: str = ""
    languages: tuple[str, ...] = ()
    wheelchair: bool = False
    cost_free: bool = False
    space: str = ""
    address: str = ""
    point: str = ""
    days: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    by_level: bool = False
    shown: int = 1  # which plan, from 1

    @classmethod
    def of(cls, said: QueryParams) -> "Form":
        """Return what the fields say; what no field of ours can say is passed over."""
        return cls(
            rows=tuple(
                _row(said, number) for number in range(1, MOST_WORRIES + 1) if _is_there(said, number)
            ),
            ages=said.get("alter", ""),
            languages=tuple(dict.fromkeys(said.getlist("sprache"))),
            wheelchair="rollstuhl" in said,
            cost_free="kostenlos" in said,
            space=said.get("stadtteil", ""),
            address=said.get("adresse", ""),
            point=said.get("punkt", ""),
            days=tuple(day for day in DAYS if day in said.getlist("tag")),
            parts=tuple(part for part in PARTS if part in said.getlist("zeit")),
            by_level="alltag" in said,
            shown=int(shown) if _NUMBER.fullmatch(shown := said.get("plan", "")) else 1,
        ).done(said.get(DO, ""))

    def done(self, action: str) -> "Form":
        """Return the form after one of its buttons, tidied: worries first, then empty rows."""
        changed: Form = self._replace(shown=1) if action else self  # whatever changes, the plans are others
        if action in WITHOUT:
            changed = changed._replace(**WITHOUT[action])
        elif found := _TAKE.fullmatch(action):
            changed = _choosing(changed, int(found[1]), found[2])
        elif found := _RELEASE.fullmatch(action):
            changed = _choosing(changed, int(found[1]), "")
        elif found := _SHOW.fullmatch(action):
            changed = changed._replace(shown=int(found[1]))
        rows = [row for row in changed.rows if not row.is_empty]
        asked = len(changed.rows) + 1 if action == ONE_MORE else len(rows)
        wanted = max(ROWS, min(asked, MOST_WORRIES))
        return changed._replace(rows=(*rows, *(Row(),) * (wanted - len(rows))))

    @property
    def worries(self) -> list[Row]:
        """Return the rows that say something."""
        return [row for row in self.rows if not row.is_empty]


# Button → what it takes away.
WITHOUT: Final[Mapping[str, Mapping[str, Any]]] = {
    "ohne-alter": {"ages": ""},
    "ohne-sprache": {"languages": ()},
    "ohne-rollstuhl": {"wheelchair": False},
    "ohne-kosten": {"cost_free": False},
    "ohne-zeit": {"days": (), "parts": ()},
    "ohne-start": {"space": "", "address": "", "point": ""},
}
IS_SAID: Final[Mapping[str, Callable[[Form], bool]]] = {
    "ohne-alter": lambda form: bool(form.ages.strip()),
    "ohne-sprache": lambda form: bool(form.languages),
    "ohne-rollstuhl": lambda form: form.wheelchair,
    "ohne-kosten": lambda form: form.cost_free,
    "ohne-zeit": lambda form: bool(form.days or form.parts),
    "ohne-start": lambda form: bool(form.space or form.address.strip() or form.point),
}


def _is_there(said: QueryParams, number: int) -> bool:
    """Return whether the form had a row of this number, or one behind it."""
    names = (f"sorge-{at}-{part}" for at in range(number, MOST_WORRIES + 1) for part in ("thema", "wort"))
    return any(name in said for name in names)


def _row(said: QueryParams, number: int) -> Row:
    name = f"sorge-{number}"
    row = Row(said.get(f"{name}-thema", ""), said.get(f"{name}-wort", ""))
    offer = said.get(f"{name}-angebot", "")
    is_meant = _OFFER.fullmatch(offer) and said.get(f"{name}-fuer", "") == row.about
    return row._replace(offer=offer) if is_meant else row


def _choosing(form: Form, number: int, offer: str) -> Form:
    rows = (row._replace(offer=offer) if at == number else row for at, row in enumerate(form.rows, 1))
    return form._replace(rows=tuple(rows))
