"""The result as its template gets it: the same for every own choice.

What depends on the own choice is chosen in the browser.
"""

from dataclasses import dataclass
from datetime import date

from kopkrakers.answers.chairs import Between
from kopkrakers.answers.kraakvraag import Pattern, Variant
from kopkrakers.answers.pages.views import STANDINGS, AnswerWords, Ending, UnfoldingLink, said_of
from kopkrakers.answers.service import Turn
from kopkrakers.catalogue.cards.card import Card, Knowledge
from kopkrakers.privacy.labels import EXPERIENCES
from kopkrakers.privacy.rules import K_GEMEENTE, K_NATIONAL, MARGIN

NO_FIGURE = (
    f"Er is nog geen uitslag. We tellen pas vanaf {K_GEMEENTE} antwoorden uit je gemeente of "
    f"regio, of {K_NATIONAL} uit het land, en alleen als minstens {MARGIN} mensen "
    "iets anders kozen."
)
"""The same whether too few answered or too many agreed. When the bus opens stands before it."""
NO_FIGURE_OF_LEADERS = (
    f"Er is nog geen uitslag. Leidinggevenden tellen we apart: pas vanaf {K_NATIONAL} antwoorden "
    f"uit het land, en alleen als minstens {MARGIN} van hen iets anders kozen."
)
NO_FIGURE_OF_PILOT = "Van dit dilemma komt geen daguitslag."
IN_A_SESSION = "Cijfers zie je in een sessie met je team."
"""Stands where else is said when the bus opens."""
NO_FIGURE_CLOSED = "Dit dilemma is gesloten zonder uitslag."
PART_NOT_COUNTED = "Een deel van de antwoorden is niet meegeteld."
NONE_COUNTED = "De antwoorden zijn niet geteld. We hebben ze vernietigd."
LAST_COUNT = "Dit dilemma is gesloten. Binnen een half uur tellen we voor de laatste keer."
"""An answer still waits in a dilemma that has just closed, so that it can be taken back."""


@dataclass(frozen=True)
class DistributionRow:
    """A row of a distribution. `width` is that of its bar, 0 to 100."""

    letter: str
    label: str
    number: str
    width: int


@dataclass(frozen=True)
class ScopeView:
    """The national figures or those of one gemeente or regio; without rows while there are none.

    `name` fits a tab; `members` says who a regio is. `total` is None where no number is told.
    `is_rounded`: it is about so many. `is_top`: only the largest share is told. `is_doubtful`:
    somebody changed totals in the database, so these are not shown. `is_own`: those among whom the
    own answer is counted. `no_figure`: what is said of them while there are none, where that is
    another sentence than for most.
    """

    name: str
    members: str = ""
    total: int | None = 0
    rows: tuple[DistributionRow, ...] = ()
    is_rounded: bool = False
    is_top: bool = False
    is_doubtful: bool = False
    is_own: bool = True
    no_figure: str = ""


@dataclass(frozen=True)
class ExpectationNote:
    """A sentence that the browser shows to whoever expected this letter."""

    letter: str
    text: str


@dataclass(frozen=True)
class ConsiderationRow:
    """The doorslag of those who chose one werkwijze: protected numbers, in words."""

    label: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class KnowledgeSource:
    """A piece of knowledge. `part` names it in an address; `dated` is its date in words."""

    part: str
    item: Knowledge
    dated: str


@dataclass(frozen=True)
class AgendaTeam:
    """A team whose agenda this person can add to."""

    id: int
    name: str


@dataclass(frozen=True)
class ResultView:
    """The result of an edition for people of one pool with one kind of turn; never a choice.

    `local`: the own gemeente or regio, None where all is national. `was_local`: the own gemeente
    was counted before pools were chosen, in an older version of the product. `is_pilot`: too few
    people are on this server for figures of a day. `opens`: when the bus is opened next, as a
    sentence.
    `unchecked_since`: the day before which the facts of the card should have been checked again.
    `ending` closes the day under today's dilemma. `teams` are those to choose from, empty
    unless someone has several, so that most people share one view. `talkers`: at least how many
    colleagues of the team want to talk about it, where that is told. `other_chair`: the figures of
    the chair in which this person does not sit, and `between` what to bring to it.
    """

    card: Card
    edition: int
    is_open: bool
    part_not_counted: bool
    turn: Turn
    national: ScopeView
    local: ScopeView | None
    was_local: bool
    is_pilot: bool
    expected: tuple[ExpectationNote, ...]
    considerations: tuple[ConsiderationRow, ...]
    reasons_are_doubtful: bool
    variants: tuple[Variant, ...]
    opens: str
    unchecked_since: date | None
    has_team: bool
    teams: tuple[AgendaTeam, ...]
    ending: Ending | None
    talkers: int | None = None
    unfolding: UnfoldingLink | None = None
    other_chair: ScopeView | None = None
    between: Between | None = None
    experiences: tuple[tuple[str, str], ...] = tuple(EXPERIENCES.items())

    @property
    def can_be_kept(self) -> bool:
        """Whether there can be an own choice to keep in a diary, which holds dilemmas alone."""
        return not self.card.is_stelling and self.turn not in (Turn.TAKEN_BACK, Turn.SEEN)

    @property
    def key(self) -> str:
        """Return the key under which the device keeps the own choice."""
        return f"{self.card.slug}.{self.edition}"

    @property
    def page_title(self) -> str:
        """Return what became of the own answer and the dilemma, for the title of the page."""
        return f"{self.standing.title}: {self.card.title}"

    @property
    def scopes(self) -> tuple[ScopeView, ...]:
        """Return the figures to show beside each other, those nearest to the person first."""
        scopes = [self.national]
        if self.local is not None:
            # the nearest first, once there is something to see
            scopes.insert(0 if self.local.rows else 1, self.local)
        if self.other_chair is not None:
            scopes.append(self.other_chair)
        return tuple(scopes)

    @property
    def has_figures(self) -> bool:
        """Whether there is a figure at all; without any, one sentence serves every scope."""
        return any(scope.rows or scope.is_doubtful for scope in self.scopes)

    @property
    def standing(self) -> AnswerWords:
        """Return the words for what became of the own answer."""
        return STANDINGS[self.turn]

    @property
    def shows_own_counted(self) -> bool:
        """Whether the page shows figures that hold the own answer: the device may forget it."""
        return self.turn is Turn.COUNTED and bool(self.national.rows)

    @property
    def takes_back(self) -> bool:
        """Whether the own answer can still be taken back."""
        return self.turn is Turn.IN_BOX

    @property
    def headline(self) -> str:
        """Return what became of the own answer, the first sentence of the receipt."""
        return said_of(self.card, self.standing.headline)

    @property
    def what_follows(self) -> str:
        """Return what happens with the own answer, the second sentence of the receipt."""
        if not self.takes_back:
            return said_of(self.card, self.standing.more)
        if self.is_pilot:
            return IN_A_SESSION
        if self.is_open:
            return self.opens
        return said_of(self.card, LAST_COUNT)

    @property
    def no_figure(self) -> str:
        """Return the sentence that stands where figures would stand.

        When the bus opens next is said once: in the receipt of an answer that waits, else here.
        """
        if not self.is_open:
            return said_of(self.card, NO_FIGURE_CLOSED)
        if self.is_pilot:
            return said_of(self.card, NO_FIGURE_OF_PILOT)
        sentence = self.national.no_figure or NO_FIGURE
        if self.takes_back:
            return sentence
        return f"{self.opens} {sentence}"

    @property
    def not_counted(self) -> str:
        """Return what became of answers in a closed edition that are in no figure; else empty."""
        if self.is_open or not self.part_not_counted:
            return ""
        if self.has_figures:
            return PART_NOT_COUNTED
        return NONE_COUNTED

    @property
    def shares_another_question(self) -> bool:
        """Whether a kraakvraag can stand there that is not the one that is shared."""
        return any(variant.pattern is not Pattern.OWN_QUESTION for variant in self.variants)
