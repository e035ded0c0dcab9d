"""What there is to tell somebody, gathered for the page and for the mail; and that it was told."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from api.accounts.policy import Action, Person
from api.core import clock
from api.regions.models import Region
from api.search.shelves import Shelves
from api.watching import facts, marks, searches, watchers
from api.watching.marks import Line, Offered
from api.watching.models import Watcher
from api.watching.searches import Counted, Read

SHOWN = 10  # offers of one search that are named; more are counted


@dataclass(frozen=True)
class News:
    """Somebody's searches and list as they are now; named: the offers that are new in a search."""

    searches: Sequence[Counted]
    lines: Sequence[Line]
    named: Mapping[int, Offered]
    last: int  # the region's last revision

    @property
    def fingerprint(self) -> str:
        """What is unseen, in a few letters: a form says by it what its page has shown."""
        said = [(one.search.id, sorted(one.new)) for one in self.searches if one.new]
        of_list = [(line.mark.offer_id, repr(line.unseen)) for line in self.lines if line.unseen]
        return hashlib.sha256(repr((said, sorted(of_list))).encode()).hexdigest()[:32]

    @property
    def is_unseen(self) -> bool:
        """Return whether the page has anything new since it was last said to be seen."""
        return any(one.new for one in self.searches) or any(line.unseen for line in self.lines)

    @property
    def is_untold(self) -> bool:
        """Return whether there is anything for a mail."""
        return any(one.untold for one in self.searches) or any(line.untold for line in self.lines)


@dataclass(frozen=True)
class Digest:
    """What one mail says, to whom; number: of the mail among those to this person."""

    email: str
    name: str
    account_id: int
    watcher: Watcher
    number: int
    news: News


def gather(session: Session, region: Region, person: Person, read: Read, shelves: Shelves | None) -> News:
    """Return what there is; the revision comes first, so that what is written meanwhile is told next time."""
    last = facts.last_revision(session, region.id)
    found = [searches.counted(session, region, one, read, shelves) for one in searches.of(session, person)]
    first = {one for search in found for part in (search.new, search.untold) for one in part[:SHOWN]}
    return News(
        searches=found,
        lines=marks.lines(session, region, person),
        named=marks.offered(session, region, sorted(first)),
        last=last,
    )


def note(session: Session, found: News, *, seen: bool) -> None:
    """Keep that somebody has seen all of it on the page, or else that a mail has told it."""
    for search in found.searches:
        searches.note(search, seen=seen)
    marks.note(found.lines, found.last, seen=seen)
    session.flush()


def prepare(
    session: Session, region: Region, account_id: int, read: Read, shelves: Shelves | None
) -> Digest | None:
    """Return the mail that somebody is due, or None if there is nothing to tell.

    Nobody else writes to them until the transaction ends, which keeps what was told: commit once the mail is
    on its way, else all of it is told next time.
    """
    watcher = watchers.held(session, region, account_id)
    person = watchers.person_of(session, region, account_id)
    if person is None or not person.may(Action.WATCH) or not watchers.is_due(region, watcher):
        return None
    found = gather(session, region, person, read, shelves)
    if not found.is_untold:
        return None
    note(session, found, seen=False)
    watcher.told_on = clock.today(region.timezone)
    watcher.mails += 1
    session.flush()
    email = watchers.email_of(session, account_id)
    return Digest(email, person.name, account_id, watcher, watcher.mails, found)
