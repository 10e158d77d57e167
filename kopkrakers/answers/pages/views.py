"""Objects for the templates of the day before the own answer: nothing about others.

After it: `outcome`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from markupsafe import Markup

from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Turn
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.privacy.labels import CERTAINTIES, CONSIDERATIONS

NOTHING = Answer(option="", consideration="")
"""A form on which nothing was filled in yet."""


@dataclass(frozen=True)
class OptionView:
    """A werkwijze as it is offered."""

    code: str
    label: str
    line: str


@dataclass(frozen=True)
class CardView:
    """A card before the choice.

    Without arguments, knowledge or figures, so that no template can show them. `unsure_since`: the
    day on which rules that touch the choice had to be checked again, and were not.
    """

    slug: str
    edition: int
    theme: str
    title: str
    story: Markup
    cover: Markup
    options: tuple[OptionView, ...]
    for_managers_only: bool
    unsure_since: date | None

    @property
    def key(self) -> str:
        """Return the key under which the device keeps the own choice."""
        return f"{self.slug}.{self.edition}"

    @property
    def expected(self) -> tuple[tuple[str, str, str], ...]:
        """Return the choices of "Wat kiezen de meesten?": code, letter, and words read aloud."""
        return tuple((option.code, option.code.upper(), option.label) for option in self.options)


def card_view(card: Card, edition: int, today: date) -> CardView:
    """Return a card for someone who has not chosen yet."""
    options = [OptionView(option.code, option.label, option.line) for option in card.options]
    return CardView(
        slug=card.slug,
        edition=edition,
        theme=card.theme,
        title=card.title,
        story=card.story_html,
        cover=card.cover_svg,
        options=tuple(options),
        for_managers_only="klantmanager" not in card.audience,
        unsure_since=card.recheck_on if card.is_unsure(today) else None,
    )


@dataclass(frozen=True)
class FormView:
    """The form under a card: what was filled in, what is wrong with it, and what can be chosen."""

    filled_in: Answer = NOTHING
    errors: Mapping[str, str] = field(default_factory=dict)
    alert: str = ""
    considerations: tuple[tuple[str, str], ...] = tuple(CONSIDERATIONS.items())
    certainties: tuple[tuple[str, str], ...] = tuple(CERTAINTIES.items())


@dataclass(frozen=True)
class Standing:
    """Words for what became of the own answer: in short, more, and beside figures."""

    headline: str
    more: str = ""
    beside: str = ""


STANDINGS = {
    Turn.NONE: Standing(
        "Dit dilemma is gesloten.", more="Wat je nu kiest, is om te oefenen en telt niet mee."
    ),
    Turn.IN_BOX: Standing(
        "Je antwoord zit in de bus.", beside="Jouw antwoord telt mee na de volgende telling."
    ),
    Turn.COUNTED: Standing("Je antwoord is geteld.", beside="Jouw antwoord telt mee."),
    Turn.TAKEN_BACK: Standing(
        "Je hebt je antwoord teruggenomen.",
        more="Het telt niet mee. De envelop is ongeopend vernietigd.",
    ),
    Turn.SEEN: Standing(
        "Je zag de cijfers al.", more="Daarom kun je over dit dilemma niet meer stemmen."
    ),
    Turn.NOT_COUNTED: Standing(
        "Je antwoord is niet meegeteld.",
        more="We konden het niet veilig meetellen. De envelop is vernietigd.",
    ),
}


class DayState(StrEnum):
    """The states in which a person meets Vandaag; each has its template."""

    CHOOSE = "choose"
    CHOSEN = "chosen"
    READ_ONLY = "read_only"
    EMPTY = "empty"


@dataclass(frozen=True)
class CountedDilemma:
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
    counted: tuple[CountedDilemma, ...] = ()

    @property
    def standing(self) -> Standing:
        """Return the words for what became of the own answer."""
        return STANDINGS[self.turn]

    @property
    def earlier_day(self) -> date | None:
        """Return the day of the card when that is not today; else None.

        So it is in a weekend, and all week for a weekly team.
        """
        return self.planned_on if self.planned_on != self.today else None
