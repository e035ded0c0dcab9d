"""The hurdles of forms one by one: tasks hold once, addresses are counted and not kept."""

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from api.core import clock
from api.core.errors import TooManyError
from web.sending.checking import STRANGE, TOO_LONG, TRAP, Field, checked, names_mail_or_phone
from web.sending.proofs import Kind, Outcome, Proofs
from web.sending.throttle import AT_ONCE, Throttle

NOON = datetime(2026, 10, 20, 10, tzinfo=UTC)
TEXT = Field("text", 1000, lines=True)


class Clock:
    """A clock that a test sets forward."""

    def __init__(self) -> None:
        self.time = NOON

    def forward(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr(clock, "now", lambda: stopped.time)
    return stopped


def solved(task: str, bits: int) -> str:
    """Do what js/proof.js does."""
    for number in count():
        digest = hashlib.sha256(f"{task}.{number}".encode()).digest()
        if int.from_bytes(digest, "big") >> (256 - bits) == 0:
            return str(number)
    raise AssertionError


def test_work_that_is_done_holds_once(time: Clock) -> None:
    proofs = Proofs()
    task = proofs.task(Kind.WORK)
    solution = solved(task.text, task.number)
    assert proofs.take(task.text, solution) is Outcome.RIGHT
    assert proofs.take(task.text, solution) is Outcome.OVER


def test_a_number_is_copied_but_not_faster_than_people_read(time: Clock) -> None:
    proofs = Proofs()
    task = proofs.task(Kind.NUMBER)
    assert proofs.take(task.text, str(task.number)) is Outcome.EARLY
    assert proofs.take(task.text, "7") is Outcome.WRONG
    assert proofs.take(task.text, "") is Outcome.WRONG
    time.forward(4)
    assert proofs.take(task.text, f" {task.number} ") is Outcome.RIGHT
    assert proofs.take(task.text, str(task.number)) is Outcome.OVER


def test_arabic_digits_are_digits(time: Clock) -> None:
    proofs = Proofs()
    task = proofs.task(Kind.NUMBER)
    time.forward(4)
    arabic = str(task.number).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert proofs.take(task.text, arabic) is Outcome.RIGHT


def test_a_task_ends_and_is_bound_to_who_gave_it(time: Clock) -> None:
    ours, theirs = Proofs("geheim"), Proofs("anders")
    task = ours.task(Kind.NUMBER)
    assert theirs.take(task.text, str(task.number)) is Outcome.OVER
    time.forward(4)
    assert Proofs("geheim").take(task.text, str(task.number)) is Outcome.RIGHT
    time.forward(1800)
    assert ours.take(task.text, str(task.number)) is Outcome.OVER


@pytest.mark.parametrize(
    "text", ["", "z", "z.", "w.0.1.x", "z.38.0.ab.cd", "w.13.99999999999.x.é", "." * 5000, "z.a.b.c.d"]
)
def test_a_made_up_task_is_over(time: Clock, text: str) -> None:
    assert Proofs().take(text, "38") is Outcome.OVER


def test_a_changed_task_is_over(time: Clock) -> None:
    proofs = Proofs()
    task = proofs.task(Kind.WORK)
    easier = task.text.replace(f"w.{task.number}.", "w.0.")
    assert proofs.take(easier, "1") is Outcome.OVER
    assert proofs.take(task.text, "keine Zahl") is Outcome.WRONG


def test_one_address_is_slowed_down_and_others_are_not() -> None:
    throttle = Throttle()
    for _ in range(AT_ONCE):
        throttle.take("192.0.2.1")
    with pytest.raises(TooManyError) as refused:
        throttle.take("192.0.2.1")
    assert 0 < refused.value.retry_seconds <= 10
    throttle.take("192.0.2.2")


def test_no_address_is_kept_and_another_day_begins_anew(time: Clock) -> None:
    throttle = Throttle()
    throttle.take("192.0.2.1")
    first = dict(vars(throttle))
    assert "192.0.2.1" not in repr(first)
    before = set(throttle.known)
    time.forward(86_400)
    throttle.take("192.0.2.1")
    assert len(throttle.known) == 1
    assert before.isdisjoint(throttle.known)


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ue000", "\ufffe"])
def test_signs_that_nobody_types_are_refused_and_not_shown_again(letter: str) -> None:
    found = checked({"text": f"a{letter}b"}, [TEXT])
    assert found.mistakes["text"].text == STRANGE
    assert found.typed["text"] == "ab"


@pytest.mark.parametrize(
    "text", ["Größe\nund\tmehr", "مرحبا", "Привіт", "👩‍👧 Kinder", "<script>alert(1)</script>"]
)
def test_every_script_is_welcome(text: str) -> None:
    assert checked({"text": text}, [TEXT]).mistakes == {}


def test_too_long_a_text_is_named_and_kept_for_mending() -> None:
    found = checked({"text": "x" * 10_000}, [TEXT])
    assert found.mistakes["text"] == (TOO_LONG, 1000)
    assert len(found.typed["text"]) == 10_000
    assert checked({"text": "x" * 1000}, [TEXT]).mistakes == {}


def test_the_trap_is_a_mistake_that_can_be_mended() -> None:
    assert TRAP in checked({"text": "x", TRAP: "http://spam"}, [TEXT]).mistakes


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Ruf mich an: 030 1234567", True),
        ("+49 170 1234567", True),
        ("mail an ich@example.org", True),
        ("Montag 9-12 Uhr, 10369 Berlin", False),
        ("seit 2014 geschlossen", False),
        ("0,50 Euro", False),
    ],
)
def test_a_number_or_mail_in_a_text_is_noticed(text: str, *, named: bool) -> None:
    assert names_mail_or_phone(text) is named
