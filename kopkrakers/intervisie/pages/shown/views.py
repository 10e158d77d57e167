"""Frozen objects for the pages of a session: what they may show, and no more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kopkrakers.catalogue.cards.card import Card
from kopkrakers.intervisie.pages.buttons import Controls
from kopkrakers.intervisie.pages.shown.lines import AgreementLine, ReasonLine, fields_of
from kopkrakers.intervisie.pages.shown.rounds import RoundNow, StepNow, TableNow
from kopkrakers.intervisie.session.cases import Case
from kopkrakers.intervisie.session.figures import CaseFigures
from kopkrakers.intervisie.session.group.hands import Hands
from kopkrakers.intervisie.session.group.heads import HeadCount
from kopkrakers.intervisie.session.group.repeats import Repeat
from kopkrakers.intervisie.session.group.retrospect import LookBack
from kopkrakers.intervisie.session.showing import Exhibit
from kopkrakers.intervisie.session.states import ReasonState, SessionState
from kopkrakers.intervisie.session.texts.boards import Board, board_at, written
from kopkrakers.intervisie.werkvormen.reading import VOTES, Werkvorm, WerkvormStep, is_stelling

LONGEST_ASKED = 120
"""Characters of a question above the options, at most."""


class PhonePage(StrEnum):
    """The page of a phone; its template has the same name."""

    JOIN = "join"
    LOBBY = "lobby"
    STEP = "step"
    TABLE = "table"
    WROTE = "wrote"
    VOTE = "vote"
    VOTED = "voted"
    CLOSED = "closed"
    RESULT = "result"
    ENDED = "ended"
    CANCELLED = "cancelled"


IN_WORDS = {
    SessionState.PLANNED: "Gepland",
    SessionState.LOBBY: "Binnenkomen",
    SessionState.ENDED: "Afgelopen",
    SessionState.CANCELLED: "Afgezegd",
}
"""Titles of a page where no step is running."""


class Move(StrEnum):
    """Something that the begeleider may do now."""

    OPEN_LOBBY = "open_lobby"
    CANCEL = "cancel"
    START = "start"
    NEXT = "next"
    PREVIOUS = "previous"
    OPEN_1 = "open_1"
    OPEN_2 = "open_2"
    OPEN_TABLE = "open_table"
    OPEN_STELLING = "open_stelling"
    OPEN_CHAPTER = "open_chapter"
    WITHDRAW_1 = "withdraw_1"
    WITHDRAW_2 = "withdraw_2"
    WITHDRAW_TABLE = "withdraw_table"
    WITHDRAW_STELLING = "withdraw_stelling"
    WITHDRAW_CHAPTER = "withdraw_chapter"
    CLOSE_1 = "close_1"
    CLOSE_2 = "close_2"
    CLOSE_TABLE = "close_table"
    CLOSE_STELLING = "close_stelling"
    CLOSE_CHAPTER = "close_chapter"
    REVEAL_1 = "reveal_1"
    REVEAL_2 = "reveal_2"
    REVEAL_STELLING = "reveal_stelling"
    END = "end"


@dataclass(frozen=True)
class CountedHands:
    """The hands that the begeleider counted in a vote, by option; None where none were counted."""

    number: int
    by_option: Mapping[str, int | None]


@dataclass(frozen=True)
class SessionNow:
    """The part of a session that regie, scherm and phone all show. All of it may be projected.

    `heads`: phones that take part (the begeleider's too, watchers not). `figures` and totals come
    with the reveal. `reasons`: only those on the scherm. `step` is None before the start and after
    the end. `cleared`: votes and reasons were destroyed, so the end cannot be taken back.
    `exhibit`: what stands on the scherm in place of the step; `leaf`: how often a page was turned.
    `look_back`: at an earlier session; `script`: the werkvorm with what this session adds to it.
    `hands`: as far as they were counted; None where people vote on phones.
    `boards`: all of the werkvorm, also the empty ones. `rounds`: the votes; `table` has its own.
    """

    code: str
    state: SessionState
    version: int
    rehearsal: bool
    werkvorm: str
    script: Werkvorm
    team: str
    case: Case
    count: HeadCount
    watchers: int
    roster_locked: bool
    step: StepNow | None
    rounds: tuple[RoundNow, ...]
    figures: CaseFigures | None
    reasons: tuple[ReasonLine, ...]
    agreements: tuple[AgreementLine, ...]
    look_back: LookBack | None
    look_back_on: date | None
    timer_ends_at: datetime | None
    report_id: str | None
    cleared: bool
    leaf: int
    watchable: bool
    hands: Hands | None
    begeleider_votes: bool | None
    exhibit: Exhibit | None
    boards: tuple[Board, ...]
    table: TableNow | None

    @property
    def werkvorm_name(self) -> str:
        """Return the name of the werkvorm."""
        return self.script.naam

    @property
    def without_phones(self) -> bool:
        """Whether people raise their hands."""
        return self.hands is not None

    @property
    def hands_here(self) -> int | None:
        """Return the vote whose hands are counted or shown in this step; None in any other."""
        if not self.without_phones or self.step is None:
            return None
        return self.step.vote

    @property
    def counted_hands(self) -> tuple[CountedHands, ...]:
        """Return the hands of each vote of which something was typed, up to this step."""
        until = self.hands_here or len(VOTES)
        counted = []
        for number, counts in sorted((self.hands or {}).items()):
            by_option = {code: counts.get(code) for code in self.case.option_codes}
            if counts and not is_stelling(number) and number <= until:
                counted.append(CountedHands(number, by_option))
        return tuple(counted)

    @property
    def all_rounds(self) -> tuple[RoundNow, ...]:
        """Return the votes, and the round of the table if there is one."""
        return (*self.rounds, self.table.round) if self.table else self.rounds

    @property
    def table_here(self) -> TableNow | None:
        """Return the table in the step in which phones fill it."""
        if self.step and self.step.script.tabel:
            return self.table
        return None

    @property
    def stems(self) -> tuple[str, ...]:
        """Return the words with which the sentences of a reason begin."""
        return self.script.stems

    @property
    def board(self) -> Board | None:
        """Return what was written on the board of this step, if it has one."""
        here = self.step.index if self.step else None
        return board_at(self.written, here)

    @property
    def shows_options(self) -> bool:
        """Whether this is the step in which the group wrote its options."""
        return self.case.written and self.step is not None and self.step.script.keuzes

    @property
    def asked(self) -> str:
        """Return the question that the group wrote for its vote, if it did and it is short."""
        steps = self.script.stappen
        if self.case.dilemma is not None and not self.case.written:
            return ""
        for board in self.written:
            line = board.text.splitlines()[0]
            if steps[board.step].keuzes and len(line) <= LONGEST_ASKED:
                return line
        return ""

    @property
    def written(self) -> tuple[Board, ...]:
        """Return the boards that hold a text."""
        return written(self.boards)

    def round(self, number: int) -> RoundNow | None:
        """Return one of the votes; None when the werkvorm has no such vote."""
        return next((one for one in self.rounds if one.number == number), None)

    @property
    def whereabouts(self) -> str:
        """Return where the session is, for the title of a page. It may stand on the scherm."""
        if self.step is None:
            return IN_WORDS[self.state]
        return f"Stap {self.step.number} van {self.step.of}: {self.step.script.titel}"

    @property
    def heads(self) -> int:
        """Return how many phones take part."""
        return self.count.heads

    @property
    def asks_for_heads(self) -> bool:
        """Whether people still have to say that the number of phones is right."""
        may_ask = self.lets_in and not self.without_phones
        return may_ask and not self.roster_locked and not self.count.is_agreed

    @property
    def open_round(self) -> RoundNow | None:
        """Return the vote that is open now."""
        return next((one for one in self.all_rounds if one.is_open), None)

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.state == SessionState.CANCELLED or (self.has_ended and self.cleared)

    @property
    def has_ended(self) -> bool:
        """Whether the begeleider ended it; for a few minutes that can be taken back."""
        return self.state == SessionState.ENDED

    @property
    def lets_in(self) -> bool:
        """Whether phones can come in with the code."""
        return not self.has_ended and self.state != SessionState.CANCELLED

    @property
    def is_lobby(self) -> bool:
        """Whether people come in before the first step."""
        return self.state == SessionState.LOBBY

    @property
    def is_counting(self) -> bool:
        """Whether the counter is at work on a vote."""
        return any(one.is_closing for one in self.all_rounds)

    @property
    def first_is_revealed(self) -> bool:
        """Whether the first vote was revealed."""
        first = self.round(1)
        return first is not None and first.is_revealed

    @property
    def first_has_totals(self) -> bool:
        """Whether the totals of the first vote are shown."""
        first = self.round(1)
        return first is not None and first.totals is not None

    @property
    def agreement_fields(self) -> tuple[AgreementLine, ...]:
        """Return a line for each field of the form, empty where nothing was agreed."""
        return fields_of({line.number: line.text for line in self.agreements})


@dataclass(frozen=True)
class RegieView:
    """The begeleider's page.

    `version`: what `…/regie/nu?seen=` compares; it also changes with every vote that comes in.
    `leaves`: on how many pages the scherm shows the step, as far as it told.
    `all_reasons`: also those that were not let through, and a single one: pages show `reasons`.
    `box_ready`: whether the counter made the box, so that voting can be opened. `uses_turn`: a
    reveal will use up this begeleider's own daily turn; say it beforehand. `candidates`: (user id,
    name) of those this begeleider can share the session with; none for the second begeleider.
    `boards`: with a warning where one may name somebody. `may_write_options`: the group can still
    change what it will choose between. `rows`: of the table, also those not let through. `repeat`:
    the team cracked this dilemma less than a week ago; say before the vote what that costs.
    `look_alike`: the dilemma that an eigen casus was copied from.
    """

    now: SessionNow
    version: str
    moves: frozenset[Move]
    controls: Controls
    all_reasons: tuple[ReasonLine, ...]
    box_ready: bool
    uses_turn: bool
    leads: tuple[str, ...]
    second_id: int | None
    candidates: tuple[tuple[int, str], ...]
    planned_for: date | None
    steps: tuple[WerkvormStep, ...]
    boards: tuple[Board, ...]
    may_write_options: bool
    rows: tuple[ReasonLine, ...]
    leaves: int
    repeat: Repeat | None
    look_alike: Card | None

    @property
    def board(self) -> Board | None:
        """Return the board of this step, perhaps empty."""
        here = self.now.step.index if self.now.step else None
        return board_at(self.boards, here)

    @property
    def writes_here(self) -> bool:
        """Whether this step is about what the group writes."""
        step = self.now.step
        has_text = self.board is not None or self.now.hands_here is not None
        return step is not None and (has_text or step.writes_agreements)

    @property
    def looks_back_here(self) -> bool:
        """Whether this step is about the werkafspraken of last time, and there are some."""
        step = self.now.step
        return step is not None and step.looks_back and self.now.look_back is not None

    @property
    def other_boards(self) -> tuple[Board, ...]:
        """Return the boards of other steps."""
        return tuple(board for board in self.boards if board != self.board)

    @property
    def title(self) -> str:
        """Return the title of the page. How many voted stands in that of the regie alone."""
        vote = self.now.open_round
        if vote is None:
            return f"{self.now.whereabouts} · Regie"
        return f"{vote.votes_in} van {self.now.heads} stemden · {self.now.whereabouts} · Regie"

    @property
    def has_lone_reason(self) -> bool:
        """Whether a single reason was written, which stays closed."""
        return len(self.all_reasons) == 1

    @property
    def reasons(self) -> tuple[ReasonLine, ...]:
        """Return the reasons to judge; of a single one only that it is there."""
        return () if self.has_lone_reason else self.all_reasons

    @property
    def at_hand(self) -> tuple[ReasonLine, ...]:
        """Return the reasons that were not put away."""
        return tuple(line for line in self.reasons if line.state != ReasonState.DROPPED)


@dataclass(frozen=True)
class ScreenView:
    """The beamer. `leaves`: on how many pages some beamer shows the step, as far as it told."""

    now: SessionNow
    leaves: int


@dataclass(frozen=True)
class PhoneView:
    """A phone. `page` picks the template, `round` is the vote it is about.

    `sentence` says in words what is going on. `watches`: came after the lock, or has no vote.
    `uses_turn`: someone signed in whose daily turn the reveal will use up; say it beforehand.
    `voted`: the numbers of the votes that this phone took part in. `polls`: it keeps asking.
    `agreed`: it said that the number of phones is right.
    """

    now: SessionNow
    page: PhonePage
    sentence: str
    round: RoundNow | None
    watches: bool
    uses_turn: bool
    voted: frozenset[int]
    polls: bool
    agreed: bool

    @property
    def warns_of_turn(self) -> bool:
        """Whether to say that a reveal uses up the turn: while there is one to come."""
        return self.uses_turn and self.polls and self.page != PhonePage.RESULT
