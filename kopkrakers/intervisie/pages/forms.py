"""What the forms of live sessions hold: planning, joining, voting, and the buttons of the regie."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from flask import request
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import clean_line
from kopkrakers.intervisie.session.cases import Dilemma, OwnCase
from kopkrakers.intervisie.session.states import ReasonState

OWN_OPTIONS = ("werkwijze_1", "werkwijze_2", "werkwijze_3", "werkwijze_4")
OWN = "eigen"
AGREEMENTS = (1, 2, 3)
LOST = "Deze knop hoorde bij een andere stand. Je ziet nu waar jullie zijn."
NOT_A_DAY = "Kies een dag uit de kalender, of laat dit leeg."


def typed(name: str) -> str:
    """Return what stands in a field, on one line and cleaned."""
    return clean_line(request.form.get(name, ""))


def day_in(name: str) -> date | None:
    """The day in a field; None when it was left empty.

    Raises: WrongInput for something that is not a day.
    """
    text = typed(name).strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongInput(NOT_A_DAY, name) from None


@dataclass(frozen=True)
class Plan:
    """What a begeleider asks for."""

    subject: Dilemma | OwnCase
    werkvorm: str
    planned_for: date | None
    second_id: int | None
    rehearsal: bool


def plan_in(*, starts_now: bool) -> Plan:
    """The planning form as it was sent.

    Raises: WrongInput naming the field.
    """
    return Plan(
        subject=_subject(),
        werkvorm=typed("werkvorm"),
        planned_for=None if starts_now else day_in("datum"),
        second_id=second_in(),
        rehearsal=bool(typed("oefenen")),
    )


def _subject() -> Dilemma | OwnCase:
    if typed("soort") == OWN:
        return OwnCase(typed("titel"), typed("vraag"), tuple(map(typed, OWN_OPTIONS)))
    if not typed("dilemma"):
        raise WrongInput("Kies een dilemma.", "dilemma")
    return Dilemma(typed("dilemma"))


def second_in() -> int | None:
    """Who was chosen as second begeleider; None for nobody.

    Raises: WrongInput for something else.
    """
    text = typed("tweede")
    if not text:
        return None
    if not text.isdecimal() or int(text) > LARGEST_ID:
        raise WrongInput("Kies een begeleider uit je team.", "tweede")
    return int(text)


class StepForm(FlaskForm):  # type: ignore[misc]
    """From which step to which; both count from 0."""

    van = IntegerField(validators=[InputRequired(), NumberRange(0, 99)])
    naar = IntegerField(validators=[InputRequired(), NumberRange(0, 99)])


class RoundForm(FlaskForm):  # type: ignore[misc]
    """Which of the two votes."""

    stemming = IntegerField(validators=[InputRequired(), NumberRange(1, 2)])


class MinutesForm(FlaskForm):  # type: ignore[misc]
    """How many minutes."""

    minuten = IntegerField(validators=[InputRequired(), NumberRange(1, 60)])


def number_in(form: FlaskForm, name: str) -> int:
    """A number that the page itself put into its form.

    Raises: WrongInput when it is not one.
    """
    if not form.validate():
        raise WrongInput(LOST)
    return int(form[name].data)


def timer_seen() -> datetime | None:
    """When the timer ended as the page had it; None when there was none.

    Raises: WrongInput for something else.
    """
    try:
        return datetime.fromisoformat(typed("gezien")).astimezone(UTC) if typed("gezien") else None
    except (ValueError, OverflowError):
        raise WrongInput(LOST) from None


def judged_reason() -> ReasonState:
    """What becomes of a reason.

    Raises: WrongInput for an unknown word.
    """
    try:
        return ReasonState(typed("naar"))
    except ValueError:
        raise WrongInput(LOST) from None


def changed_agreements() -> list[tuple[int, str]]:
    """The numbers and texts of the werkafspraken that were changed on this page.

    Each stands beside what it was, so that of two begeleiders neither overwrites what the other wrote.
    """
    pairs = [(number, typed(f"afspraak_{number}")) for number in AGREEMENTS]
    return [(number, text) for number, text in pairs if text != typed(f"was_{number}")]


class VoteForm(FlaskForm):  # type: ignore[misc]
    """A vote. Which of the two it was meant for travels with it, so that it never lands in the other."""

    stemming = IntegerField(validators=[InputRequired(), NumberRange(1, 2)])
