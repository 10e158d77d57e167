"""The mark by which a device shows who signed in on it before, where somebody guesses passwords."""

from functools import partial

from flask import Response, after_this_request, request

from kopkrakers.accounts.pages.browser.session import LIFETIME
from kopkrakers.accounts.passwords.known_devices import is_known, new_mark
from kopkrakers.base.keys import Use
from kopkrakers.web.state import state

SIGN_IN_PATH = "/inloggen"
"""Path of the cookie with the mark of a device: sent to no page on which anybody answers."""


def mark_device(address: str) -> None:
    """Let this device remember that the owner of an address, as compared, signed in on it."""
    after_this_request(partial(_mark, address))


def _mark(address: str, response: Response) -> Response:
    response.set_cookie(
        mark_cookie(),
        new_mark(address, state().keys(Use.KNOWN_DEVICES)),
        max_age=LIFETIME,
        path=SIGN_IN_PATH,
        secure=state().settings.over_tls,
        httponly=True,
        samesite="Lax",
    )
    return response


def known_mark(address: str) -> str | None:
    """Return the mark of this device when the owner of the address, as compared, signed in on it
    before; None on any other.
    """
    mark = request.cookies.get(mark_cookie(), "")
    if is_known(mark, address, state().keys(Use.KNOWN_DEVICES)):
        return mark
    return None


def mark_cookie() -> str:
    """Return the name of the cookie with the mark of a device."""
    if state().settings.over_tls:
        return "__Secure-toestel"
    return "toestel"
