"""QR codes as pictures inside a page: drawn here, so that no other service learns what is looked at."""

from functools import lru_cache

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """Return an SVG that fills its box: black on white whatever the page's colours, with its quiet zone."""
    code = segno.make(text, micro=False)
    return Markup(code.svg_inline(omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None))  # noqa: S704 - made of modules alone


# Of addresses that stand on public pages anyway; what somebody has chosen is never remembered.
qr_of_page = lru_cache(maxsize=2000)(qr)
