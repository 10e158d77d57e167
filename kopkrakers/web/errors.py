"""Turns every refusal and fault into a Dutch page with a way on, or a fragment for htmx."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, cast

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from kopkrakers.base.db import UNREACHABLE
from kopkrakers.base.errors import KopkrakersError, WayOn
from kopkrakers.base.typed import is_own_path
from kopkrakers.web.csrf import why_refused
from kopkrakers.web.headers import RETRY_SECONDS as RETRY_SECONDS
from kopkrakers.web.headers import UNCOMPRESSED
from kopkrakers.web.logs import log_fault
from kopkrakers.web.paths import way_back


@dataclass(frozen=True)
class StatusText:
    """The text of a page of one status when nobody said it better."""

    title: str
    sentence: str


WORDS = {
    400: StatusText(
        "Dat konden we niet lezen",
        "Er ging iets mis bij het versturen. Ga terug en probeer het opnieuw.",
    ),
    403: StatusText("Dit kan hier niet", "Deze pagina hoort bij een andere rol dan de jouwe."),
    404: StatusText("Niet gevonden", "Deze pagina bestaat niet, of niet meer."),
    405: StatusText("Zo werkt deze pagina niet", "Ga terug en gebruik de knop op de pagina."),
    408: StatusText(
        "Dat kwam niet op tijd binnen",
        "Je verbinding is traag, of viel weg. Er is niets verstuurd. Probeer het opnieuw.",
    ),
    409: StatusText(
        "Dit kan niet meer", "Er is intussen iets veranderd. Bekijk de pagina opnieuw."
    ),
    413: StatusText(
        "Te lang",
        "Je stuurde meer tekst dan we kunnen ontvangen. Maak het korter en probeer het opnieuw.",
    ),
    422: StatusText("Er klopt iets niet", "Kijk na wat je invulde of koos en probeer het opnieuw."),
    429: StatusText(
        "Even rustig aan",
        "Dit ging te vaak achter elkaar. Wacht een paar minuten en probeer het opnieuw.",
    ),
    500: StatusText("Dit ging bij ons mis", "Het ligt niet aan jou. Probeer het straks opnieuw."),
    503: StatusText(
        "Even niet bereikbaar",
        "We kunnen nu niet bij de gegevens. Probeer het over een halve minuut opnieuw.",
    ),
}
OPEN_TOO_LONG = (
    "Deze pagina stond te lang open. Er is niets verstuurd. "
    "Ga terug, ververs de pagina en probeer het opnieuw."
)


WAYS = {
    WayOn.SIGN_IN: ("Log in", "/inloggen"),
    WayOn.NEW_PASSWORD: ("Vraag een nieuw wachtwoord aan", "/wachtwoord-vergeten"),
}
_UNROUTED = "kopkrakers_unrouted"
_BEGINNINGS = "kopkrakers_beginnings"


def install(app: Flask) -> None:
    """Map each kind of error to its page. Flask's own report is off: it repeats error messages."""
    app.logger.disabled = True
    app.extensions[_UNROUTED] = {}
    app.extensions[_BEGINNINGS] = {}
    app.register_error_handler(KopkrakersError, _refused)
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(HTTPException, _http)
    for error in UNREACHABLE:
        app.register_error_handler(error, _database_gone)
    app.register_error_handler(InternalServerError, _unexpected)


def answer_unrouted(app: Flask, prefix: str, answer: Callable[[HTTPException], Response]) -> None:
    """Have `answer` reply to requests under `prefix` that no route takes, in the place of a page.

    A blueprint's own error handlers do not see those: without a route a request has no blueprint.
    """
    app.extensions[_UNROUTED][prefix] = answer


def begin_at(app: Flask, prefix: str, label: str) -> None:
    """Have refusals under `prefix` lead there, and not to Vandaag, which asks to sign in."""
    app.extensions[_BEGINNINGS][prefix] = label


def error_response(
    status: int,
    sentence: str | None = None,
    *,
    number: str | None = None,
    ways: Iterable[WayOn] = (),
) -> Response:
    """The page (or, for htmx, the fragment) of one status. Never asks the database."""
    words = WORDS.get(status, WORDS[500] if status >= 500 else WORDS[400])
    if "HX-Request" in request.headers:
        template = "errors/_error.html"
    else:
        template = "errors/page.html"
    response = make_response(
        render_template(
            template,
            title=words.title,
            sentence=sentence or words.sentence,
            number=number,
            back=way_back(),
            ways=[WAYS[way] for way in ways],
            beginning=_beginning(),
            visitor=_visitor_if_known(),
        ),
        status,
    )
    response.headers["Cache-Control"] = UNCOMPRESSED
    if status >= 500 or status in (408, 429):
        # what was typed stays where it is; the script shows the sentence beside it
        response.headers["HX-Reswap"] = "none"
    return response


def _refused(error: KopkrakersError) -> Response:
    return error_response(error.status, error.sentence, ways=error.ways)


def _stale(_error: CSRFError) -> Response:
    return error_response(403, why_refused(OPEN_TOO_LONG))


def _http(error: HTTPException) -> Response:
    if request.routing_exception is not None:
        answers: Mapping[str, Callable[[HTTPException], Response]]
        answers = current_app.extensions[_UNROUTED]
        for prefix, answer in answers.items():
            if f"{request.path}/".startswith(prefix):
                return answer(error)
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    if error.code == 404 and (meant := _address_meant()) is not None:
        return make_response(redirect(meant, 303))
    response = error_response(error.code or 500)
    headers = dict(error.get_headers())
    if "Allow" in headers:
        response.headers["Allow"] = headers["Allow"]
    return response


def _address_meant() -> str | None:
    """Return the address of ours that was typed with a slash too many or in capitals, if any.

    Only the first part is put in small letters: what follows may be a secret or a name.
    """
    if request.routing_exception is None or request.method not in ("GET", "HEAD"):
        return None
    first, slash, rest = request.path.strip("/").partition("/")
    path = "/" + first.lower() + slash + rest
    if path == request.path or not is_own_path(path):
        return None
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not adapter.test(path, "GET"):
        return None
    query = request.query_string.decode("ascii", "ignore")
    if query:
        return f"{path}?{query}"
    return path


def _database_gone(error: Exception) -> Response:
    log_fault(error, number=None)
    return error_response(503)


def _unexpected(error: InternalServerError) -> Response:
    number = token_hex(4)
    log_fault(error.original_exception or error, number=number)
    return error_response(500, number=number)


def _beginning() -> tuple[str, str]:
    """Return the label and address of where this part of the site begins."""
    beginnings: Mapping[str, str] = current_app.extensions[_BEGINNINGS]
    for prefix, label in beginnings.items():
        if f"{request.path}/".startswith(f"{prefix}/"):
            return label, prefix
    return "Naar Vandaag", "/"


def _visitor_if_known() -> object | None:
    """The visitor for the menu; looking them up is exactly what may have failed."""
    try:
        visitor: Any = g.get("_login_user")
        # no route was found, so nothing looked the visitor up yet
        if visitor is None and request.endpoint is None:
            visitor = current_user
        is_known = visitor is not None and visitor.is_authenticated
    except UNREACHABLE:
        return None
    if not is_known:
        return None
    return cast(object, visitor)
