"""The forms of live sessions: planning, voting, and the buttons of the regie."""

import re
from datetime import UTC, date, datetime

from flask import request
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import AnyOf, InputRequired, NumberRange

from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import clean_line, clean_text, whole_number
from kopkrakers.catalogue.cards.card import LETTERS
from kopkrakers.catalogue.stellingen.reading import MOST_STELLINGEN
from kopkrakers.intervisie.session.ballot import MOST_ROWS
from kopkrakers.intervisie.session.cases import Dilemma, OwnCase, Subject
from kopkrakers.intervisie.session.group.retrospect import AgreementOutcome
from kopkrakers.intervisie.session.models import AGREEMENT_NUMBERS
from kopkrakers.intervisie.session.planning import SessionPlan
from kopkrakers.intervisie.session.states import ReasonState
from kopkrakers.intervisie.session.stellingen.items import Stellingen
from kopkrakers.intervisie.werkvormen.reading import FIRST_STELLING, STELLINGEN, TABLE, VOTES

OWN_OPTIONS = ("werkwijze_1", "werkwijze_2", "werkwijze_3", "werkwijze_4")
OWN, STELLINGEN_KIND = "eigen", "stellingen"
"""What a session can be about beside a dilemma, in the field `soort`."""
MOST_STEMS, MOST_COLUMNS = 5, 3
BOARD = "bord_"
"""Begins the name of a board's field; the number of its step follows."""
HAND = re.compile(r"handen_(\d{1,2})_([a-z])")
"""The name of a field with counted hands: of which vote, for which option."""
MOST_LEAVES = 99
VOTE_NUMBERS = (*VOTES.values(), *range(FIRST_STELLING, FIRST_STELLING + MOST_STELLINGEN))
"""The votes that there can be in a session of whatever kind."""
LOST = "Deze knop hoorde bij een andere stand. Je ziet nu waar jullie zijn."
NOT_A_DAY = "Kies een dag uit de kalender, of laat dit leeg."


def typed(name: str) -> str:
    """Return what stands in a field, on one line and cleaned."""
    return clean_line(request.form.get(name, ""))


def day_in(name: str) -> date | None:
    """Return the day in a field; None when it was left empty.

    Raises: WrongInput for something that is not a day.
    """
    text = typed(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongInput(NOT_A_DAY, name) from None


def plan_in(team_id: int, *, starts_now: bool) -> SessionPlan:
    """Return what the planning form asks for.

    Raises: WrongInput naming the field.
    """
    return SessionPlan(
        team_id=team_id,
        subject=_subject(),
        werkvorm=STELLINGEN if typed("soort") == STELLINGEN_KIND else typed("werkvorm"),
        planned_for=None if starts_now else day_in("datum"),
        rehearsal=bool(typed("oefenen")),
        without_phones=bool(typed("zonder_telefoons")),
    )


def _subject() -> Subject:
    if typed("soort") == STELLINGEN_KIND:
        return Stellingen(typed("set"), chosen_codes())
    if typed("soort") == OWN:
        return OwnCase(typed("titel"), typed("vraag"), tuple(map(typed, OWN_OPTIONS)))
    if not typed("dilemma"):
        raise WrongInput("Kies een dilemma.", "dilemma")
    return Dilemma(typed("dilemma"))


def chosen_codes() -> tuple[str, ...]:
    """Return the codes of the stellingen that were chosen, of whatever set."""
    return tuple(map(clean_line, request.form.getlist("stelling")))


def is_sure() -> bool:
    """Whether the begeleider answered the question that came before."""
    return typed("zeker") == "ja"


def numbers_sent() -> dict[str, int]:
    """Return the numbers that a button of the regie sent along, to send them once more."""
    numbers = {name: whole_number(text) for name, text in request.form.items()}
    return {name: number for name, number in numbers.items() if number is not None}


def second_in() -> int | None:
    """Return the id of the chosen second begeleider; None for nobody.

    Raises: WrongInput for something else.
    """
    text = typed("tweede")
    if not text:
        return None
    second_id = whole_number(text)
    if second_id is None:
        raise WrongInput("Kies een begeleider uit je team.", "tweede")
    return second_id


def outcome_in() -> AgreementOutcome | None:
    """Return what became of a werkafspraak; None when that is open.

    Raises: WrongInput for something else.
    """
    text = typed("uitkomst")
    try:
        return AgreementOutcome(text) if text else None
    except ValueError:
        raise WrongInput("Kies gedaan, deels, niet of nog open.", "uitkomst") from None


class StepForm(FlaskForm):  # type: ignore[misc]
    """A move from one step to another; both count from 0."""

    van = IntegerField(validators=[InputRequired(), NumberRange(0, 99)])
    naar = IntegerField(validators=[InputRequired(), NumberRange(0, 99)])


class RoundForm(FlaskForm):  # type: ignore[misc]
    """One of the votes, or the table."""

    stemming = IntegerField(validators=[InputRequired(), AnyOf([*VOTE_NUMBERS, TABLE])])


class MinutesForm(FlaskForm):  # type: ignore[misc]
    """A number of minutes."""

    minuten = IntegerField(validators=[InputRequired(), NumberRange(1, 60)])


class HeadsForm(FlaskForm):  # type: ignore[misc]
    """A number of phones."""

    aantal = IntegerField(validators=[InputRequired(), NumberRange(0, LARGEST_ID)])


class LeavesForm(FlaskForm):  # type: ignore[misc]
    """On how many pages a scherm shows a version of the session."""

    bladen = IntegerField(validators=[InputRequired(), NumberRange(1, MOST_LEAVES)])
    versie = IntegerField(validators=[InputRequired(), NumberRange(0, LARGEST_ID)])


def number_in(form: FlaskForm, name: str) -> int:
    """Return a number that the page itself put into its form.

    Raises: WrongInput when it is not one.
    """
    if not form.validate():
        raise WrongInput(LOST)
    return int(form[name].data)


def timer_seen() -> datetime | None:
    """Return the end of the timer as the page had it; None when there was none.

    Raises: WrongInput for something else.
    """
    text = typed("gezien")
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongInput(LOST) from None


def judged_reason() -> ReasonState:
    """Return the new state of a reason.

    Raises: WrongInput for an unknown word.
    """
    try:
        return ReasonState(typed("naar"))
    except ValueError:
        raise WrongInput(LOST) from None


def changed_agreements() -> list[tuple[int, str]]:
    """Return the number and text of each werkafspraak that was changed on this page."""
    changed = []
    for number in AGREEMENT_NUMBERS:
        text = typed(f"afspraak_{number}")
        # beside what it was: so neither of two begeleiders overwrites what the other wrote
        if text != typed(f"was_{number}"):
            changed.append((number, text))
    return changed


def changed_boards() -> list[tuple[int, str]]:
    """Return the step and text of each board that was changed on this page."""
    changed = []
    for name in request.form:
        step = whole_number(name.removeprefix(BOARD))
        if not name.startswith(BOARD) or step is None:
            continue
        text = request.form[name]
        if clean_text(text) != clean_text(request.form.get(f"was_{name}", "")):
            changed.append((step, text))
    return changed


def changed_hands() -> list[tuple[int, str, int | None]]:
    """Return vote, option and number of hands of each field that was changed on this page.

    Raises: WrongInput for something that is no number.
    """
    changed = []
    for name in request.form:
        found = HAND.fullmatch(name)
        text = typed(name)
        if found is None or text == typed(f"was_{name}"):
            continue
        hands = whole_number(text)
        if text and hands is None:
            raise WrongInput("Typ een aantal handen als getal, of laat het leeg.", name)
        changed.append((int(found[1]), found[2], hands))
    return changed


def changed_options() -> list[tuple[str, str]] | None:
    """Return all werkwijzen with their harm when one was changed on this page; None otherwise."""
    fields = [(f"keuze_{letter}", f"nadeel_{letter}") for letter in LETTERS]
    names = [name for pair in fields for name in pair]
    if all(typed(name) == typed(f"was_{name}") for name in names):
        return None
    return [(typed(label), typed(harm)) for label, harm in fields]


def options_to_keep() -> str:
    """Return the werkwijzen that were typed on this page, a line each with its harm."""
    lines = [": ".join(filter(None, pair)) for pair in changed_options() or []]
    return "\n".join(line for line in lines if line)


def reason_in() -> list[str]:
    """Return the reason on a phone's form: one sentence, or what follows each of the stems."""
    parts = [typed(f"woord_{place}") for place in range(MOST_STEMS)]
    return parts if any(parts) else [typed("reden")]


def rows_in() -> list[list[str]]:
    """Return the rows of the table on a phone's form, with all cells that there could be."""
    rows = []
    for row in range(MOST_ROWS):
        rows.append([typed(f"cel_{row}_{column}") for column in range(MOST_COLUMNS)])
    return rows


def judged_rounds() -> tuple[int, ...]:
    """Return the rounds whose reasons a button is about: the table, or the votes."""
    return (TABLE,) if typed("soort") == "tabel" else tuple(VOTES.values())


class VoteForm(FlaskForm):  # type: ignore[misc]
    """A vote. Its number travels with it, so that it never counts in another one."""

    stemming = IntegerField(validators=[InputRequired(), AnyOf(VOTE_NUMBERS)])
