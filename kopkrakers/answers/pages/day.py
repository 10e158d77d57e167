"""The pages of the day: today's card, answering, the result, taking back and practising."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from kopkrakers.accounts.pages.browser.session import is_welcomed_now
from kopkrakers.answers.pages import reading, rendered
from kopkrakers.answers.pages.asking import (
    EDITION,
    NO_VOTE,
    NOT_NOW,
    find,
    find_with_permission,
    opens_in_words,
    person_here,
    put_in_box,
)
from kopkrakers.answers.pages.forms import AnswerForm
from kopkrakers.answers.pages.outcome import AgendaTeam, ResultView
from kopkrakers.answers.pages.reading import DayEdition, Person
from kopkrakers.answers.pages.result import result_view
from kopkrakers.answers.pages.unfolding.reading import unfolding_link
from kopkrakers.answers.pages.views import DayState, FormView, card_view, said_of
from kopkrakers.answers.service import Turn, take_back
from kopkrakers.base.db import Rows
from kopkrakers.base.errors import NotAllowed, NotNow, TooLate, TooMany
from kopkrakers.catalogue.editions.rhythm import rhythm_of
from kopkrakers.web import access
from kopkrakers.web.assets.whole import whole_page
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.headers import UNCOMPRESSED
from kopkrakers.web.limits import slow_down
from kopkrakers.web.logs import log_fault
from kopkrakers.web.news.unread import has_unread
from kopkrakers.web.state import state

blueprint = Blueprint("answers", __name__)

Wishes = Callable[[Rows, int, str], int | None]
"""At least how many colleagues of a person want to talk about a dilemma; None where not told."""
WISHES = "kopkrakers_wishes"


@blueprint.get("/")
@access.signed_in
def today() -> ResponseReturnValue:
    """Return Vandaag: the dilemma of the day, in the state in which this person meets it."""
    person = person_here()
    with state().database.reading_rows() as session:
        app = state()
        day = reading.day_of(session, app.library, app.row_keys, person, app.today())
    html = None
    if day.card is not None and day.state is DayState.CHOOSE:
        html = rendered.card_with_form(day.card)
    is_new = person.votes and is_welcomed_now()
    return whole_page(
        "answers/day/today.html",
        day=day,
        card_html=html,
        opens=opens_in_words(),
        is_new=is_new,
        has_news=has_unread(),
    )


@blueprint.get("/dilemma/<slug>")
@access.signed_in
def dilemma(slug: str) -> ResponseReturnValue:
    """Return the last edition of a dilemma to answer, or go to its result."""
    person = person_here()
    edition = find(person, slug)
    if edition.is_open and edition.turn is not Turn.NONE:
        return redirect(_result_url(edition))
    return _card_page(edition, person)


@blueprint.get(f"/dilemma/{EDITION}")
@access.signed_in
def edition(slug: str, number: int) -> ResponseReturnValue:
    """Return a closed edition to practise; an open one has an address of its own."""
    person = person_here()
    asked, may_see = find_with_permission(person, slug, number)
    if asked.is_open or not may_see:
        return redirect(url_for("answers.dilemma", slug=slug))
    return _card_page(asked, person)


@blueprint.post(f"/dilemma/{EDITION}/antwoord")
@access.signed_in
@asks_again
def give(slug: str, number: int) -> ResponseReturnValue:
    """Put an answer in the box."""
    person = person_here()
    if not person.votes:
        raise NotAllowed(NO_VOTE)
    edition = find(person, slug, number)
    form = AnswerForm(edition.card.option_codes)
    if not form.validate():
        return _form_again(edition, form, 422, form.alert)
    try:
        # far more than anybody answers: for a program that would fill boxes
        slow_down("antwoord", str(person.voter.user_id), at_most=60, minutes=10)
        put_in_box(person, edition, form.answer())
    except TooLate as late:
        return _too_late(late, edition)
    except TooMany as too_often:
        return _form_again(edition, form, 429, too_often.sentence)
    except (NotNow, OperationalError) as away:
        # without a number: it would tie the line to the page of whoever sees it
        log_fault(away, number=None)
        return _form_again(edition, form, 503, NOT_NOW)
    return _to_result(person, replace(edition, turn=Turn.IN_BOX))


@blueprint.get(f"/dilemma/{EDITION}/uitslag")
@access.signed_in
def result(slug: str, number: int) -> ResponseReturnValue:
    """Return the choices of colleagues and the knowledge, once the own answer is in."""
    person = person_here()
    with state().database.reading_rows() as session:
        edition = reading.find_edition(
            session, state().library, person, slug, state().today(), number=number
        )
        if not reading.may_see_result(session, person, edition, state().today()):
            return redirect(url_for("answers.dilemma", slug=slug))
        view, teams = _result_of(session, person, edition)
    return whole_page("answers/result/page.html", **_shown(view, teams))


@blueprint.post(f"/dilemma/{EDITION}/terugnemen")
@access.signed_in
def withdraw(slug: str, number: int) -> ResponseReturnValue:
    """Take the own answer out of the box, unopened."""
    person = person_here()
    edition = find(person, slug, number)
    try:
        with state().database.transaction() as session:
            take_back(session, voter=person.voter, dilemma=slug, edition=number)
    except TooLate as late:
        return _too_late(late, edition)
    return _to_result(person, replace(edition, turn=Turn.TAKEN_BACK))


# D-19
@blueprint.post(f"/dilemma/{EDITION}/oefenen")
@access.signed_in
def practise(slug: str, number: int) -> ResponseReturnValue:
    """Return the result of a closed edition.

    The choice that was sent is not read: the browser alone remembers it.
    """
    person = person_here()
    edition, may_see = find_with_permission(person, slug, number)
    if edition.is_open or not may_see:
        return redirect(url_for("answers.dilemma", slug=slug), 303)
    return _to_result(person, edition)


def _card_page(edition: DayEdition, person: Person) -> str:
    card = card_view(edition.card, edition.number, edition.today)
    fragment, html = "practise", None
    if edition.is_open and not person.votes:
        fragment = "read_only"
    elif edition.is_open:
        # the same for everybody who can choose, so it is rendered once for all
        fragment, html = "choose", rendered.card_with_form(card)
    return render_template(
        "answers/day/dilemma.html",
        card=card,
        form=FormView(),
        fragment=fragment,
        card_html=html,
    )


def _form_again(edition: DayEdition, form: AnswerForm, status: int, alert: str) -> Response:
    """Return the form with everything that was filled in.

    It echoes a choice, so it is never kept and never compressed.
    """
    template = "answers/day/dilemma.html"
    if _by_htmx():
        template = "answers/day/_choose.html"
    html = render_template(
        template,
        card=card_view(edition.card, edition.number, edition.today),
        form=FormView(form.answer(), form.faults_by_anchor, alert),
        fragment="choose",
    )
    response = make_response(html, status)
    response.headers["Cache-Control"] = UNCOMPRESSED
    return response


def _too_late(late: TooLate, edition: DayEdition) -> Response:
    """Return 409 with a way on: to the result, or to the closed dilemma to practise."""
    template = "answers/card/too_late.html"
    if _by_htmx():
        template = "answers/card/_too_late.html"
    sentence = said_of(edition.card, late.sentence)
    html = render_template(template, sentence=sentence, edition=edition)
    return make_response(html, late.status)


def _to_result(person: Person, edition: DayEdition) -> ResponseReturnValue:
    """Send the browser to the result; htmx gets the result at once, with its address."""
    url = _result_url(edition)
    if not _by_htmx():
        return redirect(url, 303)
    with state().database.reading_rows() as session:
        view, teams = _result_of(session, person, edition)
    # D-171
    response = make_response(whole_page("answers/result/_result.html", **_shown(view, teams)))
    response.headers["HX-Push-Url"] = url
    return response


def _result_of(
    session: Rows, person: Person, edition: DayEdition
) -> tuple[ResultView, tuple[AgendaTeam, ...]]:
    own_teams = reading.teams_of(session, person.voter)
    # only what the form shows of them: the rest would make the remembered result another
    teams = tuple(AgendaTeam(team.id, team.name) for team in own_teams)
    if edition.card.is_stelling:
        # an agenda holds what a session can be about, and stellingen come to one as a set
        teams = ()
    rhythm = rhythm_of(team.rhythm for team in own_teams)
    closing = reading.ending_of(session, state().library, edition, rhythm)
    keys = state().row_keys
    view = result_view(session, keys, person, edition, teams, opens_in_words(), closing)
    view = replace(view, unfolding=unfolding_link(session, person, edition))
    if teams:
        # what intervisie knows; answers may not import it
        wishes = cast(Wishes, current_app.extensions[WISHES])
        talkers = wishes(session, person.voter.user_id, edition.dilemma)
        view = replace(view, talkers=talkers)
    return view, teams


def _shown(view: ResultView, teams: tuple[AgendaTeam, ...]) -> dict[str, Any]:
    """Return all that the page of a result shows, but for tokens and seals."""
    demo = state().settings.demo
    # forms stand outside the remembered result, for each holds a token of its own reader
    forms = []
    if teams:
        forms.append("agenda")
    if view.takes_back:
        forms.append("terugnemen")
    if demo and view.is_open:
        forms.append("kijken")
    return {
        "title": view.page_title,
        "today": state().today(),
        "key": view.key,
        "teams": teams,
        "forms": tuple(forms),
        "result_html": rendered.result(view, demo=demo),
    }


def _result_url(edition: DayEdition) -> str:
    return url_for("answers.result", slug=edition.dilemma, number=edition.number)


def _by_htmx() -> bool:
    return "HX-Request" in request.headers
