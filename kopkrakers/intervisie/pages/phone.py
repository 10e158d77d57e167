"""A phone in a session: the code, coming in, voting, the result. No account or script needed."""

import hmac
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.base.errors import KopkrakersError, NotNow, NotYours, TooLate, WrongInput
from kopkrakers.base.keys import Use
from kopkrakers.base.typed import clean_code
from kopkrakers.intervisie.pages import reading
from kopkrakers.intervisie.pages.drawing import (
    clean_codes,
    compare,
    seconds_left,
    session_page,
    slope_of_session,
    spaced_code,
)
from kopkrakers.intervisie.pages.forms import (
    LOST,
    HeadsForm,
    RowsForm,
    VoteForm,
    WritingForm,
    number_in,
)
from kopkrakers.intervisie.pages.memory import nothing_new, page_memory, rendered_once
from kopkrakers.intervisie.pages.shown.chapters import chapter_of, multiples_of
from kopkrakers.intervisie.pages.shown.stellingen import stelling_of
from kopkrakers.intervisie.pages.shown.views import PhonePage, PhoneView
from kopkrakers.intervisie.session import rounds, running
from kopkrakers.intervisie.session.group import heads
from kopkrakers.intervisie.session.states import LONGEST_CODE
from kopkrakers.intervisie.session.store import OVER
from kopkrakers.intervisie.session.texts.table import write_rows
from kopkrakers.web import access
from kopkrakers.web.csrf import TOKEN, asks_again
from kopkrakers.web.headers import RETRY_SECONDS, UNCOMPRESSED
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

blueprint = Blueprint("deelnemer", __name__, url_prefix="/m")
blueprint.url_value_preprocessor(clean_codes)

NO_CODE = "Typ de code van het scherm."
WRONG_CODES = 50
"""Wrong codes in a minute from one address. Right ones are not counted: a group shares one."""
COOKIE_SECONDS = 24 * 60 * 60
"""As long as a session lasts: a phone that was switched off comes back to its place."""
RELOAD = 205
"""Tells the script to fetch the whole page: only that may set a cookie."""


@blueprint.get("")
@access.public
def door() -> ResponseReturnValue:
    """Show the field for the code."""
    given = clean_code(request.args.get("code", ""), LONGEST_CODE)
    if given:
        return redirect(url_for("deelnemer.page", code=given), 303)
    error = NO_CODE if "code" in request.args else ""
    return render_template("intervisie/phone/code.html", given="", error=error, visitor=None)


@blueprint.get("/<code>")
@access.public
def page(code: str) -> ResponseReturnValue:
    """Show this phone what is going on."""
    if request.path != _path(code):
        return redirect(_path(code), 303)
    generate_csrf()  # made here, so that what is fetched later never needs to set a cookie
    return _page(code)


@blueprint.get("/<code>/nu")
@access.public
def now(code: str) -> ResponseReturnValue:
    """Return what changed since `seen`: 204 when nothing did. Sets no cookie and writes nothing."""
    if nothing_new(page_memory(), state().database, code, request.args.get("seen", type=int)):
        return Response(status=204)
    if "csrf_token" not in browser_session:
        return Response(status=RELOAD)
    return _fragment(code)


@blueprint.post("/<code>/doe-mee")
@access.public
def join(code: str) -> ResponseReturnValue:
    """Come in, once: a random token in a cookie that only this session's addresses get."""
    # made from the form's own token, which no other page and no other browser has: a press that is
    # repeated before the cookie arrives brings in one phone; only the hash of it is kept
    form = f"{code} {request.form[TOKEN]}".encode()
    token = hmac.digest(state().keys(Use.PLACES).current, form, sha256).hex()
    if _phone(code).page != PhonePage.JOIN:
        return redirect(url_for("deelnemer.page", code=code), 303)
    try:
        with state().database.transaction() as session:
            running.join(
                session, code=code, token=token, user_id=_user_id(), turn_keys=state().turn_keys
            )
    except TooLate as late:
        return _page(code, late)
    response = make_response(redirect(url_for("deelnemer.page", code=code), 303))
    response.set_cookie(
        _cookie(),
        token,
        max_age=COOKIE_SECONDS,
        # no other page of the site hears that this browser is in a session
        path=_path(code),
        secure=state().settings.over_tls,
        httponly=True,
        samesite="Lax",
    )
    return response


@blueprint.post("/<code>/klopt")
@access.public
def agree_on_heads(code: str) -> ResponseReturnValue:
    """Say that there are as many people as phones."""
    form = HeadsForm()
    try:
        _phone(code)
        with state().database.transaction() as session:
            heads.agree_on_heads(
                session, code=code, token=_token() or "", heads=number_in(form, "aantal")
            )
    except (TooLate, WrongInput) as refused:
        return _page(code, refused)
    return redirect(url_for("deelnemer.page", code=code), 303)


@blueprint.post("/<code>/weg")
@access.public
def leave(code: str) -> ResponseReturnValue:
    """Leave."""
    _phone(code)
    with state().database.transaction() as session:
        running.leave(session, code=code, token=_token() or "", user_id=_user_id())
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
        with state().database.transaction() as session:
            rounds.cast_vote(
                session,
                code=code,
                token=_token() or "",
                vote=rounds.PhoneVote(
                    number=int(form.stemming.data),
                    option=form.optie.data,
                    reason=form.reason(),
                    mark=form.keuzes.data,
                ),
                mac_keys=state().row_keys,
            )
    except (TooLate, WrongInput, NotNow) as refused:
        return _page(code, refused, form)
    return redirect(url_for("deelnemer.page", code=code), 303)


@blueprint.post("/<code>/tabel")
@access.public
@asks_again
def write(code: str) -> ResponseReturnValue:
    """Put rows of the table in the session's box. Refused, nothing that was typed is lost."""
    form = RowsForm()
    try:
        _phone(code)
        with state().database.transaction() as session:
            write_rows(
                session,
                code=code,
                token=_token() or "",
                rows=form.rows(),
                passes=bool(form.niets.data),
                mac_keys=state().row_keys,
            )
    except (TooLate, WrongInput, NotNow) as refused:
        return _page(code, refused, form)
    return redirect(url_for("deelnemer.page", code=code), 303)


def _page(
    code: str, refused: KopkrakersError | None = None, form: WritingForm | None = None
) -> Response:
    """Return the whole page. With a refusal it may echo a choice: never kept, never compressed.

    `form`: what was refused, to show it again.
    """
    try:
        view = _phone(code)
    except NotYours as unknown:
        return _unknown(code, unknown)
    context = _context(view, refused)
    if form is not None:
        context |= {"sent": form.data, "unsent": form.to_keep()}
    response = _not_kept(session_page("phone/page", **context))
    if refused is not None:
        response.status_code = refused.status
    if isinstance(refused, NotNow):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _fragment(code: str) -> Response:
    """Return what changed, for one of many phones that ask at once.

    Nothing that was typed or chosen is in it.
    """
    try:
        view = _phone(code)
    except NotYours as unknown:
        return _unknown(code, unknown)
    context = _context(view, None)
    # all that the fragment depends on: phones with the same key get the same words
    key = (
        code,
        view.now.version,
        view.page,
        view.sentence,
        view.watches,
        view.uses_turn,
        view.voted,
        view.agreed,
        context["left"],
    )

    def render() -> str:
        return session_page("phone/_now", **context)

    return _not_kept(rendered_once(page_memory(), key, generate_csrf(), render))


def _context(view: PhoneView, refused: KopkrakersError | None) -> dict[str, Any]:
    now = view.now
    errors = {}
    if isinstance(refused, WrongInput) and refused.field:
        errors[refused.field] = refused.sentence
    return {
        "view": view,
        "now": now,
        "refused": refused,
        "errors": errors,
        "comparison": compare(now, now.round(1)),
        "slope": slope_of_session(now),
        "stelling": stelling_of(now),
        "chapter": chapter_of(now),
        "multiples": multiples_of(now),
        "left": seconds_left(now.timer_ends_at),
        "spaced": spaced_code(now.code),
        "sent": {},
        "unsent": "",
        "visitor": None,
        "seal_of_place": _seal(),
    }


def _seal() -> str:
    """Return the key with which this phone seals what is typed until it arrived; empty for none.

    It stands on the pages of whoever holds this place, and on no others. It is kept nowhere.
    """
    token = _token()
    if token is None:
        return ""
    place = f"seal {token}".encode()
    return hmac.digest(state().keys(Use.PLACES).current, place, sha256).hex()


def _not_kept(html: str) -> Response:
    response = make_response(html)
    # the length of a compressed page would tell what it repeats of its reader
    response.headers["Cache-Control"] = UNCOMPRESSED
    return response


def _unknown(code: str, unknown: NotYours) -> Response:
    """Return the field again with the code that was typed, or that the session is over."""
    over = unknown.sentence == OVER
    name, given = "code", code
    if request.endpoint == "deelnemer.now":
        # asked by the script, which puts it in place of the part that it has
        name = "_over"
    if over:
        given = ""
    html = render_template(
        f"intervisie/phone/{name}.html",
        given=given,
        error=unknown.sentence,
        over=over,
        visitor=None,
    )
    return make_response(html, unknown.status)


def _phone(code: str) -> PhoneView:
    """Return what this phone may see. Only wrong codes count toward a limit.

    Raises: NotYours for a code that leads nowhere; TooMany after `WRONG_CODES` in a minute.
    """
    # on most phones nobody is signed in
    visitor, user_id = None, _user_id()
    if user_id is not None:
        visitor = Voter(user_id, state().turn_keys)
    try:
        with state().database.reading() as session:
            return reading.phone(
                session,
                state().library,
                page_memory(),
                code=code,
                token=_token(),
                visitor=visitor,
                row_keys=state().row_keys,
            )
    except NotYours as unknown:
        if unknown.sentence != OVER:
            slow_down("wrong code", request.remote_addr or "", at_most=WRONG_CODES, minutes=1)
        raise


def _user_id() -> int | None:
    if not current_user.is_authenticated:
        return None
    user_id: int = current_user.id
    return user_id


def _token() -> str | None:
    return request.cookies.get(_cookie())


def _cookie() -> str:
    return "__Secure-kopkrakers-plek" if state().settings.over_tls else "kopkrakers-plek"


def _path(code: str) -> str:
    if code:
        return url_for("deelnemer.page", code=code)
    return url_for("deelnemer.door")
