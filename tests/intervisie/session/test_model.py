"""The session as a model: whatever is clicked in whatever order, it is where its moves lead."""

from collections import Counter
from collections.abc import Callable, Collection
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kopkrakers.base.errors import KopkrakersError
from kopkrakers.intervisie.pages.shown.views import Move, PhonePage, SessionNow
from kopkrakers.intervisie.session import rounds, running
from kopkrakers.intervisie.session.states import RoundState, SessionState
from kopkrakers.intervisie.session.store import LIVE_SESSION, PARTICIPANT, SESSION_TALLY
from kopkrakers.privacy.bundles import safe
from kopkrakers.privacy.rules import K_SESSION, MARGIN_SESSION
from tests.support.sessions.scene import SessionScene

VOTE, REVEAL, REVOTE, SHIFT, LAST = 1, 4, 6, 7, 8


class SessionMachine(RuleBasedStateMachine):
    """Clicks of two begeleiders and a handful of phones, against a model of a few variables."""

    scene: SessionScene
    revealed: ClassVar[Counter[int]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.state, self.step, self.rounds = (
            SessionState.LOBBY,
            0,
            {1: RoundState.DRAFT, 2: RoundState.DRAFT},
        )
        self.votes: dict[int, dict[str, str]] = {1: {}, 2: {}}
        self.watchers: set[str] = set()
        self.scene.open()

    def click(self, allowed: bool, what: Callable[..., Any], **how: Any) -> bool:
        """Twice, as by two begeleiders: once if it may, else not at all."""
        done = 0
        for _ in range(2):
            try:
                self.scene.lead(what, **how)
                done += 1
            except KopkrakersError:
                pass
        assert done == int(allowed), (what, self.state, self.step, self.rounds)
        return allowed

    @initialize(people=st.integers(0, 8), begins=st.booleans())
    def seat(self, people: int, begins: bool) -> None:
        self.scene.join(people)
        if begins:
            self.begin()

    @property
    def running(self) -> bool:
        return self.state == SessionState.RUNNING

    def is_open(self) -> bool:
        return RoundState.OPEN in self.rounds.values()

    def busy(self) -> bool:
        return bool({RoundState.OPEN, RoundState.CLOSING} & set(self.rounds.values()))

    @rule()
    def begin(self) -> None:
        if self.click(self.state == SessionState.LOBBY, running.start):
            self.state = SessionState.RUNNING

    @rule(by=st.sampled_from([1, -1]), times=st.integers(1, 4))
    def walk(self, by: int, times: int) -> None:
        for _ in range(times):
            to = self.step + by
            allowed = self.running and not self.is_open() and 0 <= to <= LAST
            if self.click(allowed, running.move_step, from_step=self.step, to_step=to):
                self.step = to

    @precondition(lambda self: self.running and not self.busy())
    @rule(aim=st.sampled_from([VOTE, REVEAL, REVOTE, SHIFT]))
    def walk_to(self, aim: int) -> None:
        while self.step != aim:
            self.walk(1 if aim > self.step else -1, 1)

    @rule(number=st.sampled_from([1, 2]))
    def open_vote(self, number: int) -> None:
        here = self.step == {1: VOTE, 2: REVOTE}[number]
        after_first = number == 1 or self.rounds[1] in (RoundState.CLOSED, RoundState.REVEALED)
        allowed = self.running and here and after_first and self.rounds[number] == RoundState.DRAFT
        self.scene.agree_on_heads()
        if self.click(allowed, rounds.open_round, number=number, mac_keys=self.scene.keys):
            self.rounds[number] = RoundState.OPEN

    @rule(number=st.sampled_from([1, 2]))
    def close_vote(self, number: int) -> None:
        allowed = self.running and self.rounds[number] == RoundState.OPEN
        if self.click(allowed, rounds.close_round, number=number):
            self.rounds[number] = RoundState.CLOSING

    @rule(number=st.sampled_from([1, 2]))
    def withdraw_vote(self, number: int) -> None:
        is_open = self.running and self.rounds[number] == RoundState.OPEN
        if self.click(is_open and not self.votes[number], rounds.withdraw_round, number=number):
            self.rounds[number] = RoundState.DRAFT
            if number == 1:
                self.watchers.clear()

    @rule()
    def count(self) -> None:
        self.scene.quick()
        for number, state in self.rounds.items():
            if self.running and state == RoundState.CLOSING:
                self.rounds[number] = RoundState.CLOSED

    @rule(number=st.sampled_from([1, 2]))
    def reveal(self, number: int) -> None:
        here = self.step >= {1: REVEAL, 2: SHIFT}[number]
        first = number == 1 or self.rounds[1] == RoundState.REVEALED
        allowed = self.running and here and first and self.rounds[number] == RoundState.CLOSED
        how = {"number": number, "turn_keys": self.scene.turn_keys, "today": self.scene.today}
        if self.click(allowed, rounds.reveal_round, **how):
            self.rounds[number] = RoundState.REVEALED
            self.revealed[number] += 1

    @rule(how_many=st.integers(1, 4))
    def come_in(self, how_many: int) -> None:
        for _ in range(how_many):
            try:
                (token,) = self.scene.join()
            except KopkrakersError:
                assert self.state == SessionState.ENDED
                return
            if self.rounds[1] != RoundState.DRAFT:
                self.watchers.add(token)

    @rule(number=st.sampled_from([1, 2]), options=st.text("abcx", min_size=1, max_size=8))
    def vote(self, number: int, options: str) -> None:
        for token, option in zip(self.scene.phones, options, strict=False):
            is_open = self.running and self.rounds[number] == RoundState.OPEN
            allowed = is_open and token not in self.watchers and token not in self.votes[number]
            try:
                self.scene.vote(token, option, number=number)
                assert allowed
                self.votes[number][token] = option
            except KopkrakersError:
                assert not allowed

    @precondition(lambda self: self.running and not self.busy())
    @rule(number=st.sampled_from([1, 2]), options=st.text("abcx", min_size=4, max_size=8))
    def hold_a_whole_vote(self, number: int, options: str) -> None:
        self.walk_to({1: VOTE, 2: REVOTE}[number])
        for what in (self.open_vote, self.close_vote):
            what(number)
            self.vote(number, options)
        self.count()
        self.walk_to({1: REVEAL, 2: SHIFT}[number])
        self.reveal(number)

    @precondition(lambda self: self.running)
    @rule(chance=st.integers(0, 9))
    def end(self, chance: int) -> None:
        if chance == 0:
            self.click(True, running.end, now=self.scene.now)
            self.state = SessionState.ENDED

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        view = self.scene.regie()  # a third of all work: looked at once
        self.it_is_where_the_model_is(view.now)
        self.the_buttons_are_what_may_be_clicked(view.moves)
        self.figures_are_safe_and_come_after_the_reveal(view.now)

    def it_is_where_the_model_is(self, scene: SessionNow) -> None:
        (row,) = self.scene.rows(LIVE_SESSION, LIVE_SESSION.c.code == self.scene.code)
        assert row.state == self.state
        if scene.rounds:
            assert {one.number: one.state for one in scene.rounds} == self.rounds
        if self.running:
            assert (row.step, row.roster_locked) == (self.step, self.rounds[1] != RoundState.DRAFT)

    def the_buttons_are_what_may_be_clicked(self, moves: Collection[Move]) -> None:
        assert (Move.END in moves) == self.running
        assert (Move.NEXT in moves) == (self.running and not self.is_open() and self.step < LAST)
        assert (Move.CLOSE_1 in moves) == (self.running and self.rounds[1] == RoundState.OPEN)

    def figures_are_safe_and_come_after_the_reveal(self, scene: SessionNow) -> None:
        for round_ in scene.rounds:
            if round_.totals is not None:
                counts = {row.option: row.n for row in round_.totals.rows}
                assert self.rounds[round_.number] == RoundState.REVEALED
                assert safe(counts, K_SESSION, MARGIN_SESSION)
                assert sum(counts.values()) == len(self.votes[round_.number])

    @invariant()
    def nothing_is_left_of_an_ended_session(self) -> None:
        if (
            self.state == SessionState.ENDED
            and self.scene.rows(LIVE_SESSION, LIVE_SESSION.c.code == self.scene.code)[0].cleared
        ):
            assert self.scene.count(PARTICIPANT, PARTICIPANT.c.session_id == self.scene.id) == 0
            assert self.scene.count(SESSION_TALLY, SESSION_TALLY.c.session_id == self.scene.id) == 0
            assert {self.scene.phone(token).page for token in self.scene.phones} <= {
                PhonePage.ENDED
            }


@pytest.mark.slow
def test_whatever_is_clicked_the_session_is_where_the_moves_say(scene: SessionScene) -> None:
    SessionMachine.scene = scene
    run_state_machine_as_test(
        SessionMachine,
        settings=settings(
            max_examples=15,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
    assert SessionMachine.revealed[1] and SessionMachine.revealed[2], (
        "the machine never came as far as a reveal: it proves too little"
    )
