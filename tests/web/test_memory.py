"""What is remembered stays within its bounds."""

from hypothesis import given
from hypothesis import strategies as st

from web.memory import ENTRY_BYTES, Answer, Key, Memory


def key(name: str) -> Key:
    return Key('W/"1"', "http", b"", "de", name, b"", b"", from_elsewhere=False)


def answer(size: int) -> Answer:
    return Answer(200, [(b"etag", b'W/"1"')], b"x" * size)


def test_gives_back_what_it_was_given() -> None:
    memory = Memory(1_000_000)
    memory.keep(key("/a"), answer(10))
    assert memory.get(key("/a")) == answer(10)
    assert memory.get(key("/b")) is None


def test_lets_go_of_what_was_not_asked_for_the_longest() -> None:
    memory = Memory(4 * (ENTRY_BYTES + 1000))
    for name in "abc":
        memory.keep(key(name), answer(990))
    memory.get(key("a"))
    for name in "de":
        memory.keep(key(name), answer(990))
    kept = [name for name in "abcde" if memory.get(key(name))]
    assert kept == ["a", "c", "d", "e"]


def test_does_not_keep_one_answer_that_would_push_out_most_others() -> None:
    memory = Memory(100_000)
    memory.keep(key("small"), answer(10))
    memory.keep(key("huge"), answer(30_000))
    assert (memory.get(key("huge")), len(memory)) == (None, 1)


def test_a_memory_of_nothing_keeps_nothing() -> None:
    memory = Memory(0)
    memory.keep(key("/"), answer(0))
    assert len(memory) == 0


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 40_000))))
def test_never_uses_more_than_it_may_and_counts_right(kept: list[tuple[str, int]]) -> None:
    memory = Memory(100_000)
    last: dict[str, int] = {}
    for name, size in kept:
        memory.keep(key(name), answer(size))
        last[name] = size
        assert memory.used <= memory.size
    found = {name: memory.get(key(name)) for name in last}
    assert memory.used == sum(
        ENTRY_BYTES + len(one.body) + len(name) for name, one in found.items() if one is not None
    )
