"""Whatever people, quarters and nights do:
nobody is lost or counted twice, no two totals tell of one person.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Vote, cast_answer
from kopkrakers.base.db import Database
from kopkrakers.base.errors import TooLate
from kopkrakers.base.moments import USUAL_MOMENTS
from kopkrakers.catalogue.editions.moments import next_moment
from kopkrakers.counter.keys import KeyFolder
from kopkrakers.counter.loop import look_if_due
from kopkrakers.counter.moving import night
from kopkrakers.privacy.rules import LATE_DAYS, TICK_MINUTES
from tests.privacy.ledger import Ledger, sight_of
from tests.support.databases.making import copied_on_postgres
from tests.support.polling import KEYS, SLUG, TURN_KEYS, Polling, make_polling

PEOPLE = 75
EXAMPLES = int(os.environ.get("KOPKRAKERS_TEST_EXAMPLES", "24"))
"""Histories that are tried."""
MEMORY = Path("/dev/shm")
BOUNDED = settings(
    deadline=None, suppress_health_check=list(HealthCheck), stateful_step_count=18, print_blob=True
)
varied = st.builds(
    lambda n, seed: "".join(Random(seed).choices("abcx", k=n)),
    st.integers(3, 30),
    st.integers(0, 99),
)
alike = st.builds(
    lambda n, end: "a" * n + end, st.integers(8, 21), st.sampled_from(["", "b", "ab", "bc"])
)
Opened = Callable[[], Any]


@contextmanager
def fast_folder() -> Iterator[Path]:
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


def vote(polling: Polling, people: list[int], options: str) -> None:
    """Many vote in one transaction: the same calls, one write to disk."""
    gemeente = polling.other_gemeente if people[0] in polling.others else polling.gemeente
    with polling.database.transaction() as session:
        for number, (user_id, option) in enumerate(zip(people, options, strict=True)):
            answer = Answer(option, "wrb"[number % 3], "12"[number % 2])
            cast_answer(
                session,
                Vote(
                    voter=Voter(user_id, TURN_KEYS),
                    gemeente_id=gemeente,
                    dilemma=SLUG,
                    edition=1,
                    answer=answer,
                ),
                today=polling.today,
                mac_keys=KEYS,
            )


class Machine(RuleBasedStateMachine):
    """People of two gemeenten vote and take back; the counter looks; nights pass;
    at the end the edition closes.
    """

    opened: Opened

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.ledger = Ledger()
        self.closed = False

    @initialize()
    def begin(self) -> None:
        self.polling: Polling = self.stack.enter_context(self.opened())
        # so long after the boxes were made that fifty loose attributes are enough
        self.polling.now += timedelta(days=LATE_DAYS)
        self.still = {False: list(self.polling.people), True: list(self.polling.others)}
        self.seen()

    @property
    def someone_waits(self) -> bool:
        return bool(self.ledger.sights[-1].places)

    def seen(self) -> None:
        self.ledger.note(sight_of(self.polling))

    @precondition(lambda self: not self.closed)
    @rule(others=st.booleans(), options=varied | alike)
    def people_vote(self, others: bool, options: str) -> None:
        options = options[: len(self.still[others])]
        people = [self.still[others].pop() for _ in options]
        if people:
            vote(self.polling, people, options)
            self.ledger.chosen |= dict(zip(people, options, strict=True))
        self.seen()

    @precondition(lambda self: not self.closed and self.someone_waits)
    @rule(data=st.data())
    def someone_takes_back(self, data: st.DataObject) -> None:
        person = data.draw(st.sampled_from(sorted(self.ledger.chosen)))
        try:
            self.polling.take_back(person)
        except TooLate:
            assert person in self.ledger.counted or person in self.ledger.taken_back
        else:
            assert person not in self.ledger.counted
            self.ledger.taken_back.add(person)
        self.seen()

    @precondition(lambda self: not self.closed and self.someone_waits)
    @rule(times=st.integers(1, 3))
    def quarters_pass(self, times: int) -> None:
        for _ in range(times):
            self.polling.tick()
            self.seen()

    @precondition(lambda self: not self.closed and self.someone_waits)
    @rule(times=st.integers(1, 3))
    def nights_pass(self, times: int) -> None:
        for _ in range(times):
            night(self.polling.counter, self.polling.now)
            self.seen()
        self.quarters_pass(times=1)

    @precondition(lambda self: not self.closed and len(self.ledger.chosen) > 60)
    @rule()
    def the_edition_closes(self) -> None:
        self.closed = True
        before = self.ledger.sights[-1]
        self.polling.close()
        now = sight_of(self.polling)
        assert (now.turns, now.places) == ({}, {})
        everyone = self.ledger.counts(set(before.places))
        grown = {
            option: now.totals["NL"].get(option, 0) - before.totals["NL"].get(option, 0)
            for option in "abcx"
        }
        assert grown in (everyone, dict.fromkeys("abcx", 0))
        self.ledger._totals(now)

    @precondition(lambda self: self.closed)
    @rule()
    def it_stays_closed(self) -> None:
        before = sight_of(self.polling)
        with pytest.raises(TooLate):
            self.polling.cast(self.polling.people[0])
        with pytest.raises(TooLate):
            self.polling.take_back(1)
        night(self.polling.counter, self.polling.now)
        self.polling.tick()
        assert sight_of(self.polling).totals == before.totals

    def teardown(self) -> None:
        self.stack.close()


class OnTheClock(Machine):
    """The same by the looks of the counter's loop: at the usual moments of working days, while its
    clock stands, runs, and is set back or ahead.
    """

    def __init__(self) -> None:
        super().__init__()
        self.minutes = 0
        self.cast_at: dict[int, int] = {}

    @initialize()
    def begin(self) -> None:
        super().begin()
        counter = self.polling.counter
        self.polling.counter = replace(counter, moments=USUAL_MOMENTS)

    def look_after(self, minutes: int) -> None:
        """The loop ticks so much later. A clock that is set back takes no time."""
        self.polling.now += timedelta(minutes=minutes)
        self.minutes += max(0, minutes)
        with self.polling.counter.folder.locked():
            look_if_due(self.polling.counter, self.polling.now)

    def seen(self) -> None:
        super().seen()
        for person in self.ledger.chosen:
            self.cast_at.setdefault(person, self.minutes)
        for person in self.ledger.counted:
            assert self.minutes - self.cast_at[person] >= TICK_MINUTES, "no time to take back"

    @precondition(lambda self: not self.closed and self.someone_waits)
    @rule(minutes=st.sampled_from([-1441, -61, -16, 0, 1, 14, 15, 16, 75, 300, 1440]))
    def quarters_pass(self, minutes: int) -> None:
        self.look_after(minutes)
        self.seen()

    @precondition(lambda self: not self.closed)
    @rule(before=st.sampled_from([2, 14, 16, 40]), others=st.booleans(), options=varied)
    def people_vote_just_before_a_moment(self, before: int, others: bool, options: str) -> None:
        """And the counter is started again in between, so that it would like to look more often."""
        opens = next_moment(USUAL_MOMENTS, self.polling.now)
        self.look_after((opens - self.polling.now) // timedelta(minutes=1) - before)
        self.people_vote(others=others, options=options)
        for minutes in (1, before - 1, TICK_MINUTES):
            self.look_after(minutes)
            self.seen()

    @precondition(lambda self: not self.closed and self.someone_waits)
    @rule(times=st.integers(1, 3))
    def nights_pass(self, times: int) -> None:
        for _ in range(times):
            night(self.polling.counter, self.polling.now)
            self.seen()

    @precondition(lambda self: not self.closed and len(self.ledger.chosen) > 60)
    @rule()
    def the_edition_closes(self) -> None:
        self.closed = True
        self.polling.freeze()
        for _ in range(3):
            before = sight_of(self.polling)
            self.look_after(TICK_MINUTES)
            now = sight_of(self.polling)
            young = set(before.places) - before.lived
            assert young <= set(now.places), "who came late lost the time to take back"
            self.ledger._totals(now)
        assert (now.turns, now.places) == ({}, {})


@dataclass(frozen=True)
class Prepared:
    """An edition with people and boxes, to be copied for each example."""

    folder: Path
    polling: Polling

    @contextmanager
    def copy(self, url: str, keys: Path) -> Iterator[Polling]:
        shutil.copytree(self.folder / "keys", keys)
        database = Database(url)
        counter = self.polling.counter
        counter = replace(counter, database=database, folder=KeyFolder(keys))
        yield Polling(
            database, counter, self.polling.gemeente, self.polling.other_gemeente,
            list(self.polling.people), list(self.polling.others),
        )  # fmt: skip
        database.dispose()


@contextmanager
def prepared(url: str) -> Iterator[Prepared]:
    with fast_folder() as folder:
        (folder / "keys").mkdir(mode=0o700)
        database = Database(url)
        polling = make_polling(database, folder / "keys", people=PEOPLE)
        database.truncate_log()
        database.dispose()
        yield Prepared(folder, polling)


def run(kind: type[Machine], opened: Opened, examples: int) -> None:
    machine = type("Machine", (kind,), {"opened": staticmethod(opened)})
    run_state_machine_as_test(machine, settings=settings(BOUNDED, max_examples=examples))


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Machine, OnTheClock])
def test_no_way_of_voting_loses_anybody_or_tells_of_one_person(
    tmp_path: Path, sqlite_template: Path, kind: type[Machine]
) -> None:
    source = tmp_path / "prepared.db"
    shutil.copy(sqlite_template, source)
    with prepared(f"sqlite:///{source}") as ready:

        @contextmanager
        def opened() -> Iterator[Polling]:
            with fast_folder() as folder:
                shutil.copy(source, folder / "copy.db")
                with ready.copy(f"sqlite:///{folder / 'copy.db'}", folder / "keys") as polling:
                    yield polling

        run(kind, opened, examples=EXAMPLES)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nor_does_it_on_postgres(database_url: str, postgres_url: str) -> None:
    template = database_url.partition("?")[0].rpartition("/")[2]
    with prepared(database_url) as ready:

        @contextmanager
        def opened() -> Iterator[Polling]:
            with (
                fast_folder() as folder,
                copied_on_postgres(postgres_url, template) as copy,
                ready.copy(copy, folder / "keys") as polling,
            ):
                yield polling

        run(Machine, opened, examples=max(3, EXAMPLES // 8))
