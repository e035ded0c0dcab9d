"""Answers kept in memory, those used last staying longest, up to a number of bytes."""

from collections import OrderedDict
from typing import NamedTuple

Headers = list[tuple[bytes, bytes]]

# What an entry costs besides its body: key, headers and their objects, by sys.getsizeof rounded up.
ENTRY_BYTES = 4_000


class Answer(NamedTuple):
    """A whole answer, as it goes over the line."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: bytes) -> str:
        """Return a header by its lower-case name, or an empty text."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), "")


class Key(NamedTuple):
    """Everything that an answer depends on; the tag stands for region, data, day and build."""

    tag: str
    scheme: str
    host: bytes
    locale: str
    path: str
    query: bytes
    encodings: bytes
    # Only then does an answer of the API say that strangers' pages may read it (CORS).
    from_elsewhere: bool
    # Header Accept where it decides between a document and its page.
    accept: bytes = b""


class Memory:
    """Answers by key; nothing here is ever wrong, since an old state's tag is never asked for again."""

    def __init__(self, size: int) -> None:
        """Keep at most `size` bytes."""
        self.size = size
        self.used = 0
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    def __len__(self) -> int:
        """Return the number of answers kept."""
        return len(self._answers)

    def get(self, key: Key) -> Answer | None:
        """Return the answer, if it is kept."""
        answer = self._answers.get(key)
        if answer is not None:
            self._answers.move_to_end(key)
        return answer

    def keep(self, key: Key, answer: Answer) -> None:
        """Keep an answer and let go of those that were not asked for the longest; a huge one is not kept."""
        if _cost(key, answer) > self.size // 4:
            return
        self._forget(key)
        self._answers[key] = answer
        self.used += _cost(key, answer)
        while self.used > self.size:
            self._forget(next(iter(self._answers)))

    def _forget(self, key: Key) -> None:
        answer = self._answers.pop(key, None)
        if answer is not None:
            self.used -= _cost(key, answer)


def _cost(key: Key, answer: Answer) -> int:
    said = (key.path, key.query, key.encodings, key.host, key.accept)
    return ENTRY_BYTES + len(answer.body) + sum(map(len, said))
