"""The forms of live sessions: voting and writing on a phone, and the buttons of the regie.

Their fields hold cleaned text. What a text has to be is asked by the function that hands it out.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from wtforms import Field, IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, NumberRange

from kopkrakers.base.db import LARGEST_ID
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.typed import clean_line, clean_text, whole_number
from kopkrakers.catalogue.cards.card import LETTERS
from kopkrakers.catalogue.cards.front_matter import MOST_CHAPTERS
from kopkrakers.catalogue.stellingen.reading import MOST_STELLINGEN
from kopkrakers.intervisie.session.ballot import MOST_ROWS
from kopkrakers.intervisie.session.cases import STELLING_OPTIONS
from kopkrakers.intervisie.session.group.retrospect import AgreementOutcome
from kopkrakers.intervisie.session.models import AGREEMENT_NUMBERS
from kopkrakers.intervisie.session.states import ReasonState
from kopkrakers.intervisie.werkvormen.reading import (
    FIRST_CHAPTER,
    FIRST_STELLING,
    MOST_STEPS,
    TABLE,
    VOTES,
)
from kopkrakers.privacy.labels import SOMETHING_ELSE
from kopkrakers.web.forms import Form

YES = "ja"
MOST_STEMS, MOST_COLUMNS = 5, 3
MOST_LEAVES = 99
STELLING_NUMBERS = range(FIRST_STELLING, FIRST_STELLING + MOST_STELLINGEN)
"""The votes on the stellingen of a set."""
CHAPTER_NUMBERS = range(FIRST_CHAPTER, FIRST_CHAPTER + MOST_CHAPTERS)
"""The votes after the chapters of a card."""
VOTE_NUMBERS = (*VOTES.values(), *STELLING_NUMBERS, *CHAPTER_NUMBERS)
"""The votes that there can be in a session of whatever kind."""
LOST = "Deze knop hoorde bij een andere stand. Je ziet nu waar jullie zijn."
NOT_A_DAY = "Kies een dag uit de kalender, of laat dit leeg."


def _line(text: str | None) -> str:
    return clean_line(text or "")


def _text(text: str | None) -> str:
    return clean_text(text or "")


class OneLine(StringField):  # type: ignore[misc]
    """One line of text; empty where nothing was sent."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, filters=[_line], **options)


class Lines(Field):  # type: ignore[misc]
    """One line of text for each control with this name that was sent."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read them all."""
        self.data = tuple(map(clean_line, valuelist))


class GuardedText(StringField):  # type: ignore[misc]
    """A text beside what it was when the page was made, which the form sends along.

    So neither of two begeleiders overwrites what the other wrote.
    """

    def __init__(self, *arguments: Any, clean: Any = _line, **options: Any) -> None:
        super().__init__(*arguments, filters=[clean], **options)
        self._clean = clean
        self._was = ""

    def process(self, formdata: Any, *values: Any, **options: Any) -> None:
        """Read both."""
        super().process(formdata, *values, **options)
        # cleaned alike: else a space at the end would look like a change
        self._was = self._clean(formdata.get(f"was_{self.name}", "") if formdata else "")

    @property
    def is_changed(self) -> bool:
        """Whether it was changed on this page."""
        return bool(self.data != self._was)


def day_in(field: Field) -> date | None:
    """Return the day in a field; None when it was left empty.

    Raises: WrongInput for something that is not a day.
    """
    if not field.data:
        return None
    try:
        return date.fromisoformat(field.data)
    except ValueError:
        raise WrongInput(NOT_A_DAY, field.name) from None


def number_in(form: Form, name: str) -> int:
    """Return a number that the page itself put into its form.

    Raises: WrongInput when it is not one.
    """
    if not form.validate():
        raise WrongInput(LOST)
    return int(form[name].data)


class StepForm(Form):
    """A move from one step to another; both count from 0."""

    van = IntegerField(validators=[InputRequired(), NumberRange(0, 99)])
    naar = IntegerField(validators=[InputRequired(), NumberRange(0, 99)])


class RoundForm(Form):
    """One of the votes, or the table.

    `meestemmen`, `zeker`: the answers to what the regie asks before it is opened or closed.
    """

    stemming = IntegerField(validators=[InputRequired(), AnyOf([*VOTE_NUMBERS, TABLE])])
    meestemmen = OneLine()
    zeker = OneLine()


class SureForm(Form):
    """The answer to a question that came before."""

    zeker = OneLine()


class AlongForm(Form):
    """Whether the begeleider votes on a phone."""

    meestemmen = OneLine()


class WatchersForm(Form):
    """Whether those who come too late may watch."""

    welkom = OneLine()


class TimerForm(Form):
    """Setting, extending or putting away the timer."""

    doe = OneLine()
    gezien = OneLine()
    minuten = IntegerField(validators=[InputRequired(), NumberRange(1, 60)])

    def seen(self) -> datetime | None:
        """Return the end of the timer as the page had it; None when there was none.

        Raises: WrongInput for something else.
        """
        if not self.gezien.data:
            return None
        try:
            return datetime.fromisoformat(self.gezien.data).astimezone(UTC)
        except (ValueError, OverflowError):
            raise WrongInput(LOST) from None


class JudgeForm(Form):
    """A new state for one reason, or for all of the votes or of the table."""

    reden = OneLine()
    naar = OneLine()
    soort = OneLine()

    def state(self) -> ReasonState:
        """Return the new state. Raises: WrongInput for an unknown word."""
        try:
            return ReasonState(self.naar.data)
        except ValueError:
            raise WrongInput(LOST) from None

    def rounds(self) -> tuple[int, ...]:
        """Return the rounds whose reasons it is about: the table, or the votes."""
        if self.soort.data == "tabel":
            return (TABLE,)
        return tuple(VOTES.values())


class OutcomeForm(Form):
    """The outcome of a werkafspraak of last time."""

    afspraak = OneLine()
    uitkomst = OneLine()

    def outcome(self) -> AgreementOutcome | None:
        """Return it; None when that is open.

        Raises: WrongInput for something else.
        """
        if not self.uitkomst.data:
            return None
        try:
            return AgreementOutcome(self.uitkomst.data)
        except ValueError:
            raise WrongInput("Kies gedaan, deels, niet of nog open.", "uitkomst") from None


class SecondForm(Form):
    """Another begeleider beside the first. `meestemmen`: whether that one votes on a phone."""

    tweede = OneLine()
    meestemmen = OneLine()

    def second_id(self) -> int | None:
        """Return the id of the one that was chosen; None for nobody.

        Raises: WrongInput for something else.
        """
        if not self.tweede.data:
            return None
        second_id = whole_number(self.tweede.data)
        if second_id is None:
            raise WrongInput("Kies een begeleider uit je team.", "tweede")
        return second_id


class ShowForm(Form):
    """The page to put on the scherm."""

    wat = OneLine()


class TurnForm(Form):
    """A page of the scherm forward or back."""

    naar = OneLine()


class TakeOverForm(Form):
    """A regie to take over, and whether who does so votes along."""

    van = OneLine()
    meestemmen = OneLine()


class HeadsForm(Form):
    """A number of phones."""

    aantal = IntegerField(validators=[InputRequired(), NumberRange(0, LARGEST_ID)])


class LeavesForm(Form):
    """On how many pages a scherm shows a version of the session."""

    bladen = IntegerField(validators=[InputRequired(), NumberRange(1, MOST_LEAVES)])
    versie = IntegerField(validators=[InputRequired(), NumberRange(0, LARGEST_ID)])


class TextsForm(Form):
    """All that the begeleider writes for the group; most buttons of the regie send it along.

    Its fields have numbers and letters, so they are added below: `afspraak_1`, `bord_3` (of a step,
    or in a report a place), `keuze_a` with `nadeel_a`, `handen_1_a` (of a vote, for an option).
    """

    terugkijken = GuardedText()
    naam = GuardedText()

    @property
    def was_sent(self) -> bool:
        """Whether the page had these fields."""
        return bool(self["afspraak_1"].raw_data)

    def agreements(self) -> list[tuple[int, str]]:
        """Return the number and text of each werkafspraak that was changed on this page."""
        changed = []
        for number in AGREEMENT_NUMBERS:
            field = self[f"afspraak_{number}"]
            if field.is_changed:
                changed.append((number, field.data))
        return changed

    def boards(self) -> list[tuple[int, str]]:
        """Return the step and text of each board that was changed on this page."""
        changed = []
        for step in range(MOST_STEPS):
            field = self[f"bord_{step}"]
            if field.is_changed:
                changed.append((step, field.data))
        return changed

    def hands(self) -> Iterator[tuple[int, str, int | None]]:
        """Yield vote, option and number of hands of each field that was changed on this page.

        Raises: WrongInput for something that is no number.
        """
        for number, option in HANDS:
            field = self[f"handen_{number}_{option}"]
            if not field.is_changed:
                continue
            hands = whole_number(field.data)
            if field.data and hands is None:
                sentence = "Typ een aantal handen als getal, of laat het leeg."
                raise WrongInput(sentence, field.name)
            yield number, option, hands

    def options(self) -> list[tuple[str, str]] | None:
        """Return all werkwijzen with their harm when one was changed on this page."""
        is_changed = False
        pairs = []
        for letter in LETTERS:
            label, harm = self[f"keuze_{letter}"], self[f"nadeel_{letter}"]
            pairs.append((label.data, harm.data))
            if label.is_changed or harm.is_changed:
                is_changed = True
        # the session keeps them as one list, so with one of them all are written
        if is_changed:
            return pairs
        return None

    def options_to_keep(self) -> str:
        """Return the werkwijzen that were typed on this page, a line each with its harm."""
        lines = [": ".join(filter(None, pair)) for pair in self.options() or []]
        return "\n".join(filter(None, lines))


HANDS = [(number, option) for number in VOTES.values() for option in (*LETTERS, SOMETHING_ELSE)]
for _number in STELLING_NUMBERS:
    HANDS += [(_number, option.code) for option in STELLING_OPTIONS]
for _number in AGREEMENT_NUMBERS:
    setattr(TextsForm, f"afspraak_{_number}", GuardedText())
for _step in range(MOST_STEPS):
    setattr(TextsForm, f"bord_{_step}", GuardedText(clean=_text))
for _letter in LETTERS:
    setattr(TextsForm, f"keuze_{_letter}", GuardedText())
    setattr(TextsForm, f"nadeel_{_letter}", GuardedText())
for _number, _option in HANDS:
    setattr(TextsForm, f"handen_{_number}_{_option}", GuardedText())


class WritingForm(Form):
    """The text that somebody writes on a phone."""

    def to_keep(self) -> str:
        """Return all that was written, a line each."""
        raise NotImplementedError


class RowsForm(WritingForm):
    """Rows of the table. Its cells are added below: `cel_0_1` (of a row, in a column)."""

    niets = OneLine()

    def rows(self) -> list[list[str]]:
        """Return the rows, with all cells that there could be."""
        rows = []
        for row in range(MOST_ROWS):
            rows.append([self[f"cel_{row}_{column}"].data for column in range(MOST_COLUMNS)])
        return rows

    def to_keep(self) -> str:
        """Return all that was written, a line each."""
        cells: list[str] = []
        for row in self.rows():
            cells += filter(None, row)
        return "\n".join(cells)


class VoteForm(WritingForm):
    """A vote. Its number travels with it, so that it never counts in another one.

    What follows the stems is added below: `woord_0` for the first.
    """

    stemming = IntegerField(validators=[InputRequired(), AnyOf(VOTE_NUMBERS)])
    optie = OneLine()
    keuzes = OneLine()
    reden = OneLine()

    def reason(self) -> list[str]:
        """Return the reason: one sentence, or what follows each of the stems."""
        parts = [self[f"woord_{place}"].data for place in range(MOST_STEMS)]
        if any(parts):
            return parts
        return [self.reden.data]

    def to_keep(self) -> str:
        """Return all that was written, a line each."""
        return "\n".join(filter(None, self.reason()))


for _place in range(MOST_STEMS):
    setattr(VoteForm, f"woord_{_place}", OneLine())
for _row in range(MOST_ROWS):
    for _column in range(MOST_COLUMNS):
        setattr(RowsForm, f"cel_{_row}_{_column}", OneLine())
