"""Numbers in addresses, as `{offer_id:int}` takes them: those that a row can have.

Any other names nothing, so there is no such page (404), and no route has to ask. Registered when the package
is imported, before any route is made.
"""

from typing import Final

from starlette.convertors import IntegerConvertor, register_url_convertor

MOST_DIGITS: Final = 18  # all below 2⁶³


class RowNumber(IntegerConvertor):
    """A whole number of a row."""

    regex = f"[0-9]{{1,{MOST_DIGITS}}}"


def register() -> None:
    """Let routes take no other numbers."""
    register_url_convertor("int", RowNumber())
