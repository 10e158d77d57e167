"""Opens a view of the API to a working key, counts its requests, and tells what is left."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, request

from kopkrakers.base.errors import KopkrakersError, NotAllowed, WrongInput
from kopkrakers.research.pages import tokens
from kopkrakers.research.pages.tokens import KeyScope
from kopkrakers.research.release import releases
from kopkrakers.research.selection import shortened
from kopkrakers.web.limits import seconds_left, slow_down
from kopkrakers.web.state import state

A_MINUTE = 120
"""Requests per key and minute."""
TOO_MANY = "Dit waren te veel vragen in een minuut."
LATEST = "latest"
"""Stands in an address for the number of the newest release."""
View = Callable[..., Response]


class NoKey(KopkrakersError):
    """401: the key is missing, unknown, withdrawn or expired."""

    status = 401


def with_key(scope: KeyScope, *parameters: str) -> Callable[[View], View]:
    """Open a view only with a working key of this scope, and count the requests per key.

    `parameters`: the names that the query of the address may have.
    """

    def around(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Response:
            _check_key(scope)
            check_parameters(*parameters)
            if "number" not in kwargs:
                return view(*args, **kwargs)
            asked = kwargs["number"]
            kwargs["number"] = _number(asked)
            response = view(*args, **kwargs)
            if asked == LATEST:
                response.headers["Content-Location"] = request.path.replace(
                    f"/{LATEST}", f"/{kwargs['number']}", 1
                )
            return response

        return checked

    return around


def check_parameters(*allowed: str) -> None:
    """Refuse a name in the query that is not `allowed`.

    Raises: WrongInput, for a misspelt filter must not give all rows as if they were the chosen.
    """
    for name in request.args:
        if name in allowed:
            continue
        instead = "Laat weg wat na het vraagteken staat."
        if allowed:
            instead = f"Wel: {', '.join(allowed)}."
        raise WrongInput(f"‘{shortened(name)}’ kun je hier niet vragen. {instead}", name)


def add_allowance(response: Response) -> None:
    """Say how many requests the key of this request has left, where it had a working one.

    The fields and their form are those of draft-ietf-httpapi-ratelimit-headers-10.
    """
    left = g.get("requests_left")
    if left is None:
        return
    seconds = seconds_left(minutes=1, now=state().now().timestamp())
    response.headers["RateLimit-Policy"] = f'"sleutel";q={A_MINUTE};w=60'
    response.headers["RateLimit"] = f'"sleutel";r={left};t={seconds}'


def _check_key(scope: KeyScope) -> None:
    # before the key is looked up, against guessing; many, for a whole office has one address
    slow_down(
        "api-address", request.remote_addr or "", at_most=20 * A_MINUTE, minutes=1, why=TOO_MANY
    )
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NoKey(
            "Stuur je sleutel mee: Authorization: Bearer <sleutel>. Je maakt er een bij Onderzoek."
        )
    with state().database.reading() as session:
        bearer = tokens.bearer_of(session, token.strip(), state().today(), state().row_keys)
    if bearer is None:
        raise NoKey("Deze sleutel werkt niet (meer). Maak een nieuwe bij Onderzoek.")
    # what is left when the next line refuses
    g.requests_left = 0
    used = slow_down("api", str(bearer.token_id), at_most=A_MINUTE, minutes=1, why=TOO_MANY)
    g.requests_left = A_MINUTE - used
    if tokens.is_first_use(bearer, state().today()):
        with state().database.transaction() as session:
            tokens.note_use(session, bearer, state().today())
    if scope == KeyScope.DATASET and bearer.scope != KeyScope.DATASET:
        raise NotAllowed(
            "Deze sleutel opent alleen tabellen. Maak een sleutel voor de hele dataset."
        )


def _number(text: str) -> int:
    if text != LATEST:
        return releases.number_in(text)
    with state().database.reading() as session:
        return releases.newest(session)
