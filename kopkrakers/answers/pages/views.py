"""Objects for the templates of the day before the own answer: nothing about others.

After it: `outcome`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from markupsafe import Markup

from kopkrakers.accounts.models import Rhythm
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Turn
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.privacy.labels import CERTAINTIES, CONSIDERATION_LINES, CONSIDERATIONS

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

    Without arguments, knowledge or figures, so that no template can show them. `practice`: that
    somebody sent it in. `unsure_since`: the day on which rules that touch the choice had to be
    checked again, and were not.
    """

    slug: str
    edition: int
    theme: str
    title: str
    story: Markup
    practice: str
    cover: Markup
    options: tuple[OptionView, ...]
    for_managers_only: bool
    unsure_since: date | None
    is_stelling: bool

    @property
    def key(self) -> str:
        """Return the key under which the device keeps the own choice."""
        return f"{self.slug}.{self.edition}"

    @property
    def expected(self) -> tuple[tuple[str, str, str], ...]:
        """Return the choices of "Wat kiezen de meesten?": code, letter and label."""
        return tuple((option.code, option.code.upper(), option.label) for option in self.options)


def said_of(card: Card | CardView, sentence: str) -> str:
    """Return a sentence about a dilemma as it is said of this card."""
    if not card.is_stelling:
        return sentence
    of_stelling = sentence.replace("Dit dilemma", "Deze stelling")
    return of_stelling.replace("dit dilemma", "deze stelling")


def card_view(card: Card, edition: int, today: date) -> CardView:
    """Return a card for someone who has not chosen yet."""
    options = [OptionView(option.code, option.label, option.line) for option in card.options]
    unsure_since = None
    if card.is_unsure(today):
        unsure_since = card.recheck_on
    return CardView(
        slug=card.slug,
        edition=edition,
        theme=card.theme,
        title=card.title,
        story=card.story_html,
        practice=card.practice,
        cover=card.cover_svg,
        options=tuple(options),
        for_managers_only="klantmanager" not in card.audience,
        unsure_since=unsure_since,
        is_stelling=card.is_stelling,
    )


@dataclass(frozen=True)
class FormView:
    """The form under a card: what was filled in, what is wrong with it, and what can be chosen."""

    filled_in: Answer = NOTHING
    errors: Mapping[str, str] = field(default_factory=dict)
    alert: str = ""
    considerations: tuple[tuple[str, str, str], ...] = tuple(
        (code, name, CONSIDERATION_LINES[code]) for code, name in CONSIDERATIONS.items()
    )
    certainties: tuple[tuple[str, str], ...] = tuple(CERTAINTIES.items())


ONLY_YOU_KNOW = "Alleen jij weet wat je koos."
"""Shown where the choice stands on the device that sent it, and this is another one."""


@dataclass(frozen=True)
class AnswerWords:
    """Words for what became of the own answer: in the title of the page, in short, more, and beside
    figures; and what is said of the choice where the device does not know it.
    """

    title: str
    headline: str
    more: str = ""
    beside: str = ""
    unknown_choice: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the answer counts or will be counted."""
        return bool(self.beside)


STANDINGS = {
    Turn.NONE: AnswerWords("Uitslag", "Dit dilemma is gesloten."),
    Turn.IN_BOX: AnswerWords(
        "In de bus",
        "Je antwoord zit in de bus.",
        beside="Jouw antwoord is nog niet geteld.",
        unknown_choice=ONLY_YOU_KNOW,
    ),
    Turn.COUNTED: AnswerWords(
        "Geteld",
        "Je antwoord is geteld.",
        more="De envelop is vernietigd.",
        beside="Jouw antwoord telt mee.",
        unknown_choice=ONLY_YOU_KNOW,
    ),
    Turn.TAKEN_BACK: AnswerWords(
        "Teruggenomen",
        "Je hebt je antwoord teruggenomen.",
        more="Het telt niet mee. De envelop is ongeopend vernietigd.",
    ),
    Turn.SEEN: AnswerWords(
        "Uitslag", "Je zag de cijfers al.", more="Daarom kun je dit dilemma niet meer beantwoorden."
    ),
    Turn.NOT_COUNTED: AnswerWords(
        "Niet geteld",
        "Je antwoord is niet meegeteld.",
        more="We konden het niet veilig meetellen. De envelop is vernietigd.",
        unknown_choice=ONLY_YOU_KNOW,
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
class Yesterday:
    """The dilemma before this one and its largest share, for whoever answered it.

    `when`: "Gisteren", "Vrijdag" or "Vorige week". `told`: "In je gemeente koos 54% C."
    """

    when: str
    title: str
    slug: str
    edition: int
    told: str


@dataclass(frozen=True)
class Ending:
    """The close of the day or the week: what comes next, and when. No title where none is known."""

    period: str
    when: str
    title: str
    theme: str


@dataclass(frozen=True)
class UnfoldingLink:
    """The way from a card to its chapters. `when`: the day on which the first comes, in words."""

    slug: str
    edition: int
    title: str
    when: str = ""


@dataclass(frozen=True)
class WeekDilemma:
    """A dilemma of this week, to look back on."""

    slug: str
    title: str
    is_answered: bool
    is_most_divided: bool


@dataclass(frozen=True)
class WeekOfLeaders:
    """The dilemma of the week from the chair of leidinggevenden, beside that of the day."""

    slug: str
    title: str
    is_answered: bool


@dataclass(frozen=True)
class Day:
    """Vandaag, for one person. `has_more`: other dilemmas wait for their answer in the archive.

    `leads`: they chose the chair of leidinggevenden; None who never chose one.
    `is_pilot`: the own answer waits, and too few people are on this server for figures of a day.
    """

    state: DayState
    today: date
    card: CardView | None = None
    planned_on: date | None = None
    turn: Turn = Turn.NONE
    counted: tuple[CountedDilemma, ...] = ()
    yesterday: Yesterday | None = None
    ending: Ending | None = None
    rhythm: Rhythm = Rhythm.DAILY
    paused_until: date | None = None
    week: tuple[WeekDilemma, ...] = ()
    has_more: bool = False
    beside: WeekOfLeaders | None = None
    unfolding: UnfoldingLink | None = None
    leads: bool | None = None
    is_pilot: bool = False

    @property
    def standing(self) -> AnswerWords:
        """Return the words for what became of the own answer."""
        return STANDINGS[self.turn]

    @property
    def headline(self) -> str:
        """Return what became of the own answer, in a sentence."""
        if self.card is None:
            return self.standing.headline
        return said_of(self.card, self.standing.headline)

    @property
    def earlier_day(self) -> date | None:
        """Return the day of the card when that is not today; else None.

        So it is in a weekend, and on the other days of whoever has no dilemma every day.
        """
        if self.planned_on != self.today:
            return self.planned_on
        return None
