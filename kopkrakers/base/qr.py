"""QR codes as drawings inside the page: nothing is fetched, and they print sharply."""

import segno
from markupsafe import Markup

SIZE = 6
"""Pixels of one small square: about four centimetres on paper for our links."""


def qr_code(address: str) -> Markup:
    """An SVG of a link, dark on white in every theme."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(scale=SIZE, dark="#000", light="#fff", border=4))
