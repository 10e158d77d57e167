"""What the templates of the day get before the own answer: nothing about others. After it: `outcome`."""

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
    for_managers_only: bool

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
        for_managers_only="klantmanager" not in card.audience,
    )


@dataclass(frozen=True)
class FormView:
    """The form under a card: what was filled in before, what is wrong with it, and the choices of its questions."""

    kept: Answer = NOTHING
    errors: Mapping[str, str] = field(default_factory=dict)
    alert: str = ""
    considerations: tuple[tuple[str, str], ...] = tuple(CONSIDERATIONS.items())
    certainties: tuple[tuple[str, str], ...] = tuple(CERTAINTIES.items())


@dataclass(frozen=True)
class Standing:
    """What became of the own answer: in short, what more there is to say, and what stands beside figures."""

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
    """What someone finds on Vandaag; each has its template."""

    CHOOSE = "choose"
    CHOSEN = "chosen"
    READ_ONLY = "read_only"
    EMPTY = "empty"


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
    def standing(self) -> Standing:
        """What became of the own answer."""
        return STANDINGS[self.turn]

    @property
    def earlier_day(self) -> date | None:
        """The day of the card when that is not today: in a weekend, or all week for a weekly team."""
        return self.planned_on if self.planned_on != self.today else None
