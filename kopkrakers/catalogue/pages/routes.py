"""The page where someone tells the redactie that a card is not right."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.base.errors import NotNow, NotYours, TooMany
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import latest_edition, shown_card
from kopkrakers.catalogue.pages.forms import WrongForm
from kopkrakers.catalogue.pages.telling import can_tell, parts_of_card, sender_of, tell_redactie
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.limits import slow_down
from kopkrakers.web.state import state

blueprint = Blueprint("catalogue", __name__)

TOO_OFTEN = "Je stuurde al veel berichten achter elkaar. Je bericht staat hieronder nog."


@blueprint.get("/dilemma/<slug>/klopt-niet")
@access.signed_in
def tell_wrong(slug: str) -> ResponseReturnValue:
    """Show the form. It names parts by number only: not everyone may see the knowledge yet."""
    card = _published_card(slug)
    return _page(card, WrongForm.about(parts_of_card(card), request.args.get("onderdeel")))


@blueprint.post("/dilemma/<slug>/klopt-niet")
@access.signed_in
@asks_again
def send_wrong(slug: str) -> ResponseReturnValue:
    """Mail the redactie what is wrong; when that fails, give the form back with nothing lost."""
    card = _published_card(slug)
    parts = parts_of_card(card)
    form = WrongForm.about(parts, None)
    if not form.validate():
        return _page(card, form), 422
    # after the form was read, so that it can be given back (D-43)
    try:
        slow_down("klopt-niet", str(current_user.id), at_most=10, minutes=60, why=TOO_OFTEN)
    except TooMany as error:
        return _page(card, form, error.sentence), 429
    with state().database.reading() as session:
        sender = sender_of(session, current_user.id, current_user.gemeente)
    part = next(part for part in parts if part.code == form.onderdeel.data)
    try:
        tell_redactie(state().settings, card, part, form.uitleg.data, sender)
    except NotNow as error:
        return _page(card, form, error.sentence), 503
    flash("Dank je. De redactie heeft je bericht en mailt je terug als er iets te vragen is.", "ok")
    return redirect(url_for("answers.dilemma", slug=slug), 303)


def _published_card(slug: str) -> Card:
    with state().database.reading() as session:
        edition = latest_edition(session, slug, state().today())
    if edition is None:
        raise NotYours
    return shown_card(state().library, edition)


def _page(card: Card, form: WrongForm, alert: str = "") -> str:
    return render_template(
        "catalogue/report_mistake.html",
        card=card,
        form=form,
        alert=alert,
        reachable=can_tell(state().settings),
    )
