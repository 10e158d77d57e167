"""The running step of a session, its votes, and the table that phones fill."""

from dataclasses import dataclass

from kopkrakers.intervisie.pages.shown.lines import ReasonLine
from kopkrakers.intervisie.session.states import RoundState, Verdict
from kopkrakers.intervisie.werkvormen.reading import Action, WerkvormStep
from kopkrakers.privacy.release import ReleasedDistribution


@dataclass(frozen=True)
class StepNow:
    """The running step: `index` counts from 0, `number` from 1. `script`: what to do in it."""

    index: int
    of: int
    script: WerkvormStep

    @property
    def number(self) -> int:
        """Return the place of the step for people, from 1."""
        return self.index + 1

    @property
    def action(self) -> Action:
        """Return what the engine does in this step."""
        return self.script.actie

    def to(self, index: int) -> dict[str, int]:
        """Return the fields of a button to another step."""
        return {"van": self.index, "naar": index}

    @property
    def vote(self) -> int | None:
        """Return the vote that belongs to this step: cast here, or revealed here."""
        return self.script.opens or self.script.reveals

    @property
    def is_vote(self) -> bool:
        """Whether people vote in this step."""
        return self.script.opens is not None

    @property
    def is_reveal(self) -> bool:
        """Whether the first vote is revealed in this step."""
        return self.action == Action.REVEAL

    @property
    def compares_votes(self) -> bool:
        """Whether a result in this step is about both votes."""
        return self.action in (Action.REVOTE, Action.SHIFT)

    @property
    def writes_agreements(self) -> bool:
        """Whether werkafspraken are what this step is about."""
        return self.action in (Action.AGREEMENTS, Action.EVALUATE)

    @property
    def looks_back(self) -> bool:
        """Whether the werkafspraken of last time are what this step is about."""
        return self.action == Action.LOOK_BACK

    @property
    def folds_reasons(self) -> bool:
        """Whether the regie has the reasons folded: this step is about something else."""
        is_about_texts = self.looks_back or self.writes_agreements
        return self.is_vote or is_about_texts or self.action == Action.SHIFT

    @property
    def has_clock_above(self) -> bool:
        """Whether the scherm has its clock in the heading, because the step needs all the space."""
        return self.action in (Action.READ, Action.REVEAL, Action.SHIFT, Action.STELLING)


@dataclass(frozen=True)
class RoundNow:
    """One vote.

    `totals` only when revealed and fit to show; else `sentence` after the reveal, and in `way_on`
    what the begeleider can do then. `votes_in` is for the regie alone.
    """

    number: int
    state: RoundState
    verdict: Verdict
    totals: ReleasedDistribution | None = None
    sentence: str | None = None
    way_on: str | None = None
    votes_in: int | None = None

    @property
    def question(self) -> str:
        """Return the question of the way on as it stands before the group."""
        question = (self.way_on or "").removeprefix("Vraag: ")
        # not `capitalize`, which makes the rest small: there may be two sentences
        return question[:1].upper() + question[1:]

    @property
    def is_second(self) -> bool:
        """Whether this is the vote after the conversation."""
        return self.number == 2

    @property
    def is_draft(self) -> bool:
        """Whether the vote was not opened yet."""
        return self.state == RoundState.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether phones can vote."""
        return self.state == RoundState.OPEN

    @property
    def is_closing(self) -> bool:
        """Whether the counter is at work."""
        return self.state == RoundState.CLOSING

    @property
    def is_closed(self) -> bool:
        """Whether the vote was counted, and not revealed."""
        return self.state == RoundState.CLOSED

    @property
    def is_revealed(self) -> bool:
        """Whether everybody may see what came out."""
        return self.state == RoundState.REVEALED


@dataclass(frozen=True)
class TableNow:
    """The table that phones fill: its columns, its round, and the rows that were let through."""

    columns: tuple[str, ...]
    round: RoundNow
    rows: tuple[ReasonLine, ...]

    @property
    def is_one_writers(self) -> bool:
        """Whether it stays closed, because everybody knows who wrote it."""
        return self.round.is_closed and self.round.verdict == Verdict.FEW
