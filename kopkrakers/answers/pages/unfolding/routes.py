"""The pages of a card that unfolds: reading on, choosing again, and taking that back."""

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from kopkrakers.answers.chapters import cast_choice
from kopkrakers.answers.pages.asking import EDITION, NO_VOTE, NOT_NOW, opens_in_words, person_here
from kopkrakers.answers.pages.forms import ChoiceForm
from kopkrakers.answers.pages.reading import Person
from kopkrakers.answers.pages.unfolding.reading import chapter_edition, find_unfolding
from kopkrakers.answers.pages.unfolding.views import NO_FIGURE, Unfolding
from kopkrakers.answers.pages.views import card_view
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import ALREADY_ANSWERED, take_back
from kopkrakers.base.errors import NotAllowed, NotNow, TooLate, TooMany
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.web import access
from kopkrakers.web.csrf import TOKEN, asks_again
from kopkrakers.web.headers import UNCOMPRESSED
from kopkrakers.web.limits import slow_down
from kopkrakers.web.logs import log_fault
from kopkrakers.web.state import state

blueprint = Blueprint("unfolding", __name__)

CHAPTER = "<int(min=1, max=9):chapter>"


@blueprint.get(f"/dilemma/{EDITION}/vervolg")
@access.signed_in
def read(slug: str, number: int) -> ResponseReturnValue:
    """Return the new fact to choose after, or all figures once nothing waits."""
    unfolding = _find(person_here(), slug, number)
    if unfolding is None:
        return redirect(url_for("answers.dilemma", slug=slug))
    return _page(unfolding)


@blueprint.post(f"/dilemma/{EDITION}/vervolg/{CHAPTER}")
@access.signed_in
@asks_again
def choose(slug: str, number: int, chapter: int) -> ResponseReturnValue:
    """Put a choice after a chapter in the box."""
    person = person_here()
    if not person.votes:
        raise NotAllowed(NO_VOTE)
    unfolding = _find(person, slug, number)
    if unfolding is None:
        return redirect(url_for("answers.dilemma", slug=slug), 303)
    if unfolding.asked is None or unfolding.asked.place != chapter:
        raise TooLate(ALREADY_ANSWERED)
    form = ChoiceForm(unfolding.card.option_codes)
    if not form.validate():
        return _form_again(unfolding, form, 422, form.faults.get(TOKEN, ""))
    try:
        slow_down("antwoord", str(person.voter.user_id), at_most=60, minutes=10)
        _cast(person, unfolding, chapter, form.optie.data or "")
    except TooMany as too_often:
        return _form_again(unfolding, form, 429, too_often.sentence)
    except (NotNow, OperationalError) as away:
        # without a number: it would tie the line to the page of whoever sees it
        log_fault(away, number=None)
        return _form_again(unfolding, form, 503, NOT_NOW)
    return redirect(_url(slug, number), 303)


@blueprint.post(f"/dilemma/{EDITION}/vervolg/{CHAPTER}/terugnemen")
@access.signed_in
def withdraw(slug: str, number: int, chapter: int) -> ResponseReturnValue:
    """Take the own choice after a chapter out of the box, unopened."""
    person = person_here()
    unfolding = _find(person, slug, number)
    if unfolding is None:
        return redirect(url_for("answers.dilemma", slug=slug), 303)
    with state().database.transaction() as session:
        edition = chapter_edition(session, unfolding.edition, chapter)
        take_back(session, voter=person.voter, dilemma=slug, edition=edition.number)
    return redirect(_url(slug, number), 303)


def _find(person: Person, slug: str, number: int) -> Unfolding | None:
    with state().database.reading() as session:
        app = state()
        return find_unfolding(session, app.library, app.row_keys, person, slug, number, app.today())


def _cast(person: Person, unfolding: Unfolding, chapter: int, option: str) -> None:
    with state().database.transaction() as session:
        edition = chapter_edition(session, unfolding.edition, chapter)
        cast_choice(
            session,
            person.vote(edition.dilemma, edition.number, Answer(option, NOT_SAID)),
            option_codes=unfolding.card.option_codes,
            today=state().today(),
            mac_keys=state().row_keys,
        )


def _page(unfolding: Unfolding, form: ChoiceForm | None = None, alert: str = "") -> str:
    edition = unfolding.edition
    return render_template(
        "answers/unfolding/page.html",
        view=unfolding,
        card=card_view(edition.card, edition.number, edition.today),
        chosen=form.optie.data if form else "",
        fault=form.faults.get("optie", "") if form else "",
        alert=alert,
        opens=opens_in_words(),
        no_figure=NO_FIGURE,
        today=edition.today,
    )


def _form_again(unfolding: Unfolding, form: ChoiceForm, status: int, alert: str) -> Response:
    """Return the page with what was chosen. It echoes a choice: never kept, never compressed."""
    response = make_response(_page(unfolding, form, alert), status)
    response.headers["Cache-Control"] = UNCOMPRESSED
    return response


def _url(slug: str, number: int) -> str:
    return url_for("unfolding.read", slug=slug, number=number)
