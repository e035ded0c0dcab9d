"""Texts that a spreadsheet would take for a formula when it opens a CSV, and back again without a loss.

OWASP (CSV Injection): a cell must not begin with = + - @, tab or return, nor may anything that begins so
follow a separator or a line break within it, as programs that guess another separator cut the text there.
Such a place gets an apostrophe. Numbers such as "+49 30 123" are worth what they say, so they stay.
"""

import re
from collections.abc import Collection
from typing import Final

from api.exports.columns import KEY, OFFER, PAGE

_SIGNS: Final = r"[=+\-@＝＋－＠]"
# Where a cell begins, for whatever separator; blanks and quotes there are passed over.
_BEGIN: Final = r"((?:\A|(?<=[,;\t\r\n]))[\s\"]*)"
# A number, or several with blanks between them: no formula, or one that says the same. "+49-30" would be +19.
_NUMBER: Final = r"[+-](?:[0-9]+(?:\.[0-9]+)?|[0-9()/.–-]*[0-9)] +[0-9(][0-9 ()/.–-]*)(?=[,;\t\r\n]|\Z)"
_DANGER: Final = re.compile(rf"{_BEGIN}('+{_SIGNS}|(?!{_NUMBER}){_SIGNS})")
_GUARDED: Final = re.compile(rf"{_BEGIN}'(?='*{_SIGNS})")
# Finds quickly that there is nothing to look at more closely, as in nearly every text.
_MAYBE: Final = re.compile(rf"(?:\A|[,;\t\r\n])[\s\"']*{_SIGNS}")
_BREAK_FIRST: Final = re.compile(r"'*[\t\r\n]")


def guarded(text: str) -> str:
    """Return a text with an apostrophe wherever a spreadsheet could begin to calculate."""
    if _MAYBE.search(text):
        text = _DANGER.sub(r"\1'\2", text)
    return f"'{text}" if _BREAK_FIRST.match(text) else text


def unguarded(text: str) -> str:
    """Return the text from which guarded has made this one."""
    if text.startswith("'") and _BREAK_FIRST.match(text):
        text = text[1:]
    return _GUARDED.sub(r"\1", text) if "'" in text else text


def is_ours(headers: Collection[str]) -> bool:
    """Return whether a table with these headings is one that we have written, so that it is guarded."""
    return {KEY, OFFER, PAGE} <= set(headers)
