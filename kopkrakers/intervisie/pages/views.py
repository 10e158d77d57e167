"""What the pages of a live session, its planning and its team get: frozen, no number that may not be shown."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kopkrakers.intervisie.session.cases import Case
from kopkrakers.intervisie.session.figures import CaseFigures
from kopkrakers.intervisie.session.reports import LookBack, ReportLine
from kopkrakers.intervisie.session.states import ReasonState, RoundState, SessionState, Verdict
from kopkrakers.intervisie.werkvormen.reading import Action, WerkvormStep
from kopkrakers.privacy.release import ReleasedDistribution


class PhonePage(StrEnum):
    """Which small template a phone gets."""

    JOIN = "join"
    LOBBY = "lobby"
    STEP = "step"
    VOTE = "vote"
    VOTED = "voted"
    CLOSED = "closed"
    RESULT = "result"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Move(StrEnum):
    """What the begeleider may do now: the buttons of the regie."""

    OPEN_LOBBY = "open_lobby"
    CANCEL = "cancel"
    START = "start"
    NEXT = "next"
    PREVIOUS = "previous"
    OPEN_1 = "open_1"
    OPEN_2 = "open_2"
    CLOSE_1 = "close_1"
    CLOSE_2 = "close_2"
    REVEAL_1 = "reveal_1"
    REVEAL_2 = "reveal_2"
    END = "end"


@dataclass(frozen=True)
class StepNow:
    """The running step. `index` counts from 0 and goes back with next and previous; `number` is for people."""

    index: int
    of: int
    step: WerkvormStep

    @property
    def number(self) -> int:
        """Which step, from 1."""
        return self.index + 1

    @property
    def action(self) -> Action:
        """What the engine does in it."""
        return self.step.actie


@dataclass(frozen=True)
class RoundNow:
    """One vote. `totals` only when revealed and large and different enough; else `sentence` after the reveal.

    `way_on`: what the begeleider can do when there are no totals. `votes_in` is for the regie alone.
    """

    number: int
    state: RoundState
    verdict: Verdict
    totals: ReleasedDistribution | None = None
    sentence: str | None = None
    way_on: str | None = None
    votes_in: int | None = None


@dataclass(frozen=True)
class ReasonLine:
    """A reason without who or which option."""

    id: str
    text: str
    state: ReasonState
    round: int


@dataclass(frozen=True)
class AgreementLine:
    """A werkafspraak."""

    number: int
    text: str


@dataclass(frozen=True)
class SessionNow:
    """What regie, scherm and phone all show. Everything in it may be projected.

    `heads`: phones that take part (the begeleider's too, watchers not). `figures` and totals come with the reveal.
    `reasons`: only those on the scherm. `step` is None before the start and after the end.
    """

    code: str
    state: SessionState
    version: int
    rehearsal: bool
    werkvorm: str
    werkvorm_name: str
    team: str
    case: Case
    heads: int
    roster_locked: bool
    step: StepNow | None
    rounds: tuple[RoundNow, ...]
    figures: CaseFigures | None
    reasons: tuple[ReasonLine, ...]
    agreements: tuple[AgreementLine, ...]
    look_back_on: date | None
    timer_ends_at: datetime | None
    report_id: str | None

    def round(self, number: int) -> RoundNow | None:
        """One of the two votes; None when the werkvorm has no such vote."""
        return next((one for one in self.rounds if one.number == number), None)

    @property
    def open_round(self) -> RoundNow | None:
        """The vote that is open now."""
        return next((one for one in self.rounds if one.state == RoundState.OPEN), None)

    @property
    def shift_is_shown(self) -> bool:
        """Whether both sets of totals may be shown beside each other."""
        return len(self.rounds) == 2 and all(one.totals is not None for one in self.rounds)


@dataclass(frozen=True)
class RegieView:
    """The begeleider's page. `seen`: what `…/regie/nu?seen=` compares. `reasons`: all, also those not let through.

    `moves`: the buttons that make sense now. `box_ready`: whether voting can be opened (the counter made the box).
    `uses_turn`: a reveal will use up this begeleider's own daily turn; say it beforehand.
    `seconds`: (user id, name) of whom this begeleider can share the session with; none for the second one.
    """

    now: SessionNow
    seen: str
    moves: frozenset[Move]
    reasons: tuple[ReasonLine, ...]
    box_ready: bool
    uses_turn: bool
    leads: tuple[str, ...]
    second_id: int | None
    seconds: tuple[tuple[int, str], ...]
    planned_for: date | None
    look_back: LookBack | None
    steps: tuple[WerkvormStep, ...]


@dataclass(frozen=True)
class ScreenView:
    """The beamer."""

    now: SessionNow
    look_back: LookBack | None


@dataclass(frozen=True)
class PhoneView:
    """A phone. `page` picks the template, `round` is the vote it is about, `polls` whether it keeps asking.

    `sentence` says in words what is going on. `watches`: came after the lock, or has no vote.
    `uses_turn`: someone signed in whose daily turn the reveal will use up; say it beforehand.
    `voted`: the numbers of the votes that this phone took part in.
    """

    now: SessionNow
    page: PhonePage
    sentence: str
    round: RoundNow | None
    watches: bool
    uses_turn: bool
    voted: frozenset[int]
    polls: bool


@dataclass(frozen=True)
class SessionLine:
    """A planned or running session in a team's list. `leads`: whether this person is one of its begeleiders."""

    code: str
    title: str
    werkvorm_name: str
    state: SessionState
    planned_for: date | None
    rehearsal: bool
    leads: bool


@dataclass(frozen=True)
class TeamSessions:
    """What the team page shows of sessions."""

    lines: tuple[SessionLine, ...]
    reports: tuple[ReportLine, ...]
    look_back: LookBack | None


@dataclass(frozen=True)
class Subject:
    """A dilemma that can be chosen. `on_agenda`: colleagues asked for it."""

    slug: str
    title: str
    theme: str
    on_agenda: bool


@dataclass(frozen=True)
class WerkvormLine:
    """A werkvorm that can be chosen."""

    slug: str
    name: str
    purpose: str
    for_whom: str
    minutes: int
    group: tuple[int, int]
    warning: str | None
    is_default: bool


@dataclass(frozen=True)
class PlanPage:
    """What the begeleider chooses from. `seconds`: (user id, name) of other begeleiders in the team."""

    team_id: int
    team: str
    subjects: tuple[Subject, ...]
    werkvormen: tuple[WerkvormLine, ...]
    seconds: tuple[tuple[int, str], ...]
    look_back: LookBack | None


@dataclass(frozen=True)
class Preparation:
    """A dilemma with its figures, for the begeleider's choice; `figures` is None while their own turn is unused."""

    case: Case
    figures: CaseFigures | None
