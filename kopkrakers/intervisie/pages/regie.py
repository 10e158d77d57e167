"""The regie: the begeleider's own page of a running session, and its buttons."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypedDict

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlmodel import Session

from kopkrakers.accounts.models import Role
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.base.errors import KopkrakersError, NotNow, TooLate, WrongInput
from kopkrakers.base.typed import whole_number
from kopkrakers.intervisie.pages import reading
from kopkrakers.intervisie.pages.buttons import Button, ButtonKind, Question
from kopkrakers.intervisie.pages.drawing import (
    clean_codes,
    drawn,
)
from kopkrakers.intervisie.pages.forms import (
    YES,
    AlongForm,
    JudgeForm,
    OutcomeForm,
    RoundForm,
    SecondForm,
    ShowForm,
    StepForm,
    SureForm,
    TextsForm,
    TimerForm,
    TurnForm,
    WatchersForm,
    day_in,
    number_in,
)
from kopkrakers.intervisie.pages.memory import page_memory
from kopkrakers.intervisie.pages.moves import AGREEMENTS_FORM, work_of
from kopkrakers.intervisie.pages.takeover import leader, taken_over
from kopkrakers.intervisie.session import asking, planning, rounds, running, showing
from kopkrakers.intervisie.session.group.hands import count_hands
from kopkrakers.intervisie.session.group.retrospect import say_outcome
from kopkrakers.intervisie.session.reporting import reports
from kopkrakers.intervisie.session.states import ReasonState
from kopkrakers.intervisie.session.store import WAY_BACK, TakenOver, regie_version
from kopkrakers.intervisie.session.texts import reasons
from kopkrakers.intervisie.session.texts.boards import write_board
from kopkrakers.intervisie.session.texts.options import write_options
from kopkrakers.web import access
from kopkrakers.web.csrf import TOKEN
from kopkrakers.web.forms import Form
from kopkrakers.web.headers import RETRY_SECONDS, UNCOMPRESSED
from kopkrakers.web.state import state

blueprint = Blueprint("regie", __name__, url_prefix="/intervisie/<code>/regie")
blueprint.url_value_preprocessor(clean_codes)


class Lead(TypedDict):
    """The session, and the begeleider who pressed a button; every service asks for both."""

    code: str
    user_id: int


Deed = Callable[[Session, Lead], None]
View = Callable[[str], ResponseReturnValue]


def button(
    path: str, *, anchor: str | None = None, form: str = "", again: type[Form] | None = None
) -> Callable[[Deed], View]:
    """Make a view of what a button does: once, in one transaction, and then the page again.

    Refused, it shows the page as it is now and says why, or asks whether this is meant. An
    answer to that sends the same once more: `form`, of the page, or what `again` reads.
    """

    def view_of(deed: Deed) -> View:
        @blueprint.post(path)
        @access.role(Role.BEGELEIDER)
        @wraps(deed)
        def view(code: str) -> ResponseReturnValue:
            try:
                with state().database.transaction() as session:
                    deed(session, Lead(code=code, user_id=current_user.id))
            except TakenOver as refused:
                return taken_over(code, refused)
            except (TooLate, WrongInput, NotNow) as refused:
                return _page(code, refused, asked=_question(refused, form, again))
            return redirect(url_for("regie.page", code=code, _anchor=anchor), 303)

        return view

    return view_of


@blueprint.get("")
@access.role(Role.BEGELEIDER)
def page(code: str) -> ResponseReturnValue:
    """Show the step now, what to do in it, and the button that leads on."""
    try:
        return _page(code)
    except TakenOver:
        return taken_over(code)


@blueprint.get("/nu")
@access.role(Role.BEGELEIDER)
def now(code: str) -> ResponseReturnValue:
    """Return what changed since `seen`: 204 when nothing did."""
    with state().database.reading() as session:
        version = regie_version(session, code)
    if version is not None and version == request.args.get("seen"):
        return Response(status=204)
    try:
        html = render_template(
            "intervisie/regie/_now.html",
            refused=None,
            asked=None,
            again=False,
            sent={},
            **_context(code),
        )
    except TakenOver:
        html = render_template("intervisie/regie/takeover/_over.html", **leader(code, version))
    response = make_response(html)
    # the length of a compressed page would tell what it repeats of the reasons on it
    response.headers["Cache-Control"] = UNCOMPRESSED
    return response


@button("/open")
def open_lobby(session: Session, lead: Lead) -> None:
    """Open the doors."""
    planning.open_lobby(session, **lead, now=state().now())


@button("/afzeggen")
def cancel(session: Session, lead: Lead) -> None:
    """Call the session off."""
    planning.cancel(session, **lead, now=state().now())


@button("/begin")
def start(session: Session, lead: Lead) -> None:
    """Begin with the first step."""
    running.start(session, **lead)


@button("/stap")
def move(session: Session, lead: Lead) -> None:
    """Go one step on or back, with all that was typed."""
    _write_texts(session, lead)
    form = StepForm()
    from_step, to_step = number_in(form, "van"), number_in(form, "naar")
    running.move_step(session, **lead, from_step=from_step, to_step=to_step)


@button("/stemming/open", again=RoundForm)
def open_round(session: Session, lead: Lead) -> None:
    """Open a vote."""
    form = RoundForm()
    number = number_in(form, "stemming")
    # kept first: who answered the question gets no second one
    if form.meestemmen.data:
        showing.begeleider_votes(session, **lead, votes=form.meestemmen.data == YES)
    asking.ask_before_opening(session, **lead, number=number)
    rounds.open_round(session, **lead, number=number, mac_keys=state().row_keys)


@button("/stemming/terug")
def withdraw_round(session: Session, lead: Lead) -> None:
    """Take the opening of a vote back while nobody voted."""
    rounds.withdraw_round(session, **lead, number=number_in(RoundForm(), "stemming"))


@button("/stemming/sluit", again=RoundForm)
def close_round(session: Session, lead: Lead) -> None:
    """Close a vote; the counter counts it within a second."""
    form = RoundForm()
    number = number_in(form, "stemming")
    if form.zeker.data != YES:
        asking.ask_before_closing(session, **lead, number=number)
    rounds.close_round(session, **lead, number=number)


@button("/stemming/onthul")
def reveal_round(session: Session, lead: Lead) -> None:
    """Reveal the result of a vote."""
    number = number_in(RoundForm(), "stemming")
    keys, today = state().turn_keys, state().today()
    rounds.reveal_round(session, **lead, number=number, turn_keys=keys, today=today)


@button("/tijd")
def timer(session: Session, lead: Lead) -> None:
    """Set, extend or put away the timer."""
    form = TimerForm()
    seen, do = form.seen(), form.doe.data
    if do == "weg":
        running.stop_timer(session, **lead, seen=seen)
        return
    if do == "langer":
        act = running.extend_timer
    else:
        act = running.start_timer
    minutes = number_in(form, "minuten")
    act(session, **lead, seen=seen, minutes=minutes, now=state().now())


@button("/reden")
def judge(session: Session, lead: Lead) -> None:
    """Show a reason on the scherm, keep it for the report, or put it away."""
    form = JudgeForm()
    reasons.judge_reason(session, **lead, reason_id=form.reden.data, state=form.state())


@button("/redenen", anchor="redenen")
def judge_all(session: Session, lead: Lead) -> None:
    """Put all reasons on the scherm, or all of those in the report."""
    form = JudgeForm()
    state = form.state()
    if state == ReasonState.KEPT:
        was = ReasonState.SHOWN
    else:
        was = ReasonState.WAITING
    reasons.judge_all(session, **lead, numbers=form.rounds(), was=was, state=state)


@button("/afspraken", anchor="afspraken")
def agree(session: Session, lead: Lead) -> None:
    """Write down the werkafspraken, the day to look back, and the boards."""
    _write_texts(session, lead)


@button("/terugblik", anchor="terugblik")
def look_back(session: Session, lead: Lead) -> None:
    """Say what became of a werkafspraak of last time."""
    form = OutcomeForm()
    number = whole_number(form.afspraak.data) or 0
    say_outcome(session, **lead, number=number, outcome=form.outcome())


@button("/tweede", anchor="begeleiding", again=SecondForm)
def share(session: Session, lead: Lead) -> None:
    """Share the session with another begeleider, or with nobody any more."""
    form = SecondForm()
    second_id, answer = form.second_id(), form.meestemmen.data
    if not answer:
        asking.ask_before_sharing(session, **lead, second_id=second_id)
    keys = state().turn_keys
    planning.set_second(
        session, **lead, second_id=second_id, votes_along=answer == YES, turn_keys=keys
    )


@button("/einde", form=AGREEMENTS_FORM)
def end(session: Session, lead: Lead) -> None:
    """End the session with all that was typed in it, and write its report."""
    _write_texts(session, lead)
    if SureForm().zeker.data != YES:
        asking.ask_before_end(session, **lead)
    running.end(session, **lead, now=state().now())


@button("/toon")
def show(session: Session, lead: Lead) -> None:
    """Put the story, a question, a source, a board, a reason or the code on the scherm.

    Or the step again.
    """
    _write_texts(session, lead)
    showing.show(session, state().library, **lead, key=ShowForm().wat.data)


@button("/blad")
def turn(session: Session, lead: Lead) -> None:
    """Turn a page on the scherm."""
    by = 1
    if TurnForm().naar.data == "terug":
        by = -1
    showing.turn_leaf(session, **lead, by=by)


@button("/meekijken")
def watchers(session: Session, lead: Lead) -> None:
    """Let those watch who come too late to vote, or not."""
    showing.admit_watchers(session, **lead, welcome=WatchersForm().welkom.data == YES)


@button("/meestemmen")
def votes_along(session: Session, lead: Lead) -> None:
    """Say whether the begeleider votes on a phone that is not signed in."""
    showing.begeleider_votes(session, **lead, votes=AlongForm().meestemmen.data == YES)


@button("/verder")
def reopen(session: Session, lead: Lead) -> None:
    """Take the end of the session back."""
    running.reopen(session, **lead, now=state().now())


def _write_texts(session: Session, lead: Lead) -> None:
    """Keep what was typed in the form that the large button sends along."""
    form = TextsForm()
    for step, text in form.boards():
        write_board(session, **lead, step=step, text=text)
    options = form.options()
    if options is not None:
        write_options(session, state().library, **lead, options=options)
    for number, option, hands in form.hands():
        count_hands(session, **lead, number=number, option=option, hands=hands)
    for number, text in form.agreements():
        reports.set_agreement(session, **lead, number=number, text=text)
    if form.terugkijken.is_changed:
        day = day_in(form.terugkijken)
        reports.set_look_back(session, **lead, day=day, today=state().today())


def _question(refused: KopkrakersError, form: str, again: type[Form] | None) -> Question | None:
    """Return what is asked before something that cannot be undone, with a button to go on."""
    if not isinstance(refused, asking.Unsure):
        return None
    sent: dict[str, int | str] = {}
    if again is not None:
        for field in again():
            # the answer is a form of its own, with a token of its own
            if field.data and field.name != TOKEN:
                sent[field.name] = field.data
    answers = []
    for label, (field, value) in refused.answers.items():
        fields = {**sent, field: value}
        kind = ButtonKind.SECONDARY
        answers.append(Button(label, request.endpoint or "", fields, kind, form=form))
    return Question(refused.sentence, tuple(answers))


def _page(
    code: str, refused: KopkrakersError | None = None, *, asked: Question | None = None
) -> Response:
    context, unsent = _context(code), ""
    again, sent = False, {}
    if refused is not None:
        form = TextsForm()
        again, sent = form.was_sent, form.data
        if not context["view"].may_write_options:
            # their fields are gone by now: somebody opened the vote meanwhile
            unsent = form.options_to_keep()
    html = render_template(
        "intervisie/regie/page.html",
        refused=refused,
        asked=asked,
        unsent=unsent,
        again=again,
        sent=sent,
        **context,
    )
    response = make_response(html)
    if refused is not None:
        response.status_code = refused.status
    if isinstance(refused, NotNow):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _context(code: str) -> dict[str, Any]:
    with state().database.reading() as session:
        view = reading.regie(
            session,
            state().library,
            page_memory(),
            code=code,
            begeleider=Voter(current_user.id, state().turn_keys),
            row_keys=state().row_keys,
            today=state().today(),
        )
    case = view.now.case
    return {
        **drawn(view.now),
        "view": view,
        "work": work_of(view),
        "way_back": WAY_BACK,
        "questions": showing.questions_of(case),
        "knowledge": showing.knowledge_of(case),
    }
