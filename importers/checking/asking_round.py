"""A round through the web addresses of a region that are due: several hosts side by side, each one politely.

No transaction is open while servers are waited for, and every answer is kept as it comes: a round that is
broken off goes on where it was.
"""

import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Engine, text
from sqlmodel import Session

from api.core import clock
from api.doubts.models import Answer
from importers.checking.asking import Asker, Said, new_address

AT_ONCE: Final = 4  # hosts
FRESH: Final = timedelta(days=14)
# A little less than a day: whoever asks every night asks about a failure every night.
AGAIN: Final = timedelta(hours=20)
MOST_A_HOST: Final = 100  # addresses in one round
MOST_SILENT: Final = 3  # addresses of a host one after the other; then it is left alone
FEW: Final = 3  # hosts; if so many are asked and none answers, it is us

_LOCK: Final = 0x4C494E4B
_USED: Final = """
  SELECT o.website AS address FROM offer o
  WHERE o.region_id = :region AND o.status IN ('published', 'paused') AND o.website <> ''
  UNION
  SELECT g.website FROM organization g
  WHERE g.region_id = :region AND g.website <> '' AND EXISTS (
    SELECT FROM offer o WHERE o.organization_id = g.id AND o.status IN ('published', 'paused'))
"""
_DUE: Final = text(f"""
  SELECT u.address FROM ({_USED}) u LEFT JOIN web_link l ON l.address = u.address
  WHERE l.next_at IS NULL OR l.next_at <= :now
  ORDER BY l.next_at NULLS FIRST, u.address
""")  # noqa: S608 - nothing from outside
_KEEP: Final = text("""
  INSERT INTO web_link AS l (address, answer, status, moved_to, failures, failing_since, asked_at, next_at)
  VALUES (:address, :answer, :status, :moved_to, :failed, CASE WHEN :failed = 1 THEN :now END, :now, :next_at)
  ON CONFLICT (address) DO UPDATE SET
    answer = excluded.answer, status = excluded.status, moved_to = excluded.moved_to,
    failures = CASE WHEN :failed = 1 THEN l.failures + 1 ELSE 0 END,
    failing_since = CASE WHEN :failed = 1 THEN coalesce(l.failing_since, excluded.asked_at) END,
    asked_at = excluded.asked_at, next_at = excluded.next_at
""")
_FORGET: Final = text("""
  DELETE FROM web_link l WHERE l.asked_at < :before
    AND NOT EXISTS (SELECT FROM offer o WHERE o.website = l.address)
    AND NOT EXISTS (SELECT FROM organization g WHERE g.website = l.address)
""")
_FAILURES: Final = (Answer.GONE, Answer.SILENT, Answer.UNSAFE)


@dataclass
class Asked:
    """What a round has done."""

    due: int = 0
    asked: int = 0
    is_cut_off: bool = False  # nobody answered at all
    is_elsewhere: bool = False  # another round is on its way

    def text(self) -> str:
        """Return it in German."""
        if self.is_elsewhere:
            return "Links: Es werden gerade schon welche gefragt."
        if self.is_cut_off:
            return "Links: Niemand antwortet. Hat dieser Rechner Internet? Nichts wurde vermerkt."
        left = self.due - self.asked
        rest = f", {left} bleiben für das nächste Mal" if left else ""
        return f"Links: {self.asked} von {self.due} fälligen gefragt{rest}."


@dataclass
class _Time:
    """How long a round may take; whoever breaks it off ends it for all threads."""

    deadline: float
    is_broken_off: bool = False

    def is_over(self) -> bool:
        return self.is_broken_off or time.monotonic() >= self.deadline


def ask_due(engine: Engine, region_id: int, asker: Asker, seconds: float) -> Asked:
    """Ask for the addresses of a region that are due, as many as there is time for; keep what is said."""
    with engine.connect() as guard:
        if not guard.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
            return Asked(is_elsewhere=True)
        guard.commit()
        try:
            with Session(engine) as session:
                due = list(session.scalars(_DUE, {"region": region_id, "now": clock.now()}))
            return _ask_all(engine, due, asker, _Time(time.monotonic() + seconds))
        finally:
            guard.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            guard.commit()


def forget(session: Session) -> None:
    """Clear away addresses that nobody uses any more."""
    session.execute(_FORGET, {"before": clock.now() - FRESH})


def _ask_all(engine: Engine, due: list[str], asker: Asker, left: _Time) -> Asked:
    done = Asked(due=len(due))
    hosts = list(_by_host(due))
    kept_back: list[tuple[str, Said]] = []  # until it is sure that it is not us
    is_online = len(hosts) < FEW
    with ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(_ask_host, addresses, asker, left) for addresses in hosts]
        try:
            for finished in as_completed(running):
                kept_back += finished.result()
                is_online |= any(
                    said.status is not None or said.answer == Answer.UNSAFE for _, said in kept_back
                )
                if is_online:
                    _keep(engine, kept_back)
                    done.asked += len(kept_back)
                    kept_back = []
        except BaseException:
            left.is_broken_off = True
            raise
    done.is_cut_off = bool(kept_back)
    return done


def _by_host(addresses: Iterable[str]) -> Iterator[list[str]]:
    found: dict[str, list[str]] = {}
    for address in addresses:
        found.setdefault(_host(address), []).append(address)
    return (one[:MOST_A_HOST] for one in found.values())


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _ask_host(addresses: list[str], asker: Asker, left: _Time) -> list[tuple[str, Said]]:
    """Ask for the addresses of one host; a host that does not answer, or wants no programs, is left alone."""
    found: list[tuple[str, Said]] = []
    silent = 0
    for address in addresses:
        if left.is_over():
            break
        said = asker.ask(address)
        found.append((address, said))
        silent = silent + 1 if not said.has_host else 0
        if silent == MOST_SILENT or said.status in (429, 503):
            break
    return found


def _keep(engine: Engine, answers: list[tuple[str, Said]]) -> None:
    with Session(engine) as session:
        now = clock.now()
        for address, said in sorted(answers, key=lambda one: one[0]):
            failed = said.answer in _FAILURES
            values = {
                "address": address,
                "answer": said.answer.value,
                "status": said.status,
                "moved_to": new_address(address, said.moved_to) if said.answer == Answer.FINE else "",
                "failed": int(failed),
                "now": now,
                "next_at": now + (AGAIN if failed else FRESH),
            }
            session.execute(_KEEP, values)
        session.commit()
