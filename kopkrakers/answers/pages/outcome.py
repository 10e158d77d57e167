"""The result as its template gets it: the same for every own choice; what is one's own, the browser shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from kopkrakers.answers.kraakvraag import REASONS, Variant, most_chosen
from kopkrakers.answers.pages.views import STANDINGS, Standing
from kopkrakers.answers.service import Result, Turn
from kopkrakers.catalogue.cards.card import Card, Knowledge
from kopkrakers.catalogue.dates import date_in_words
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.labels import (
    CONSIDERATIONS,
    EXPERIENCES,
    SOMETHING_ELSE,
    SOMETHING_ELSE_LABEL,
)
from kopkrakers.privacy.release import ReleasedDistribution, ReleasedTable

NO_FIGURE = "De bus wordt elk kwartier bekeken. Er is nog geen uitslag."
"""The same whether too few answered or too many agreed."""
NO_FIGURE_CLOSED = "Dit dilemma is gesloten zonder uitslag."


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
    """A sentence that only who expected this letter is shown."""

    letter: str
    text: str


@dataclass(frozen=True)
class Reasons:
    """What tipped the balance for who chose one werkwijze: protected numbers, in words."""

    label: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Source:
    """A piece of knowledge. `part` names it in an address; `dated` is its date in words."""

    part: str
    item: Knowledge
    dated: str


@dataclass(frozen=True)
class MyTeam:
    """A team whose agenda this person can add to."""

    id: int
    name: str


@dataclass(frozen=True)
class ResultView:
    """The result of an edition for someone of one gemeente with one kind of turn; never their choice.

    `teams` are those to choose from, empty unless someone has several, so that most people share one view.
    """

    card: Card
    edition: int
    is_open: bool
    part_not_counted: bool
    turn: Turn
    land: Scope
    gemeente: Scope
    expected: tuple[Told, ...]
    reasons: tuple[Reasons, ...]
    variants: tuple[Variant, ...]
    has_team: bool
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
    return {
        **{option.code: option.label for option in card.options},
        SOMETHING_ELSE: SOMETHING_ELSE_LABEL,
    }


def scope_view(name: str, figures: ReleasedDistribution | None, labels: Mapping[str, str]) -> Scope:
    """The rows of one distribution."""
    if figures is None:
        return Scope(name)
    rows = tuple(
        Bar(row.option, labels[row.option], f"{row.percent}%", row.percent) for row in figures.rows
    )
    return Scope(name, figures.total, rows)


def expected_beside_actual(card: Card, result: Result) -> tuple[Told, ...]:
    """One sentence for every expectation someone can have had."""
    actual = most_chosen(result.land) if result.land else None
    return tuple(
        Told(option.code, _beside(option.letter, actual, result)) for option in card.options
    )


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
        Reasons(label, tuple((names[value], table.cells[value][code]) for value in known))
        for code, label in labels.items()
    )


def knowledge_view(card: Card) -> tuple[tuple[str, tuple[Source, ...]], ...]:
    """The three kinds of knowledge, each under its heading."""
    kinds = {"Onderzoek": card.research, "Wet en regels": card.law, "Cliënt": card.client}
    return tuple(
        (heading, tuple(_source(place, item) for place, item in enumerate(items, start=1)))
        for heading, items in kinds.items()
    )


def _source(place: int, item: Knowledge) -> Source:
    said = date_in_words(item.date)
    is_text_of_law = item.kind == "wet" and item.date[0].isdigit()
    return Source(f"{item.kind}-{place}", item, f"tekst van {said}" if is_text_of_law else said)
