"""The deelnemer's phone: the code, coming in, voting, waiting, seeing. No account, no script needed."""

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.errors import KopkrakersError, NotNow, NotYours, TooLate, WrongInput
from kopkrakers.intervisie.pages import looking
from kopkrakers.intervisie.pages.drawing import (
    clean_codes,
    compare,
    seconds_left,
    slope_of_session,
    spaced_code,
)
from kopkrakers.intervisie.pages.forms import LOST, VoteForm, typed
from kopkrakers.intervisie.pages.memory import nothing_new, page_memory, rendered_once
from kopkrakers.intervisie.pages.views import PhonePage, PhoneView
from kopkrakers.intervisie.session import rounds, running, states
from kopkrakers.intervisie.session.store import OVER
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.errors import RETRY_SECONDS
from kopkrakers.web.headers import UNCOMPRESSED
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

blueprint = Blueprint("deelnemer", __name__, url_prefix="/m")
blueprint.url_value_preprocessor(clean_codes)

WRONG_CODES = 50
"""Wrong codes in a minute from one network address. Right ones are never counted: a hall shares an address."""
COOKIE_SECONDS = 24 * 60 * 60
"""As long as a session lasts at most, so that a phone that was switched off comes back to its place."""
RELOAD = 205
"""Tells the script to fetch the whole page: only that may set a cookie."""


@blueprint.get("")
@access.public
def door() -> ResponseReturnValue:
    """Type the code."""
    given = states.clean_code(request.args.get("code", ""))
    if given:
        return redirect(url_for("deelnemer.page", code=given), 303)
    return render_template("intervisie/phone/code.html", given="", error="", visitor=None)


@blueprint.get("/<code>")
@access.public
def page(code: str) -> ResponseReturnValue:
    """What is going on, for this phone."""
    if request.path != _path(code):
        return redirect(_path(code), 303)
    generate_csrf()  # made here, so that what is fetched later never needs to set a cookie
    return _page(code)


@blueprint.get("/<code>/nu")
@access.public
def now(code: str) -> ResponseReturnValue:
    """Only what changed since `seen`: 204 when nothing did. Sets no cookie and writes nothing."""
    if nothing_new(page_memory(), state().database, code, request.args.get("seen", type=int)):
        return Response(status=204)
    if "csrf_token" not in session:
        return Response(status=RELOAD)
    return _fragment(code)


@blueprint.post("/<code>/doe-mee")
@access.public
def join(code: str) -> ResponseReturnValue:
    """Come in: a random token in a cookie that only this session's addresses get. Coming in twice is once."""
    if _phone(code).page != PhonePage.JOIN:
        return redirect(url_for("deelnemer.page", code=code), 303)
    try:
        with state().database.transaction() as database_session:
            joined = running.join(database_session, code=code, user_id=_user_id())
    except TooLate as late:
        return _page(code, late)
    response = make_response(redirect(url_for("deelnemer.page", code=code), 303))
    _keep(response, code, joined.token)
    return response


@blueprint.post("/<code>/weg")
@access.public
def leave(code: str) -> ResponseReturnValue:
    """Go."""
    _phone(code)
    with state().database.transaction() as database_session:
        running.leave(database_session, code=code, token=_token() or "", user_id=_user_id())
    response = redirect(url_for("deelnemer.door"), 303)
    response.delete_cookie(_cookie(), path=_path(code))
    return response


@blueprint.post("/<code>/stem")
@access.public
@asks_again
def vote(code: str) -> ResponseReturnValue:
    """Put a vote and a reason in the session's box. Refused, nothing that was typed is lost."""
    form = VoteForm()
    try:
        _phone(code)
        if not form.validate():
            raise WrongInput(LOST, "optie")
        _cast(code, int(form.stemming.data))
    except (TooLate, WrongInput, NotNow) as refused:
        return _page(code, refused)
    return redirect(url_for("deelnemer.page", code=code), 303)


def _cast(code: str, number: int) -> None:
    with state().database.transaction() as database_session:
        rounds.cast_vote(
            database_session,
            code=code,
            token=_token() or "",
            number=number,
            option=typed("optie"),
            reason=typed("reden"),
            mac_keys=mac_keys(state().settings),
        )


def _page(code: str, refused: KopkrakersError | None = None) -> Response:
    """The whole page. With a refusal it may echo a choice: never kept, never compressed."""
    response = _answer("intervisie/phone/page.html", code, refused)
    if isinstance(refused, NotNow):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _answer(template: str, code: str, refused: KopkrakersError | None = None) -> Response:
    try:
        view = _phone(code)
    except NotYours as unknown:
        return _unknown(code, unknown)
    return _not_kept(
        render_template(template, **_context(view, refused)), refused.status if refused else 200
    )


def _fragment(code: str) -> Response:
    """What changed, for one of many phones that ask at once. Nothing that was typed or chosen is in it."""
    try:
        view = _phone(code)
    except NotYours as unknown:
        return _unknown(code, unknown)
    now, left = view.now, seconds_left(view.now.timer_ends_at)
    key = (
        code,
        now.version,
        view.page,
        view.sentence,
        view.watches,
        view.uses_turn,
        view.voted,
        left,
    )
    fragment = "intervisie/phone/_now.html"
    html = rendered_once(
        page_memory(),
        key,
        generate_csrf(),
        lambda: render_template(fragment, **_context(view, None)),
    )
    return _not_kept(html, 200)


def _context(view: PhoneView, refused: KopkrakersError | None) -> dict[str, object]:
    now = view.now
    return {
        "view": view,
        "now": now,
        "refused": refused,
        "errors": {refused.field: refused.sentence}
        if isinstance(refused, WrongInput) and refused.field
        else {},
        "comparison": compare(now, now.round(1)),
        "slope": slope_of_session(now),
        "left": seconds_left(now.timer_ends_at),
        "spaced": spaced_code(now.code),
        "typed": typed,
        "visitor": None,
    }


def _not_kept(html: str, status: int) -> Response:
    response = make_response(html, status)
    response.headers["Cache-Control"] = UNCOMPRESSED
    return response


def _unknown(code: str, unknown: NotYours) -> Response:
    """A code that leads nowhere: the field again, with what was typed, or the words that the session is over."""
    over = unknown.sentence == OVER
    name = "_over" if request.endpoint == "deelnemer.now" else "code"
    given = "" if over else code
    html = render_template(
        f"intervisie/phone/{name}.html",
        given=given,
        error=unknown.sentence,
        over=over,
        visitor=None,
    )
    return make_response(html, unknown.status)


def _phone(code: str) -> PhoneView:
    """What this phone may see. Wrong codes alone count toward a limit.

    Raises: NotYours for a code that leads nowhere; TooMany after `WRONG_CODES` in a minute.
    """
    try:
        with state().database.reading() as database_session:
            return looking.phone(
                database_session,
                state().library,
                page_memory(),
                code=code,
                token=_token(),
                user_id=_user_id(),
            )
    except NotYours as unknown:
        if unknown.sentence != OVER:
            slow_down("wrong code", request.remote_addr or "", at_most=WRONG_CODES, minutes=1)
        raise


def _user_id() -> int | None:
    return current_user.id if current_user.is_authenticated else None


def _token() -> str | None:
    return request.cookies.get(_cookie())


def _cookie() -> str:
    return "__Secure-kopkrakers-plek" if state().settings.over_tls else "kopkrakers-plek"


def _path(code: str) -> str:
    return url_for("deelnemer.page", code=code) if code else url_for("deelnemer.door")


def _keep(response: Response, code: str, token: str) -> None:
    response.set_cookie(
        _cookie(),
        token,
        max_age=COOKIE_SECONDS,
        path=_path(code),
        secure=state().settings.over_tls,
        httponly=True,
        samesite="Lax",
    )
