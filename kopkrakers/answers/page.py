"""What the templates of the day are given: frozen, and before the own answer without anything about others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from markupsafe import Markup

from kopkrakers.answers.kraakvraag import REASONS, Variant, most_chosen
from kopkrakers.answers.rules import CERTAINTIES, CONSIDERATIONS, EXPERIENCES, Answer
from kopkrakers.answers.service import Result, Turn
from kopkrakers.catalogue.cards import Card
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.release import SOMETHING_ELSE, ReleasedDistribution, ReleasedTable

SOMETHING_ELSE_LABEL = "Ik zou iets anders doen"
NOTHING = Answer(option="", consideration="")
"""A form on which nothing was filled in yet."""


@dataclass(frozen=True)
class Choice:
    """A werkwijze as it is offered."""

    code: str
    label: str
    line: str


@dataclass(frozen=True)
class CardView:
    """A card before the choice: without arguments, knowledge or figures, so that no template can show them."""

    slug: str
    edition: int
    theme: str
    title: str
    story: Markup
    cover: Markup
    options: tuple[Choice, ...]

    @property
    def key(self) -> str:
        """What the device keeps the own choice under."""
        return f"{self.slug}.{self.edition}"

    @property
    def expected(self) -> tuple[tuple[str, str, str], ...]:
        """What one can expect of the others: code, letter, and the words read aloud."""
        return tuple((option.code, option.code.upper(), option.label) for option in self.options)


def card_view(card: Card, edition: int) -> CardView:
    """A card as someone meets it who has not chosen."""
    return CardView(
        slug=card.slug,
        edition=edition,
        theme=card.theme,
        title=card.title,
        story=card.story_html,
        cover=card.cover_svg,
        options=tuple(Choice(option.code, option.label, option.line) for option in card.options),
    )


@dataclass(frozen=True)
class FormView:
    """The form under a card: what was filled in before, what is wrong with it, and the choices of its questions."""

    kept: Answer = NOTHING
    errors: Mapping[str, str] = field(default_factory=dict)
    alert: str = ""
    considerations: tuple[tuple[str, str], ...] = tuple(CONSIDERATIONS.items())
    certainties: tuple[tuple[str, str], ...] = tuple(CERTAINTIES.items())


class DayState(StrEnum):
    """What someone finds on Vandaag; each has its template."""

    CHOOSE = "kiezen"
    CHOSEN = "gekozen"
    READ_ONLY = "lezen"
    EMPTY = "leeg"


@dataclass(frozen=True)
class Counted:
    """A dilemma in which the own answer was counted; the browser knows whether that is news."""

    slug: str
    edition: int
    title: str


@dataclass(frozen=True)
class Day:
    """Vandaag, for one person."""

    state: DayState
    today: date
    card: CardView | None = None
    planned_on: date | None = None
    turn: Turn = Turn.NONE
    counted: tuple[Counted, ...] = ()

    @property
    def standing(self) -> "Standing":
        """What became of the own answer."""
        return STANDINGS[self.turn]

    @property
    def earlier_day(self) -> date | None:
        """The day of the card when that is not today: in a weekend, or all week for a weekly team."""
        return self.planned_on if self.planned_on != self.today else None


@dataclass(frozen=True)
class Bar:
    """A row of a distribution, as the macro wants it."""

    letter: str
    label: str
    number: str
    width: int


@dataclass(frozen=True)
class Scope:
    """The figures of the land or of one gemeente; without rows while there are none."""

    name: str
    total: int = 0
    rows: tuple[Bar, ...] = ()


@dataclass(frozen=True)
class Told:
    """A sentence that only who chose (or expected) this letter is shown."""

    letter: str
    text: str


@dataclass(frozen=True)
class Standing:
    """What became of the own answer: in short, and beside the figures."""

    headline: str
    beside: str


STANDINGS = {
    Turn.NONE: Standing("Dit dilemma is gesloten.", "Wat je nu kiest, is om te oefenen en telt niet mee."),
    Turn.IN_BOX: Standing("Je antwoord zit in de bus.", "Jouw antwoord telt mee na de volgende telling."),
    Turn.COUNTED: Standing("Je antwoord is geteld.", "Jouw antwoord telt mee."),
    Turn.TAKEN_BACK: Standing(
        "Je hebt je antwoord teruggenomen.", "Jouw antwoord telt niet mee. De envelop is ongeopend vernietigd."
    ),
    Turn.SEEN: Standing(
        "Je zag de cijfers al voordat je koos.", "Daarom kun je over dit dilemma niet meer stemmen."
    ),
    Turn.NOT_COUNTED: Standing(
        "Je antwoord is niet meegeteld.", "We konden het niet veilig tellen. De envelop is vernietigd."
    ),
}
NO_FIGURE = "De bus wordt elk kwartier bekeken. Er is nog geen uitslag."
"""The same whether too few answered or too many agreed."""
NO_FIGURE_CLOSED = "Dit dilemma is gesloten zonder uitslag."
PART_NOT_COUNTED = "Een deel van de antwoorden is niet meegeteld."


@dataclass(frozen=True)
class Reasons:
    """What tipped the balance for who chose one werkwijze: protected numbers, in words."""

    letter: str
    label: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MyTeam:
    """A team whose agenda this person can add to."""

    id: int
    name: str


@dataclass(frozen=True)
class ResultView:
    """The result of an edition, the same for every own choice: what depends on it is chosen in the browser."""

    card: Card
    edition: int
    is_open: bool
    turn: Turn
    land: Scope
    gemeente: Scope
    remarks: tuple[str, ...]
    expected: tuple[Told, ...]
    reasons: tuple[Reasons, ...]
    variants: tuple[Variant, ...]
    teams: tuple[MyTeam, ...]
    experiences: tuple[tuple[str, str], ...] = tuple(EXPERIENCES.items())

    @property
    def key(self) -> str:
        """What the device keeps the own choice under."""
        return f"{self.card.slug}.{self.edition}"

    @property
    def standing(self) -> Standing:
        """What became of the own answer."""
        return STANDINGS[self.turn]

    @property
    def shows_own_counted(self) -> bool:
        """Whether the page holds figures in which the own answer is: then the device may forget it."""
        return self.turn is Turn.COUNTED and bool(self.land.rows)

    @property
    def takes_back(self) -> bool:
        """Whether the own answer can still be taken back."""
        return self.turn is Turn.IN_BOX and self.is_open

    @property
    def no_figure(self) -> str:
        """What stands where figures would stand."""
        return NO_FIGURE if self.is_open else NO_FIGURE_CLOSED


def labels_of(card: Card) -> dict[str, str]:
    """What each option is called, "iets anders" too, in the card's order."""
    return {**{option.code: option.label for option in card.options}, SOMETHING_ELSE: SOMETHING_ELSE_LABEL}


def scope_view(name: str, figures: ReleasedDistribution | None, labels: Mapping[str, str]) -> Scope:
    """The rows of one distribution."""
    if figures is None:
        return Scope(name)
    rows = tuple(Bar(row.option, labels[row.option], f"{row.percent}%", row.percent) for row in figures.rows)
    return Scope(name, figures.total, rows)


def expected_beside_actual(card: Card, result: Result) -> tuple[Told, ...]:
    """One sentence for every expectation someone can have had."""
    actual = most_chosen(result.land) if result.land else None
    return tuple(Told(option.code, _beside(option.letter, actual, result)) for option in card.options)


def _beside(expected: str, actual: str | None, result: Result) -> str:
    if result.land is None:
        return f"Jij verwacht dat de meesten {expected} kiezen."
    if actual is None:
        return f"Jij verwachtte {expected}. Geen werkwijze wordt het vaakst gekozen."
    if actual.upper() == expected:
        return f"Jij verwachtte {expected}. Collega’s kiezen {expected} ook het vaakst."
    return f"Jij verwachtte {expected}. Collega’s kiezen het vaakst {actual.upper()}."


def reasons_view(labels: Mapping[str, str], table: ReleasedTable | None) -> tuple[Reasons, ...]:
    """What tipped the balance per werkwijze, or nothing while that was not counted."""
    if table is None:
        return ()
    known = [value for value in (*REASONS, NOT_SAID) if value in table.cells]
    names = {**CONSIDERATIONS, NOT_SAID: "Niet vermeld"}
    return tuple(
        Reasons(code, label, tuple((names[value], table.cells[value][code]) for value in known))
        for code, label in labels.items()
    )


def remarks_on(*, closed: bool, part_not_counted: bool, turn: Turn) -> tuple[str, ...]:
    """The sentences beside the figures, apart from their total."""
    more = (PART_NOT_COUNTED,) if closed and part_not_counted else ()
    return (STANDINGS[turn].beside, *more)
