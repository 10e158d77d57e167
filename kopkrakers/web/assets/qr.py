"""QR codes as drawings inside the page: nothing is fetched, and they print sharply."""

from typing import Any

import segno
from markupsafe import Markup

SIZE = 6
"""Pixels of one small square: about four centimetres on paper for our links."""


def qr_code(address: str) -> Markup:
    """Return the QR code of a link in a fixed size, black on white in every theme."""
    return _drawn(address, scale=SIZE, dark="#000", border=4)


def qr_of(address: str) -> Markup:
    """Return the QR code of a link in the size of its place on the page, dark on white."""
    return _drawn(address, omitsize=True, dark="#1B2430", border=2)


def _drawn(address: str, **drawing: Any) -> Markup:
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(light="#fff", **drawing))
