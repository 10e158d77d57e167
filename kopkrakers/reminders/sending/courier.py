"""Messages in the hands of the courier, and the claims by which each leaves at most once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Row, Table, and_, or_, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import PAUSE, USER, Status
from kopkrakers.base.clock import AMSTERDAM, amsterdam_day
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database, changed
from kopkrakers.base.keys import Keys, Use, keys_for
from kopkrakers.base.wire import NobodyKnows, NotSent, Reply, Wire, post
from kopkrakers.catalogue.library import Library
from kopkrakers.reminders.models import REMINDER, TEAM_HOOK, Kind
from kopkrakers.reminders.rules import JITTER_MINUTES, LATE_MINUTES, due_day
from kopkrakers.reminders.sending.resting import RestingServers

WRONG_CLOCK = timedelta(days=7)
"""A claim further ahead was made by a wrong clock, and holds nobody's message back."""

CLEAR_NO = (429, 503)
"""Answers that say: not now. After another failure of the server the message may have arrived."""


@dataclass(frozen=True)
class Courier:
    """The parts of the courier. `stopping`: whether it was told to end; asked between messages."""

    settings: Settings
    database: Database
    library: Library
    stopping: Callable[[], bool] = lambda: False
    resting: RestingServers = field(default_factory=RestingServers)
    wire: Wire = field(default_factory=Wire)

    @property
    def keys(self) -> Keys:
        """Return the keys of reminders."""
        return keys_for(Use.REMINDERS, self.settings)


def due(session: Session, courier: Courier, kind: Kind, now: datetime) -> list[Row[Any]]:
    """Return the reminders of a kind that are due now, with the address of their owner.

    Not of whoever pauses. The rhythm of a team has no say: everybody gets the titles of a week.
    Nothing here asks whether somebody answered: whoever carries a message must not learn it.
    """
    paused = select(PAUSE.c.user_id).where(PAUSE.c.last_day >= amsterdam_day(now))
    statement = (
        select(REMINDER, USER.c.email)
        .join(USER, USER.c.id == REMINDER.c.user_id)
        .where(
            REMINDER.c.kind == kind,
            is_at_hand(REMINDER, now),
            REMINDER.c.user_id.not_in(paused),
            USER.c.status == Status.ACTIVE,
        )
        .order_by(REMINDER.c.at, REMINDER.c.user_id)
    )
    key = courier.keys.current
    waiting = []
    for row in session.execute(statement):
        # each some minutes later than asked, by chance: not all leave in one second
        if due_day(row.at, row.weekday, now, key=key, whose=f"{row.user_id} {kind}"):
            waiting.append(row)
    return waiting


# D-78
def claim(courier: Courier, of: Table, row: Row[Any], day: date) -> bool:
    """Take the message of a day before it is sent. Return False when it was taken already.

    `row`: of the table `of`. A courier that is killed after this has not sent it, or has: nobody
    knows, so it is not sent again.
    """
    statement = update(of).where(*_is(of, row), is_unclaimed(of, day)).values(sent_on=day)
    # in a transaction of its own, so that it is on disk before anything leaves
    with courier.database.transaction() as session:
        return changed(session.execute(statement)) == 1


def give_back(courier: Courier, of: Table, row: Row[Any], day: date) -> None:
    """Undo a claim: the server said that it did not take the message, so it can be tried again."""
    # the day stands in the condition: a claim of another day is not undone
    statement = update(of).where(*_is(of, row), of.c.sent_on == day).values(sent_on=row.sent_on)
    with courier.database.transaction() as session:
        session.execute(statement)


def post_once(
    courier: Courier,
    of: Table,
    row: Row[Any],
    now: datetime,
    *,
    address: str,
    body: bytes,
    headers: Mapping[str, str],
) -> Reply | None:
    """Claim the message of `row` and post it. Return the answer; None when none came.

    What did not leave for certain, or got a clear no, is given back. A server that failed rests
    for a while, as long as it asks.

    Raises: Forbidden when the address may not be spoken to.
    """
    host, day = urlsplit(address).hostname or "", amsterdam_day(now)
    if not claim(courier, of, row, day):
        return None
    try:
        reply = post(courier.wire, address, body, headers)
    # it never reached the server, so that trying again cannot make two of it
    except NotSent:
        give_back(courier, of, row, day)
        courier.resting.failed(host, now)
        return None
    # it may have arrived: one message too few is better than one twice
    except NobodyKnows:
        courier.resting.failed(host, now)
        return None
    if reply.took_it:
        courier.resting.worked(host)
    if reply.status in CLEAR_NO:
        give_back(courier, of, row, day)
    if may_work_later(reply):
        courier.resting.failed(host, now, asked=reply.rest)
    return reply


def may_work_later(reply: Reply) -> bool:
    """Whether it is the server that failed; other refusals are about the message or its address."""
    return reply.status in CLEAR_NO or reply.status >= 500


def write_together(courier: Courier) -> None:
    """Write all reminders anew, in one transaction.

    PostgreSQL keeps the number of the transaction in each row. With a message's time that would
    date the transactions around it, among them those of people who answered.
    """
    # SQLite keeps no number of a transaction in a row
    if courier.database.is_sqlite:
        return
    with courier.database.transaction() as session:
        for each in (REMINDER, TEAM_HOOK):
            session.execute(update(each).values(sent_on=each.c.sent_on))


def is_at_hand(of: Table, now: datetime) -> ColumnElement[bool]:
    """Return the condition that the time of a row came, not too long ago, and is not claimed."""
    here = now.astimezone(AMSTERDAM)
    minute = here.hour * 60 + here.minute
    earliest = minute - LATE_MINUTES - JITTER_MINUTES
    return and_(of.c.at <= minute, of.c.at > earliest, is_unclaimed(of, here.date()))


def is_unclaimed(of: Table, day: date) -> ColumnElement[bool]:
    """Return the condition that the message of a day was not taken yet."""
    return or_(of.c.sent_on.is_(None), of.c.sent_on < day, of.c.sent_on > day + WRONG_CLOCK)


def _is(of: Table, row: Row[Any]) -> list[ColumnElement[bool]]:
    return [column == row._mapping[column.name] for column in of.primary_key]
