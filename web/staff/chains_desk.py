"""Who works on help chains, and the page of one: what all routes about chains share."""

from collections.abc import Callable
from typing import Annotated, Any, Final, NamedTuple

from fastapi import Depends, Request, Response
from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.chains import finding, past
from api.chains import service as chains
from api.chains.schemas import Chain
from api.core.deps import SessionDep
from api.core.errors import ConflictError
from api.curation import entries
from api.history.service import Act
from api.regions.deps import RegionDep
from api.regions.models import Region
from api.search.deps import ShelvesDep
from api.search.shelves import Shelves
from web.staff.chains import CHAINS, CHANGED, SEEN, meant, named_in, told, topics
from web.staff.forms import Sent
from web.staff.gate import allowed
from web.staff.queue_words import actors
from web.staff.showing import page

STEPS: Final = 30  # of the history
DONE: Final = {
    "neu": "Die Kette ist angelegt. Fügen Sie jetzt ihre Glieder hinzu.",
    "gespeichert": "Das ist gespeichert.",
    "oeffentlich": "Die Kette ist jetzt öffentlich.",
    "verborgen": "Die Kette sehen jetzt nur noch Mitarbeitende.",
    "entfernt": "Das Glied ist entfernt. Unter „Was geändert wurde“ können Sie es zurückholen.",
    "zurueck": "Das ist zurückgenommen.",
    "teils": "Zurückgenommen, was ging. Geblieben ist, was danach noch einmal geändert wurde.",
}


class Desk(NamedTuple):
    """A request of somebody who is signed in, with what answers it."""

    request: Request
    session: Session
    region: Region
    shelves: Shelves | None
    person: Person

    @property
    def act(self) -> Act:
        """How the person acts."""
        return entries.by_form(self.person)

    @property
    def done(self) -> str:
        """What was done just before."""
        return DONE.get(self.request.query_params.get("fertig", ""), "")

    @property
    def may_edit(self) -> bool:
        """Whether the person may change chains."""
        return self.person.may(Action.EDIT_CHAINS)

    def chain(self, chain_id: int) -> Chain:
        """Return a chain of the region, or raise NotFoundError."""
        return chains.get(self.session, self.region.id, chain_id)

    def seen(self, chain_id: int) -> int:
        """Return what forms of a chain carry along: as what it was seen."""
        return past.version(self.session, self.region.id, chain_id)

    def page(self, template: str, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
        """Return a page."""
        return page(self.request, self.session, self.region, self.person, template, status, **context)

    def show(self, chain_id: int, status: int = 200, **context: Any) -> Response:  # noqa: ANN401
        """Return the page of a chain."""
        chain = self.chain(chain_id)
        names = dict(topics(self.session))
        steps = past.steps(self.session, self.region.id, chain_id, STEPS)
        offered = named_in(self.session, self.region, steps)
        values: dict[str, Any] = {
            "chain": chain,
            "links": [(link, meant(link, names)) for link in chain.links],
            "table": finding.tables(self.session, self.region, [chain], self.shelves)[chain_id],
            "here": f"{CHAINS}/{chain_id}",
            "seen": self.seen(chain_id),
            "may_edit": self.may_edit,
            "steps": [told(chain, step, names, offered) for step in steps],
            "who": actors(self.session, {step.actor for step in steps}),
            "done": self.done,
        }
        return self.page("chain.html", status, **(values | context))

    def outdated(self, chain_id: int, sent: Sent) -> Response | None:
        """Return the page that says so if a button was pressed on a page that is out of date."""
        self.chain(chain_id)
        try:
            past.check_seen(self.session, self.act, chain_id, sent.get(SEEN, ""))
        except ConflictError:
            return self.show(chain_id, 409, error=CHANGED)
        return None


def _desk(action: Action) -> Callable[..., Desk]:
    def desk(
        request: Request,
        session: SessionDep,
        region: RegionDep,
        shelves: ShelvesDep,
        person: Annotated[Person, Depends(allowed(action))],
    ) -> Desk:
        return Desk(request, session, region, shelves, person)

    return desk


Seeing = Annotated[Desk, Depends(_desk(Action.SEE_QUEUE))]
Editing = Annotated[Desk, Depends(_desk(Action.EDIT_CHAINS))]
