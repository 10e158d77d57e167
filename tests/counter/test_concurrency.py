"""Many at once: twenty taps of one person, votes while the box is emptied, answers taken back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import chain
from multiprocessing import get_context
from threading import Barrier, Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from kopkrakers.answers.service import Turn
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.db import Database
from kopkrakers.base.errors import KopkrakersError, NotNow, TooLate
from kopkrakers.counter.counting import look_into_boxes
from tests.support.attacks import Attacker
from tests.support.polling import Polling, make_polling

MIXED = "aaaaabbbcc"
BUSY_SECONDS = 2.0
A_MOMENT = 0.01
SOON = 10.0


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except KopkrakersError as refusal:
        return type(refusal).__name__
    return "done"


def cast_many_times(polling: Polling, user_id: int, threads: int) -> list[str]:
    start = Barrier(threads)

    def tap(number: int) -> str:
        start.wait()
        return outcome(lambda: polling.cast(user_id, "abcx"[number % 4]))

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(tap, range(threads)))


def test_twenty_taps_at_once_are_one_envelope_and_one_turn(attacker: Attacker) -> None:
    polling, person = attacker.polling, attacker.polling.people[0]
    told = cast_many_times(polling, person, 20)
    assert sorted(told) == ["TooLate"] * 19 + ["done"]
    assert len(attacker.rows(ENVELOPE)) == 1
    assert polling.turn(person) is Turn.IN_BOX


def cast_in_a_process(polling: Polling, user_id: int, told: Any) -> None:
    own = Database(polling.database.url)
    told.put(cast_many_times(replace(polling, database=own), user_id, 5))
    own.dispose()


def test_two_processes_at_once_put_in_one_envelope(attacker: Attacker) -> None:
    polling, fork = attacker.polling, get_context("fork")
    polling.database.dispose()
    told = fork.Queue()
    processes = [
        fork.Process(target=cast_in_a_process, args=(polling, polling.people[0], told))
        for _ in "ab"
    ]
    for process in processes:
        process.start()
    answers = [told.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(60)
    assert sorted(chain(*answers)) == ["TooLate"] * 9 + ["done"]
    assert len(attacker.rows(ENVELOPE)) == 1


def test_no_vote_is_lost_or_doubled_while_the_box_is_emptied_again_and_again(
    database: Database, key_dir: Any
) -> None:
    polling, stop = make_polling(database, key_dir, people=120), monotonic() + BUSY_SECONDS
    told: dict[int, str] = {}

    def voters(start: int) -> None:
        for user_id in polling.people[start::3]:
            if monotonic() > stop:
                return
            sleep(A_MOMENT)
            told[user_id] = outcome(partial(polling.cast, user_id, "abc"[user_id % 3]))

    threads = [Thread(target=voters, args=(start,)) for start in range(3)]
    for thread in threads:
        thread.start()
    looks = 0
    while looks < 3 or any(thread.is_alive() for thread in threads):
        polling.tick()
        looks += 1
    polling.tick(3)
    acknowledged = {user_id for user_id, answer in told.items() if answer == "done"}
    assert set(told.values()) <= {"done", "NotNow"}
    assert_counted_or_waiting(polling, acknowledged)
    assert sum(polling.totals("NL").values()) > 0


def assert_counted_or_waiting(polling: Polling, people: set[int]) -> None:
    """Each of these people is counted once or waits, and nobody else is either."""
    turns = {user_id: polling.turn(user_id) for user_id in polling.people}
    assert {user_id for user_id, turn in turns.items() if turn is not Turn.NONE} == people
    counted = [user_id for user_id, turn in turns.items() if turn is Turn.COUNTED]
    expected = dict.fromkeys("abcx", 0)
    for user_id in counted:
        expected["abc"[user_id % 3]] += 1
    assert polling.totals("NL") in (expected, {})
    assert set(turns.values()) <= {Turn.NONE, Turn.COUNTED, Turn.IN_BOX}


@pytest.fixture
def ready(polling: Polling) -> Polling:
    polling.cast_all(MIXED)
    polling.tick()
    return polling


class Pause:
    """Holds the counter before one of its statements, and lets others act meanwhile."""

    def __init__(self, polling: Polling, statement: str) -> None:
        self.reached, self.go_on = Event(), Event()
        self.statement, self.engine = statement, polling.database.writer

    def __enter__(self) -> "Pause":
        event.listen(self.engine, "before_cursor_execute", self._hear)
        return self

    def __exit__(self, *_error: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._hear)

    def _hear(
        self, _conn: Any, _cursor: Any, statement: str, _params: Any, _context: Any, _many: bool
    ) -> None:
        if statement.startswith(self.statement) and not self.reached.is_set():
            self.reached.set()
            self.go_on.wait(SOON)


def meanwhile(
    polling: Polling, pause: Pause, count: Callable[[], object], act: Callable[[], object]
) -> str:
    """Start `act` while `count` pauses, then let both end. Return the outcome of `act`."""
    told: list[str] = []
    counting = Thread(target=count)
    with pause:
        counting.start()
        assert pause.reached.wait(SOON)
        acting = Thread(target=lambda: told.append(outcome(act)))
        acting.start()
        acting.join(0.3)
        pause.go_on.set()
        counting.join(SOON)
        acting.join(SOON)
    return told[0]


def test_who_takes_back_while_the_bundle_is_written_is_too_late(ready: Polling) -> None:
    person = ready.people[0]
    pause = Pause(ready, "INSERT INTO tally")
    told = meanwhile(ready, pause, ready.tick, lambda: ready.take_back(person))
    assert sum(ready.totals("NL").values()) == 10
    assert (told, ready.turn(person)) == ("TooLate", Turn.COUNTED)


def test_who_votes_while_a_lost_box_is_replaced_is_in_the_new_one_or_told_so(
    ready: Polling,
) -> None:
    person = ready.people[10]
    with ready.database.reading() as session:
        (box_id,) = set(session.connection().execute(select(ENVELOPE.c.box_id)).scalars())
    ready.counter.folder.destroy(box_id)
    pause = Pause(ready, "DELETE FROM envelope")
    told = meanwhile(
        ready,
        pause,
        lambda: ready.counter.replace_lost_boxes(ready.now),
        lambda: ready.cast(person, "a"),
    )
    assert (told, ready.turn(person)) in [("done", Turn.IN_BOX), ("NotNow", Turn.NONE)]
    assert ready.turn(ready.people[0]) is Turn.NOT_COUNTED


def test_who_votes_while_the_edition_closes_leaves_nothing_behind(ready: Polling) -> None:
    pause = Pause(ready, "DELETE FROM envelope")
    told = meanwhile(ready, pause, ready.close, lambda: ready.cast(ready.people[10], "a"))
    assert told in ("NotNow", "TooLate")
    assert {ready.turn(person) for person in ready.people} == {Turn.NONE}
    with ready.database.reading() as session:
        assert not session.connection().execute(select(ENVELOPE)).all()


def test_two_counters_at_once_count_once(ready: Polling) -> None:
    second = replace(ready.counter, database=Database(ready.database.url))
    start = Barrier(2)

    def look_at_once(counter: Any) -> None:
        start.wait()
        with suppress(IntegrityError):
            look_into_boxes(counter, ready.now, at_least=0)

    threads = [Thread(target=look_at_once, args=(counter,)) for counter in (ready.counter, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON)
    second.database.dispose()
    assert ready.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}
    with pytest.raises(TooLate):
        ready.take_back(ready.people[0])
    assert outcome(lambda: ready.cast(ready.people[20])) != NotNow.__name__
