"""The editor in the browser: every action is a form, so it works without a script."""

from dataclasses import dataclass, replace
from difflib import ndiff

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.pages.trail import note
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.errors import KopkrakersError, NotYours, TooLate, WrongInput
from kopkrakers.base.paging import list_page
from kopkrakers.catalogue.cards.card import FROM_PRACTICE, Card, says_withdrawn
from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.dates import date_in_words
from kopkrakers.catalogue.editions.editions import latest_edition
from kopkrakers.catalogue.writing.starting import new_card
from kopkrakers.desk.editor.checking import CheckedText, check_text
from kopkrakers.desk.editor.draft import NoForm, read_draft
from kopkrakers.desk.editor.service import (
    DeskCard,
    begin_card,
    desk_card,
    desk_cards,
    save_version,
    take_over_file,
)
from kopkrakers.desk.editor.together import (
    Remark,
    open_remarks,
    tell_busy,
    who_else_is_busy,
)
from kopkrakers.desk.inbox.service import InboxCase, becomes_card, inbox_case
from kopkrakers.desk.pages import blueprint
from kopkrakers.desk.pages.fields import SectionView, notes_on, sections_of
from kopkrakers.desk.pages.forms import CardForm, NewCardForm
from kopkrakers.web import access
from kopkrakers.web.csrf import asks_again
from kopkrakers.web.forms import asked_page
from kopkrakers.web.state import state

CARDS = "/redactie/kaarten"
CARD = f"{CARDS}/<slug>"
VERSIONS_ON_A_PAGE = 10
Lines = tuple[tuple[str, str], ...]


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
            if is_new:
                note(session, Deed.DESK_TOOK_OVER, detail=slug)
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
    as_text = request.args.get("als") == "tekst"
    return editor_page(card, InEditor(card.newest.source, card.newest.number, as_text))


@blueprint.post(CARD)
@access.role(Role.REDACTEUR)
@asks_again
def save_card(slug: str) -> ResponseReturnValue:
    """Save a version, or only check what is typed; faults do not keep it from being saved."""
    with state().database.reading() as session:
        card = desk_card(session, slug)
    form = CardForm()
    text, as_text = form.text, form.as_text
    if not form.validate():
        sentence = next(iter(form.faults.values()))
        base = form.versie.data or card.newest.number
        return editor_page(card, InEditor(text, base, as_text, alert=sentence)), 422
    base = form.versie.data
    if form.only_checks:
        return editor_page(card, InEditor(text, base, as_text, unsaved=True))
    today = state().today()
    try:
        with state().database.transaction() as session:
            number = save_version(session, slug, base, text, by=current_user.id, today=today)
    except (TooLate, WrongInput) as error:
        return _refused(slug, text, base, error, as_text=as_text), error.status
    flash(f"Versie {number} is bewaard. Op de site verandert nog niets.", "ok")
    return redirect(url_for("desk.edit_card", slug=slug, als="tekst" if as_text else None), 303)


@blueprint.post(f"{CARD}/nagekeken")
@access.role(Role.REDACTEUR)
def checked_meanwhile(slug: str) -> str:
    """Return what the check says of what is being typed, and how it looks; nothing is kept."""
    form = CardForm()
    text = form.text
    checked = check(slug, text)
    me, now = current_user.id, state().now()
    with state().database.transaction() as session:
        tell_busy(session, slug, by=me, now=now)
        busy = who_else_is_busy(session, slug, me=me, now=now)
    parts = form_of(text, checked, as_text=form.as_text)
    return render_template(
        "desk/editor/_checked.html",
        sections=parts.sections,
        loose=parts.loose,
        live=True,
        busy=busy,
        **shown(checked),
    )


@blueprint.get(f"{CARD}/versies/<int:number>")
@access.role(Role.REDACTEUR)
def version(slug: str, number: int) -> str:
    """Show how a version differs from the one before it."""
    with state().database.reading() as session:
        card = desk_card(session, slug)
    before = ""
    if number > 1:
        before = card.version(number - 1).source
    this = card.version(number)
    lines = _differences(before, this.source)
    return render_template("desk/editor/version.html", card=card, version=this, lines=lines)


def _differences(before: str, after: str) -> Lines:
    """Return the lines of both, each with "+" for new, "-" for gone or " "."""
    lines = []
    for line in ndiff(before.splitlines(), after.splitlines()):
        if not line.startswith("?"):
            lines.append((line[0], line[2:]))
    return tuple(lines)


def check(slug: str, text: str) -> CheckedText:
    """Return what the check says of a text, beside all cards and what was counted."""
    with state().database.reading() as session:
        last = latest_edition(session, slug, state().today())
    return check_text(state().library, slug, text, last, state().today())


def shown(checked: CheckedText) -> dict[str, object]:
    """Return what the fragment of a check needs."""
    return {"checked": checked, "card": checked.card, "dated": date_in_words}


@dataclass(frozen=True)
class InEditor:
    """A text as it stands in the editor, made from version `base`, with what is said of it.

    `as_text`: as the whole text, and not as fields. `unsaved`: it was only checked. `theirs`:
    what a colleague saved meanwhile, beside that version. `remark`: one that was typed, not kept.
    """

    text: str
    base: int
    as_text: bool = False
    alert: str = ""
    unsaved: bool = False
    theirs: Lines = ()
    remark: str = ""


@dataclass(frozen=True)
class AsForm:
    """A text as fields, and the faults that are about none. `fits`: it can be shown as fields."""

    sections: tuple[SectionView, ...]
    loose: tuple[Fault, ...]
    fits: bool = True


def editor_page(card: DeskCard, typed: InEditor) -> str:
    """Return the editor with this text."""
    checked = check(card.slug, typed.text)
    form = form_of(typed.text, checked, as_text=typed.as_text)
    me, now = current_user.id, state().now()
    with state().database.reading() as session:
        all_remarks = open_remarks(session, card.slug)
        busy = who_else_is_busy(session, card.slug, me=me, now=now)
    sections, remarks = _with_remarks(form.sections, all_remarks)
    return render_template(
        "desk/editor/edit.html",
        desk=card,
        versions=list_page(card.versions, asked_page("versies"), VERSIONS_ON_A_PAGE),
        typed=typed,
        sections=sections,
        loose=form.loose,
        fits=form.fits,
        remarks=remarks,
        all_remarks=all_remarks,
        busy=busy,
        withdrawn=says_withdrawn(typed.text),
        me=me,
        alone=state().settings.desk_of_one,
        **shown(checked),
    )


def form_of(text: str, checked: CheckedText, *, as_text: bool) -> AsForm:
    """Return a text as the fields of a form, unless it is to be shown as text, or does not fit."""
    if as_text:
        return AsForm((), checked.faults)
    try:
        values = read_draft(text)
    except (NoForm, CardFaults):
        return AsForm((), checked.faults, fits=False)
    notes, loose = notes_on(text, checked.faults, checked.advice)
    return AsForm(sections_of(values, state().library.themes(), notes), tuple(loose))


def _with_remarks(
    sections: tuple[SectionView, ...], remarks: list[Remark]
) -> tuple[tuple[SectionView, ...], list[Remark]]:
    """Return the sections with the remarks on them, and the remarks on the whole card."""
    rest, placed = [], []
    codes = {section.code for section in sections}
    for section in sections:
        own = tuple(one for one in remarks if one.part == section.code)
        placed.append(replace(section, remarks=own))
    # of a part that is no longer there the remark stands with those on the card
    for one in remarks:
        if one.part not in codes:
            rest.append(one)
    return tuple(placed), rest


def _refused(slug: str, text: str, base: int, error: KopkrakersError, *, as_text: bool) -> str:
    with state().database.reading() as session:
        card = desk_card(session, slug)
    theirs: Lines = ()
    if isinstance(error, TooLate):
        saved = {version.number: version.source for version in card.versions}
        theirs = _differences(saved.get(base, ""), card.newest.source)
        base = card.newest.number
    typed = InEditor(text, base, as_text, alert=error.sentence, theirs=theirs)
    return editor_page(card, typed)


def _with_case(text: str, case: InboxCase) -> str:
    """Return an empty card with the words of a case in it, for a redacteur to work out."""
    remembered = []
    for line in case.ways.splitlines():
        if line:
            remembered.append(f"# Wat kon je doen? {line}")
    for line in case.hard.splitlines():
        if line:
            remembered.append(f"# Wat maakte het lastig? {line}")
    origin = FROM_PRACTICE
    # only what the sender ticked
    if case.gemeente:
        origin += f" in {case.gemeente}"
    front = text.replace("thema:", f"thema: {case.theme}", 1)
    front = front.replace("herkomst:", f"herkomst: {origin}.", 1)
    begun = front.replace("---\n", "\n".join(["---", *remembered, ""]), 1)
    return f"{begun.rstrip()}\n{case.happened}\n"


def _list_page(form: NewCardForm) -> str:
    library = state().library
    with state().database.reading() as session:
        of_desk = desk_cards(session)
    known = {line.slug for line in of_desk}
    in_files: list[Card] = []
    for slug, card in library.cards().items():
        if slug not in known:
            in_files.append(card)
    return render_template(
        "desk/editor/cards.html",
        form=form,
        of_desk=of_desk,
        in_files=sorted(in_files, key=lambda card: card.title),
    )
