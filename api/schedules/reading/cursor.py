"""A place in the tokens of a text, from which a grammar takes what it expects."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from api.schedules.reading.doubts import Doubt, NotUnderstoodError
from api.schedules.reading.tokens import Kind, Token

Found = TypeVar("Found")
More = ParamSpec("More")
_MOST_DIGITS: Final = 4
_END: Final = Token(Kind.BREAK, "", -1, -1)


class Cursor:
    """The tokens of a text and how far they have been read."""

    def __init__(self, found: tuple[Token, ...], text: str) -> None:
        self.tokens, self.text, self.position = found, text, 0

    @property
    def at_end(self) -> bool:
        """Whether everything has been read."""
        return self.position >= len(self.tokens)

    def peek(self, ahead: int = 0) -> Token:
        """Return a token without taking it; beyond the end an empty one."""
        place = self.position + ahead
        return self.tokens[place] if place < len(self.tokens) else _END

    def take(self, kind: Kind) -> Token | None:
        """Take the next token if it is of a kind."""
        return self._take() if not self.at_end and self.peek().kind == kind else None

    def number(self) -> int | None:
        """Take the next token if it is a number that days, weeks or years can have."""
        is_short = self.peek().kind == Kind.NUMBER and len(self.peek().text) <= _MOST_DIGITS
        return int(self._take().text) if is_short else None

    def word(self, known: Iterable[str]) -> str | None:
        """Take the next token if it is one of these words."""
        token = self.peek()
        return self._take().text if token.kind == Kind.WORD and token.text in known else None

    def sign(self, known: Iterable[str]) -> str | None:
        """Take the next token if it is one of these signs."""
        token = self.peek()
        return self._take().text if token.kind == Kind.SIGN and token.text in known else None

    def words(self, *each: Iterable[str]) -> bool:
        """Take the next tokens if they are words of these sets, one after the other; else none of them."""
        start = self.position
        for known in each:
            if self.word(known) is None:
                self.position = start
                return False
        return True

    def skip(self, known: Iterable[str]) -> None:
        """Take all words that follow and are among these."""
        while self.word(known) is not None:
            pass

    def glued(self, ahead: int = 0) -> bool:
        """Whether a token follows the one before it without a blank."""
        place = self.position + ahead
        return 0 < place < len(self.tokens) and self.tokens[place - 1].end == self.tokens[place].start

    def since(self, position: int) -> str:
        """Return the text from a position up to here, as it was written."""
        if position >= self.position:
            return ""
        return self.text[self.tokens[position].start : self.tokens[self.position - 1].end]

    def doubt(self, doubt: Doubt) -> NotUnderstoodError:
        """Return the error that says that reading stops here."""
        return NotUnderstoodError(doubt, None if self.at_end else self.peek().start)

    def _take(self) -> Token:
        self.position += 1
        return self.tokens[self.position - 1]


def attempt(
    phrase: Callable[Concatenate[Cursor, More], Found | None],
) -> Callable[Concatenate[Cursor, More], Found | None]:
    """Let a phrase that finds nothing leave the cursor where it was."""

    @wraps(phrase)
    def tried(cursor: Cursor, /, *more: More.args, **named: More.kwargs) -> Found | None:
        start = cursor.position
        found = phrase(cursor, *more, **named)
        if found is None:
            cursor.position = start
        return found

    return tried
