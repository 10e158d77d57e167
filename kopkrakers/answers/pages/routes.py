"""The pages of the day: today's card, answering, the result, taking back, practising and the archive."""

from dataclasses import replace

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from kopkrakers.accounts.models import VOTING_ROLES
from kopkrakers.answers.pages import reading as day
from kopkrakers.answers.pages import rendered
from kopkrakers.answers.pages.covers import cover_sheet
from kopkrakers.answers.pages.forms import STALE, AnswerForm, faults_of
from kopkrakers.answers.pages.shelf import Shelf, Wanted, shelf_of
from kopkrakers.answers.pages.views import DayState, FormView, card_view
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Turn, cast_answer, take_back
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.errors import NotAllowed, NotNow, TooLate, TooMany
from kopkrakers.catalogue.editions.archive import archive as archive_of
from kopkrakers.web import access
from kopkrakers.web.assets.compress import accepts_gzip
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.headers import UNCOMPRESSED
from kopkrakers.web.limits import slow_down
from kopkrakers.web.logs import log_fault
from kopkrakers.web.state import state

blueprint = Blueprint("answers", __name__)

KEEP_COVERS = "private, max-age=31536000, immutable"
EDITION = "<slug>/<int(max=99999):number>"
NO_VOTE = "Met jouw rol stem je niet mee. Lezen kan wel: de kaart van vandaag en het archief."
NOT_NOW = "Stemmen kan nu even niet. Je keuze staat hieronder nog. Probeer het over een paar minuten opnieuw."
TOO_OFTEN = "Dit ging te vaak achter elkaar. Je keuze staat hieronder nog. Probeer het over een paar minuten opnieuw."


@blueprint.get("/")
@access.signed_in
def today() -> ResponseReturnValue:
    """Vandaag."""
    with state().database.reading() as session:
        found = day.day_of(session, state().library, _person(), state().today())
    html = (
        rendered.card_with_form(found.card)
        if found.card and found.state is DayState.CHOOSE
        else None
    )
    return render_template("answers/day/today.html", day=found, card_html=html)


@blueprint.get("/dilemma/<slug>")
@access.signed_in
def dilemma(slug: str) -> ResponseReturnValue:
    """The last edition of a dilemma: to answer, or the way to its result."""
    person = _person()
    with state().database.reading() as session:
        found = day.find(session, state().library, person, slug, state().today())
    if found.is_open and found.turn is not Turn.NONE:
        return redirect(_result_url(found))
    return _card_page(found, person)


@blueprint.get(f"/dilemma/{EDITION}")
@access.signed_in
def edition(slug: str, number: int) -> ResponseReturnValue:
    """One edition: a closed one to practise, an open one at its own address."""
    person = _person()
    with state().database.reading() as session:
        found = day.find(session, state().library, person, slug, state().today(), number=number)
        blind = not found.is_open and not day.may_see_result(
            session, person, found, state().today()
        )
    if found.is_open or blind:
        return redirect(url_for("answers.dilemma", slug=slug))
    return _card_page(found, person)


@blueprint.post(f"/dilemma/{EDITION}/antwoord")
@access.signed_in
@asks_again
def give(slug: str, number: int) -> ResponseReturnValue:
    """Put an answer in the box."""
    person = _voter()
    with state().database.reading() as session:
        found = day.find(session, state().library, person, slug, state().today(), number=number)
    form = AnswerForm()
    stale = not form.validate()
    faults = faults_of(form.answer(), found.card.option_codes)
    if stale or faults:
        return _form_again(found, FormView(form.answer(), faults, STALE if stale else ""), 422)
    try:
        slow_down("antwoord", str(person.id), at_most=60, minutes=10)
        _cast(person, found, form.answer())
    except TooLate as late:
        return _too_late(late, found)
    except TooMany:
        return _form_again(found, FormView(form.answer(), alert=TOO_OFTEN), 429)
    except (NotNow, OperationalError) as away:
        log_fault(away, number=None)
        return _form_again(found, FormView(form.answer(), alert=NOT_NOW), 503)
    return _to_result(person, found, Turn.IN_BOX)


@blueprint.get(f"/dilemma/{EDITION}/uitslag")
@access.signed_in
def result(slug: str, number: int) -> ResponseReturnValue:
    """What colleagues chose and what there is to know, once the own answer is in."""
    person = _person()
    with state().database.reading() as session:
        found = day.find(session, state().library, person, slug, state().today(), number=number)
        if not day.may_see_result(session, person, found, state().today()):
            return redirect(url_for("answers.dilemma", slug=slug))
        return _result_page("answers/result/page.html", session, person, found)


@blueprint.post(f"/dilemma/{EDITION}/terugnemen")
@access.signed_in
def withdraw(slug: str, number: int) -> ResponseReturnValue:
    """Take the own answer out of the box, unopened."""
    person = _person()
    with state().database.reading() as session:
        found = day.find(session, state().library, person, slug, state().today(), number=number)
    try:
        with state().database.transaction() as session:
            take_back(session, user_id=person.id, dilemma=slug, edition=number)
    except TooLate as late:
        return _too_late(late, found)
    return _to_result(person, found, Turn.TAKEN_BACK)


@blueprint.post(f"/dilemma/{EDITION}/oefenen")
@access.signed_in
def practise(slug: str, number: int) -> ResponseReturnValue:
    """Show the result of a closed edition. What was chosen is not read: the browser alone remembers it."""
    person = _person()
    with state().database.reading() as session:
        found = day.find(session, state().library, person, slug, state().today(), number=number)
        blind = not day.may_see_result(session, person, found, state().today())
    if found.is_open or blind:
        return redirect(url_for("answers.dilemma", slug=slug), 303)
    return _to_result(person, found, found.turn)


@blueprint.get("/archief")
@access.signed_in
def archive() -> ResponseReturnValue:
    """Every published dilemma, by theme, words, own turn, and open or closed."""
    return render_template("answers/archive/page.html", shelf=_shelf(), today=state().today())


@blueprint.get("/archief/lijst")
@access.signed_in
def archive_list() -> ResponseReturnValue:
    """The list of the archive alone, while someone types."""
    shelf = _shelf()
    response = make_response(render_template("answers/archive/_list.html", shelf=shelf))
    response.headers["HX-Replace-Url"] = url_for("answers.archive", **shelf.wanted.as_query())
    return response


@blueprint.get("/archief/omslagen-<digest>.svg")
@access.signed_in
def covers(digest: str) -> ResponseReturnValue:
    """The covers of everything published. The same for everyone, so it may be packed; kept as long as it is new."""
    with state().database.reading() as session:
        sheet = cover_sheet(archive_of(session, state().library, state().today()))
    packed = accepts_gzip()
    response = Response(sheet.packed if packed else sheet.plain, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = KEEP_COVERS if digest == sheet.digest else "no-store"
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _person() -> day.Person:
    return day.Person(
        id=current_user.id,
        gemeente_id=current_user.gemeente_id,
        gemeente=current_user.gemeente,
        votes=bool(current_user.roles & VOTING_ROLES),
    )


def _voter() -> day.Person:
    person = _person()
    if not person.votes:
        raise NotAllowed(NO_VOTE)
    return person


def _cast(person: day.Person, found: day.Found, answer: Answer) -> None:
    with state().database.transaction() as session:
        cast_answer(
            session,
            user_id=person.id,
            gemeente_id=person.gemeente_id,
            dilemma=found.edition.dilemma,
            edition=found.edition.number,
            answer=answer,
            today=state().today(),
            mac_keys=mac_keys(state().settings),
        )


def _card_page(found: day.Found, person: day.Person) -> str:
    answering = "choose" if person.votes else "read_only"
    fragment = answering if found.is_open else "practise"
    card = card_view(found.card, found.edition.number)
    html = rendered.card_with_form(card) if fragment == "choose" else None
    return render_template(
        "answers/day/dilemma.html",
        card=card,
        form=FormView(),
        fragment=fragment,
        card_html=html,
    )


def _form_again(found: day.Found, form: FormView, status: int) -> Response:
    """The form with everything that was filled in. It echoes a choice: never kept, never compressed."""
    template = "answers/day/_choose.html" if _by_htmx() else "answers/day/dilemma.html"
    card = card_view(found.card, found.edition.number)
    html = render_template(template, card=card, form=form, fragment="choose")
    response = make_response(html, status)
    response.headers["Cache-Control"] = UNCOMPRESSED
    return response


def _too_late(late: TooLate, found: day.Found) -> Response:
    """409 with a way on: to the result, or to the closed dilemma to practise."""
    template = "answers/card/_too_late.html" if _by_htmx() else "answers/card/too_late.html"
    return make_response(
        render_template(template, sentence=late.sentence, found=found), late.status
    )


def _to_result(person: day.Person, found: day.Found, turn: Turn) -> ResponseReturnValue:
    url = _result_url(found)
    if not _by_htmx():
        return redirect(url, 303)
    with state().database.reading() as session:
        html = _result_page(
            "answers/result/_result.html", session, person, replace(found, turn=turn)
        )
    response = make_response(html)
    response.headers["HX-Push-Url"] = url
    return response


def _result_page(template: str, session: Session, person: day.Person, found: day.Found) -> str:
    teams = day.my_teams(session, person)
    view = day.result_view(session, person, found, teams)
    demo = state().settings.demo
    html = rendered.result(view, demo=demo)
    needed = {"agenda": bool(teams), "terugnemen": view.takes_back, "kijken": demo and view.is_open}
    forms = [name for name, is_there in needed.items() if is_there]
    return render_template(
        template, title=found.card.title, teams=teams, forms=forms, result_html=html
    )


def _result_url(found: day.Found) -> str:
    return url_for("answers.result", slug=found.edition.dilemma, number=found.edition.number)


def _by_htmx() -> bool:
    return "HX-Request" in request.headers


def _shelf() -> Shelf:
    wanted = Wanted.read(request.args)
    person = _person()
    with state().database.reading() as session:
        return shelf_of(session, state().library, wanted, user_id=person.id, today=state().today())
