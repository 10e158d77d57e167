"""The regie: the begeleider's own page of a running session, and its buttons."""

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlmodel import Session

from kopkrakers.accounts.models import Role
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.errors import KopkrakersError, NotNow, TooLate, WrongInput
from kopkrakers.base.qr import qr_of
from kopkrakers.intervisie.pages import looking
from kopkrakers.intervisie.pages.drawing import (
    clean_codes,
    compare,
    join_address,
    large_button,
    seconds_left,
    slope_of_session,
    spaced_code,
    spoken_address,
    vote_here,
)
from kopkrakers.intervisie.pages.forms import (
    MinutesForm,
    RoundForm,
    StepForm,
    changed_agreements,
    day_in,
    judged_reason,
    number_in,
    second_in,
    timer_seen,
    typed,
)
from kopkrakers.intervisie.pages.memory import page_memory
from kopkrakers.intervisie.session import planning, reports, rounds, running, store
from kopkrakers.web import access
from kopkrakers.web.errors import RETRY_SECONDS
from kopkrakers.web.headers import UNCOMPRESSED
from kopkrakers.web.state import state

blueprint = Blueprint("regie", __name__, url_prefix="/intervisie/<code>/regie")
blueprint.url_value_preprocessor(clean_codes)

Deed = Callable[[Session], object]


@blueprint.get("")
@access.role(Role.BEGELEIDER)
def page(code: str) -> ResponseReturnValue:
    """The step now, what to do in it, and the button that leads on."""
    return _page(code)


@blueprint.get("/nu")
@access.role(Role.BEGELEIDER)
def now(code: str) -> ResponseReturnValue:
    """Only what changed since `seen`: 204 when nothing did."""
    with state().database.reading() as session:
        mark = store.regie_mark(session, code)
    if mark is not None and mark == request.args.get("seen"):
        return Response(status=204)
    return _fragment(code)


@blueprint.post("/open")
@access.role(Role.BEGELEIDER)
def open_lobby(code: str) -> ResponseReturnValue:
    """Let people in."""
    return _act(
        code,
        lambda s: planning.open_lobby(s, code=code, user_id=current_user.id, now=state().now()),
    )


@blueprint.post("/afzeggen")
@access.role(Role.BEGELEIDER)
def cancel(code: str) -> ResponseReturnValue:
    """Call the session off."""
    return _act(
        code, lambda s: planning.cancel(s, code=code, user_id=current_user.id, now=state().now())
    )


@blueprint.post("/begin")
@access.role(Role.BEGELEIDER)
def start(code: str) -> ResponseReturnValue:
    """Begin with the first step."""
    return _act(code, lambda s: running.start(s, code=code, user_id=current_user.id))


@blueprint.post("/stap")
@access.role(Role.BEGELEIDER)
def move(code: str) -> ResponseReturnValue:
    """One step on or back."""

    def do(session: Session) -> None:
        form = StepForm()
        steps = {"from_step": number_in(form, "van"), "to_step": number_in(form, "naar")}
        running.move_step(session, code=code, user_id=current_user.id, **steps)

    return _act(code, do)


@blueprint.post("/stemming/open")
@access.role(Role.BEGELEIDER)
def open_round(code: str) -> ResponseReturnValue:
    """Open a vote."""
    who = {"code": code, "user_id": current_user.id}
    return _act(
        code,
        lambda s: rounds.open_round(
            s, **who, number=_number(), mac_keys=mac_keys(state().settings)
        ),
    )


@blueprint.post("/stemming/sluit")
@access.role(Role.BEGELEIDER)
def close_round(code: str) -> ResponseReturnValue:
    """Close a vote; the counter answers within a second."""
    return _act(
        code, lambda s: rounds.close_round(s, code=code, user_id=current_user.id, number=_number())
    )


@blueprint.post("/stemming/onthul")
@access.role(Role.BEGELEIDER)
def reveal_round(code: str) -> ResponseReturnValue:
    """Show what was chosen."""
    return _act(
        code, lambda s: rounds.reveal_round(s, code=code, user_id=current_user.id, number=_number())
    )


@blueprint.post("/tijd")
@access.role(Role.BEGELEIDER)
def timer(code: str) -> ResponseReturnValue:
    """Set, extend or put away the timer."""

    def do(session: Session) -> None:
        who = {"code": code, "user_id": current_user.id, "seen": timer_seen()}
        if typed("doe") == "weg":
            running.stop_timer(session, **who)
            return
        act = running.extend_timer if typed("doe") == "langer" else running.start_timer
        act(session, **who, minutes=number_in(MinutesForm(), "minuten"), now=state().now())

    return _act(code, do)


@blueprint.post("/reden")
@access.role(Role.BEGELEIDER)
def judge(code: str) -> ResponseReturnValue:
    """Let a reason through to the scherm, keep it for the report, or put it away."""
    who = {"code": code, "user_id": current_user.id, "reason_id": typed("reden")}
    return _act(
        code, lambda s: rounds.judge_reason(s, **who, state=judged_reason()), anchor="redenen"
    )


@blueprint.post("/afspraken")
@access.role(Role.BEGELEIDER)
def agree(code: str) -> ResponseReturnValue:
    """Write down the werkafspraken and the day to look back."""

    def do(session: Session) -> None:
        who = {"code": code, "user_id": current_user.id}
        for number, text in changed_agreements():
            reports.set_agreement(session, **who, number=number, text=text)
        if typed("terugkijken") != typed("was_terugkijken"):
            reports.set_look_back(session, **who, day=day_in("terugkijken"), today=state().today())

    return _act(code, do, anchor="afspraken")


@blueprint.post("/tweede")
@access.role(Role.BEGELEIDER)
def share(code: str) -> ResponseReturnValue:
    """Share the session with another begeleider, or with nobody any more."""
    who = {"code": code, "user_id": current_user.id}
    return _act(
        code, lambda s: planning.set_second(s, **who, second_id=second_in()), anchor="begeleiding"
    )


@blueprint.post("/einde")
@access.role(Role.BEGELEIDER)
def end(code: str) -> ResponseReturnValue:
    """End the session and write its report."""
    return _act(
        code, lambda s: running.end(s, code=code, user_id=current_user.id, now=state().now())
    )


def _number() -> int:
    return number_in(RoundForm(), "stemming")


def _act(code: str, deed: Deed, *, anchor: str | None = None) -> ResponseReturnValue:
    """One button: do it once, then show the page; too late or wrong, show the page as it is now and say so."""
    try:
        with state().database.transaction() as session:
            deed(session)
    except (TooLate, WrongInput, NotNow) as refused:
        return _page(code, refused)
    return redirect(url_for("regie.page", code=code, _anchor=anchor), 303)


def _page(code: str, refused: KopkrakersError | None = None) -> Response:
    html = render_template("intervisie/regie/page.html", refused=refused, **_context(code))
    response = make_response(html, refused.status if refused else 200)
    if isinstance(refused, NotNow):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _fragment(code: str) -> Response:
    response = make_response(
        render_template("intervisie/regie/_now.html", refused=None, **_context(code))
    )
    response.headers["Cache-Control"] = UNCOMPRESSED
    return response


def _context(code: str) -> dict[str, object]:
    with state().database.reading() as session:
        view = looking.regie(
            session, state().library, page_memory(), code=code, user_id=current_user.id
        )
    now, vote = view.now, vote_here(view.now)
    return {
        "view": view,
        "now": now,
        "vote": vote,
        "large": large_button(view.moves, now),
        "comparison": compare(now, now.round(1)),
        "slope": slope_of_session(now),
        "left": seconds_left(now.timer_ends_at),
        "qr": qr_of(join_address(code)),
        "spoken": spoken_address(),
        "spaced": spaced_code(code),
        "typed": typed,
    }
