"""A list is taken whole or not at all, whatever happens, and who looks at it stops nobody."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlmodel import Session

from kopkrakers.accounts.bulk import inviting
from kopkrakers.accounts.bulk.inviting import Beheerder, Foreseen, ImportOutcome, InvitingTerms
from kopkrakers.accounts.bulk.reading import FaultyLines, FileLine
from kopkrakers.accounts.bulk.resending import renew_unsent
from kopkrakers.accounts.chain.signing import invitation_holds
from kopkrakers.accounts.models import ACCOUNT_CHANGE, GEMEENTE, INVITATION, TEAM, USER, Role
from kopkrakers.accounts.trail.models import BEHEER_ACTION
from kopkrakers.base.db import Database
from tests.support.clock import StoppedClock
from tests.support.world import ROW_KEYS, World

MANY = 1200
MOMENTS = (
    "INSERT INTO team",
    "UPDATE invitation",
    "INSERT INTO account_change",
    "INSERT INTO invitation",
    "INSERT INTO beheer_action",
    "COMMIT",
)
"""Before which statement a process is killed."""


def listed(number: int = MANY) -> list[FileLine]:
    roles = frozenset({Role.KLANTMANAGER})
    lines = []
    for one in range(number):
        team = f"Team {one % 7}"
        lines.append(FileLine(one + 1, "Zaanstad", team, f"Gast {one}", f"gast{one}@z.nl", roles))
    return lines


class Lists:
    """Takes lists of people in a database."""

    def __init__(self, database: Database, clock: StoppedClock, by: Beheerder) -> None:
        self.database = database
        self.clock = clock
        self.by = by

    def take(self, lines: list[FileLine], *, again: bool = False) -> ImportOutcome:
        with self.database.transaction() as session:
            return inviting.invite_all(
                session,
                lines,
                InvitingTerms((b"k" * 32,), (), again, by_courier=True),
                now=self.clock(),
                row_keys=ROW_KEYS,
                by=self.by,
            )

    def look(self, lines: list[FileLine], *, again: bool = False) -> Foreseen:
        terms = InvitingTerms((b"k" * 32,), (), again, by_courier=True)
        with self.database.snapshot() as session:
            return inviting.foresee(session, lines, terms, now=self.clock(), by=self.by)

    def rows(self) -> list[int]:
        """Return the number of rows of every table that a list writes to, and of open ones."""
        numbers = []
        with self.database.reading() as session:
            for of in (INVITATION, TEAM, ACCOUNT_CHANGE, BEHEER_ACTION, USER):
                asked = select(func.count()).select_from(of)
                numbers.append(int(session.execute(asked).scalar_one()))
            still_open = select(func.count()).where(INVITATION.c.ended.is_(None))
            numbers.append(int(session.execute(still_open).scalar_one()))
        return numbers


@pytest.fixture
def lists(database: Database, clock: StoppedClock, world: World) -> Lists:
    return Lists(database, clock, Beheerder(world.farid.id, world.zaanstad))


def killed_before(lists: Lists, moment: str, act: Callable[[Lists], object]) -> None:
    """Do something in a process of its own that is killed before it says this to the database."""

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def hear(_conn: Any, _cursor: Any, said: str, *_: object) -> None:
        if said.startswith(moment):
            die()

    def child() -> None:
        own = Database(lists.database.url)
        if moment == "COMMIT":
            event.listen(own.writer, "commit", die)
        event.listen(own.writer, "before_cursor_execute", hear)
        act(Lists(own, lists.clock, lists.by))

    lists.database.dispose()
    process = get_context("fork").Process(target=child)
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL, "it never came to that moment"


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_halfway_nothing_of_a_list_stays_and_it_is_taken_anew(
    lists: Lists, moment: str
) -> None:
    lists.take(listed(5))
    before = lists.rows()
    killed_before(lists, moment, lambda own: own.take(listed(), again=True))
    assert lists.rows() == before
    assert len(lists.take(listed(), again=True).invited) == MANY
    now = lists.rows()
    assert now[-1] == before[-1] + MANY - 5 and now[3] == before[3] + 1
    assert now[2] == before[2] + MANY and now[0] == before[0] + MANY


def test_every_row_of_a_list_is_signed_and_linked(lists: Lists, database: Database) -> None:
    tokens = {one.token for one in lists.take(listed(30)).invited}
    assert len(tokens) == 30
    with database.reading() as session:
        rows = session.execute(select(INVITATION)).all()
        states = set(session.execute(select(ACCOUNT_CHANGE.c.state)).scalars())
    assert len(rows) >= 30
    assert all(invitation_holds(ROW_KEYS, row) for row in rows)
    assert {row.mac for row in rows} <= states


def test_looking_at_a_list_waits_for_nobody_who_writes(lists: Lists, world: World) -> None:
    """On SQLite a writer keeps every other out, so a look that writes would be refused."""
    with lists.database.transaction() as session:
        session.execute(update(GEMEENTE).values(places=None))
        if not lists.database.is_sqlite:
            session.connection().exec_driver_sql("LOCK TABLE account_change IN EXCLUSIVE MODE")
        with ThreadPoolExecutor(1) as other:
            foreseen = other.submit(lists.look, listed(20)).result(20)
    assert len(foreseen.people) == 20


def test_looking_says_what_taking_does(lists: Lists) -> None:
    lists.take(listed(10))
    for again in (False, True):
        foreseen = lists.look(listed(25), again=again)
        taken = lists.take(listed(25), again=again)
        assert foreseen.people == taken.people
        assert (foreseen.known, foreseen.waiting) == (taken.known, taken.waiting)
        assert foreseen.new_teams == taken.new_teams


@pytest.mark.parametrize(("places", "fits"), [(24, False), (25, True)])
def test_looking_counts_places_as_taking_does(lists: Lists, places: int, fits: bool) -> None:
    """Ten wait already, and get another: that takes no place more."""
    lists.take(listed(10))
    with lists.database.transaction() as session:
        active = select(func.count()).where(USER.c.gemeente_id == lists.by.gemeente_id)
        number = int(session.execute(active).scalar_one())
        session.execute(update(GEMEENTE).values(places=number + places))
    for act in (lists.look, lists.take):
        said = ""
        try:
            act(listed(25), again=True)
        except FaultyLines as refused:
            (said,) = [fault.sentence for fault in refused.faults]
        assert (not said) == fits
        assert fits or "Alle plaatsen zijn bezet" in said


@pytest.fixture
def at_once() -> Iterator[Callable[[Callable[[], Any]], list[Any]]]:
    """Do one thing in two threads that begin together."""
    with ThreadPoolExecutor(2) as pool:
        together = Barrier(2)

        def start(act: Callable[[], Any]) -> Any:
            together.wait(20)
            return act()

        yield lambda act: list(pool.map(start, [act, act]))


def test_one_list_sent_twice_at_once_invites_everybody_once(
    lists: Lists, at_once: Callable[[Callable[[], Any]], list[Any]]
) -> None:
    before = lists.rows()
    first, second = at_once(lambda: lists.take(listed(300)))
    assert sorted([len(first.invited), len(second.invited)]) == [0, 300]
    assert lists.rows()[-1] == before[-1] + 300


def test_mailing_the_unsent_twice_at_once_mails_nobody_twice(
    lists: Lists, at_once: Callable[[Callable[[], Any]], list[Any]]
) -> None:
    lists.take(listed(60))
    with lists.database.transaction() as session:
        session.execute(update(INVITATION).values(unsent=True, awaits_courier=False))

    def renew(session: Session) -> list[str]:
        later = lists.clock() + timedelta(seconds=1)
        renewed = renew_unsent(session, lists.by.gemeente_id, now=later, row_keys=ROW_KEYS, most=60)
        session.execute(update(INVITATION).values(unsent=False))
        return [one.line.address for one in renewed]

    def act() -> list[str]:
        with lists.database.transaction() as session:
            return renew(session)

    assert sorted(map(len, at_once(act))) == [0, 60]
