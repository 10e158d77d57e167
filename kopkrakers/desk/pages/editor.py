"""The editor in the browser: every action is a form, so it works without a script."""

from difflib import ndiff

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts.models import Role
from kopkrakers.base.errors import KopkrakersError, NotYours, TooLate, WrongInput
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.catalogue.dates import date_in_words
from kopkrakers.catalogue.editions.editions import latest_edition
from kopkrakers.catalogue.writing.starting import new_card
from kopkrakers.desk.editor.checking import CheckedText, check_text
from kopkrakers.desk.editor.service import (
    DeskCard,
    begin_card,
    cleaned_card,
    desk_card,
    desk_cards,
    save_version,
    take_over_file,
)
from kopkrakers.desk.inbox.service import InboxCase, becomes_card, inbox_case
from kopkrakers.desk.pages import blueprint
from kopkrakers.desk.pages.forms import CardForm, NewCardForm
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.state import state

CARDS = "/redactie/kaarten"
CARD = f"{CARDS}/<slug>"
FROM_PRACTICE = "Uit de praktijk van een klantmanager."


@blueprint.get(CARDS)
@access.role(Role.REDACTEUR)
def cards_of_desk() -> str:
    """List the cards of the desk and those in files, with a form to begin one."""
    return _list_page(NewCardForm(formdata=None))


@blueprint.post(f"{CARDS}/nieuw")
@access.role(Role.REDACTEUR)
@asks_again
def begin() -> ResponseReturnValue:
    """Begin a card, empty or from a case that was sent in."""
    form = NewCardForm()
    if not form.validate():
        return _list_page(form), 422
    slug, key = form.naam.data, form.verhaal.data
    library, today = state().library, state().today()
    text = new_card(library.themes(), today)
    try:
        with state().database.transaction() as session:
            if key:
                text = _with_case(text, inbox_case(session, key))
            begin_card(session, library, slug, text, by=current_user.id, today=today)
            if key:
                becomes_card(session, key, slug, by=current_user.id)
    except (WrongInput, TooLate, NotYours) as error:
        form.refuse(error)
        return _list_page(form), error.status
    flash("De kaart is begonnen. Vul de velden in en druk op Bewaar.", "ok")
    return redirect(url_for("desk.edit_card", slug=slug), 303)


@blueprint.post(f"{CARD}/overnemen")
@access.role(Role.REDACTEUR)
def take_over(slug: str) -> ResponseReturnValue:
    """Bring a card from a file to the desk."""
    try:
        with state().database.transaction() as session:
            is_new = take_over_file(
                session, state().library, slug, by=current_user.id, today=state().today()
            )
    except CardFaults as error:
        flash(error.faults[0].sentence, "error")
        return redirect(url_for("desk.cards_of_desk"), 303)
    if is_new:
        flash("Deze kaart staat nu bij de redactie. Wat in het bestand verandert, telt niet.", "ok")
    else:
        flash("Deze kaart stond al bij de redactie.", "ok")
    return redirect(url_for("desk.edit_card", slug=slug), 303)


@blueprint.get(CARD)
@access.role(Role.REDACTEUR)
def edit_card(slug: str) -> str:
    """Show the newest version in the editor, with what the check says of it."""
    with state().database.reading() as session:
        card = desk_card(session, slug)
    return editor_page(card, card.newest.source, base=card.newest.number)


@blueprint.post(CARD)
@access.role(Role.REDACTEUR)
@asks_again
def save_card(slug: str) -> ResponseReturnValue:
    """Save a version, or only check what is typed; faults do not keep it from being saved."""
    with state().database.reading() as session:
        card = desk_card(session, slug)
    form = CardForm()
    text = form.tekst.data
    if not form.validate():
        sentence = next(iter(form.faults.values()))
        base = form.versie.data or card.newest.number
        return editor_page(card, text, base=base, alert=sentence), 422
    base = form.versie.data
    if request.form.get("wat") == "kijk-na":
        return editor_page(card, text, base=base, unsaved=True)
    today = state().today()
    try:
        with state().database.transaction() as session:
            number = save_version(session, slug, base, text, by=current_user.id, today=today)
    except (TooLate, WrongInput) as error:
        return _refused(slug, text, base, error), error.status
    flash(f"Versie {number} is bewaard. Op de site verandert nog niets.", "ok")
    return redirect(url_for("desk.edit_card", slug=slug), 303)


@blueprint.post(f"{CARD}/nagekeken")
@access.role(Role.REDACTEUR)
def checked_meanwhile(slug: str) -> str:
    """Return what the check says of what is being typed, and how it looks; nothing is kept."""
    text = cleaned_card(request.form.get("tekst", ""))
    return render_template("desk/editor/_checked.html", **shown(check(slug, text)))


@blueprint.get(f"{CARD}/versies/<int:number>")
@access.role(Role.REDACTEUR)
def version(slug: str, number: int) -> str:
    """Show how a version differs from the one before it."""
    with state().database.reading() as session:
        card = desk_card(session, slug)
    this = card.version(number)
    before = ""
    if number > 1:
        before = card.version(number - 1).source
    lines = []
    for line in ndiff(before.splitlines(), this.source.splitlines()):
        if not line.startswith("?"):
            lines.append((line[0], line[2:]))
    return render_template("desk/editor/version.html", card=card, version=this, lines=lines)


def check(slug: str, text: str) -> CheckedText:
    """Return what the check says of a text, beside all cards and what was counted."""
    with state().database.reading() as session:
        last = latest_edition(session, slug, state().today())
    return check_text(state().library, slug, text, last, state().today())


def shown(checked: CheckedText) -> dict[str, object]:
    """Return what the fragment of a check needs."""
    return {"checked": checked, "card": checked.card, "dated": date_in_words}


def editor_page(
    card: DeskCard,
    text: str,
    *,
    base: int,
    alert: str = "",
    unsaved: bool = False,
    theirs: str = "",
) -> str:
    """Return the editor with this text. `theirs`: what a colleague saved meanwhile."""
    return render_template(
        "desk/editor/edit.html",
        desk=card,
        text=text,
        base=base,
        alert=alert,
        unsaved=unsaved,
        theirs=theirs,
        me=current_user.id,
        alone=state().settings.desk_of_one,
        **shown(check(card.slug, text)),
    )


def _refused(slug: str, text: str, base: int, error: KopkrakersError) -> str:
    with state().database.reading() as session:
        card = desk_card(session, slug)
    theirs = ""
    if isinstance(error, TooLate):
        theirs, base = card.newest.source, card.newest.number
    return editor_page(card, text, base=base, alert=error.sentence, theirs=theirs)


def _with_case(text: str, case: InboxCase) -> str:
    """Return an empty card with the words of a case in it, for a redacteur to work out."""
    remembered = [f"# Wat kon je doen? {line}" for line in case.ways.splitlines() if line]
    remembered += [f"# Wat maakte het lastig? {line}" for line in case.hard.splitlines() if line]
    front = text.replace("herkomst:", f"herkomst: {FROM_PRACTICE}", 1)
    begun = front.replace("---\n", "\n".join(["---", *remembered, ""]), 1)
    return f"{begun.rstrip()}\n{case.happened}\n"


def _list_page(form: NewCardForm) -> str:
    library = state().library
    with state().database.reading() as session:
        of_desk = desk_cards(session)
    known = {line.slug for line in of_desk}
    in_files: list[Card] = [card for slug, card in library.cards().items() if slug not in known]
    return render_template(
        "desk/editor/cards.html",
        form=form,
        of_desk=of_desk,
        titles={slug: card.title for slug, card in library.cards().items()},
        in_files=sorted(in_files, key=lambda card: card.title),
    )
