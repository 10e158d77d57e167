"""Tend live sessions: make boxes for lobbies, end what is a day old, and destroy what is over."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlmodel import Session

from kopkrakers.ballots.boxes import BOX, SESSION
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.errors import NotNow, TooLate
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.sessions.boxes import drop_box, read_box
from kopkrakers.counter.sessions.rounds import votes_of_round
from kopkrakers.counter.sessions.shift import put_pairs, shift_box
from kopkrakers.intervisie.session.cases import has_daily_figures
from kopkrakers.intervisie.session.group.repeats import IS_PAST, past_at
from kopkrakers.intervisie.session.planning import forget_plan
from kopkrakers.intervisie.session.running import end_live_session
from kopkrakers.intervisie.session.states import SessionState, Verdict
from kopkrakers.intervisie.session.store import (
    AGREEMENT,
    BOARD_TEXT,
    CRACKED,
    GUEST,
    LINGER,
    LIVE_SESSION,
    ONGOING,
    PARTICIPANT,
    REASON,
    ROUND,
    SESSION_TALLY,
    SessionRow,
    in_state,
    rounds_of,
    session_box,
    touch,
)
from kopkrakers.intervisie.werkvormen.reading import VOTES

CHILDREN = (AGREEMENT, BOARD_TEXT, REASON, SESSION_TALLY, ROUND, GUEST, PARTICIPANT)
"""The tables whose rows go when a session is over; the report alone stays."""

_WITHOUT_BOX = select(LIVE_SESSION).where(
    in_state(*ONGOING),
    ~select(BOX.c.id).where(BOX.c.kind == SESSION, BOX.c.subject == LIVE_SESSION.c.id).exists(),
)
_DUE = select(LIVE_SESSION).where(
    in_state(SessionState.PLANNED, *ONGOING), LIVE_SESSION.c.ends_at <= bindparam("now")
)
REOPENABLE = and_(in_state(SessionState.ENDED), LIVE_SESSION.c.cleared.is_(False))
"""The sessions whose end can be taken back, or whose votes are still there."""
_OVER = or_(in_state(SessionState.ENDED), in_state(SessionState.CANCELLED))
_NO_WAY_BACK = or_(
    LIVE_SESSION.c.reopens_until.is_(None),
    LIVE_SESSION.c.reopens_until <= bindparam("now"),
    LIVE_SESSION.c.ends_at <= bindparam("now"),
)
_TO_CLEAR = select(LIVE_SESSION).where(
    LIVE_SESSION.c.cleared.is_(False),
    or_(in_state(SessionState.CANCELLED), and_(in_state(SessionState.ENDED), _NO_WAY_BACK)),
)
_CLEARED = (_OVER, LIVE_SESSION.c.cleared.is_(True), LIVE_SESSION.c.ends_at <= bindparam("now"))
# D-29
_TO_DELETE = select(LIVE_SESSION.c.id).where(*_CLEARED).limit(1)
_DELETE = delete(LIVE_SESSION).where(*_CLEARED)
_PAST = select(CRACKED.c.team_id).where(IS_PAST)
_IS_ANY = select(
    or_(*[kind.exists() for kind in (_DUE, _WITHOUT_BOX, _TO_CLEAR, _TO_DELETE, _PAST)])
)


def tend_sessions(counter: Counter, now: datetime) -> int:
    """Make missing boxes, end sessions that are due, and clear those that are over.

    Return the number of sessions tended.
    """
    past = past_at(amsterdam_day(now))
    # without a session around it, and one statement for the usual answer: there is nothing to do
    with counter.database.reader.connect() as connection:
        if not connection.execute(_IS_ANY, {"now": now} | past).scalar_one():
            return 0
    with counter.database.reading() as session:
        due = session.execute(_DUE, {"now": now}).all()
    for live_session in due:
        _end_by_itself(counter, live_session, now)
    with counter.database.reading() as session:
        without_box = session.execute(_WITHOUT_BOX).all()
        to_clear = session.execute(_TO_CLEAR, {"now": now}).all()
        to_delete = session.execute(_TO_DELETE, {"now": now}).first()
        has_past = session.execute(_PAST.limit(1), past).first()
    if without_box or to_clear:
        with counter.folder.locked():
            _make_boxes(counter, without_box, now)
            for live_session in to_clear:
                clear_session(counter, live_session, now)
    if to_clear or to_delete or has_past:
        with counter.database.transaction() as session:
            session.execute(_DELETE, {"now": now})
            session.execute(delete(CRACKED).where(IS_PAST), past)
        counter.database.truncate_log()
    return len(without_box) + len(due) + len(to_clear)


def clear_session(counter: Counter, live_session: SessionRow, now: datetime) -> None:
    """Destroy the votes, reasons, participants, totals and key of a session that is over, once.

    Pairs of choices that may be counted go to the national box first, sealed and without the ids
    of participants.
    """
    with counter.database.reading() as session:
        has_pairs = _has_pairs(session, live_session)
    if has_pairs:
        # a box is made outside the transaction below: its key must be on disk before it is used
        counter.make_boxes([shift_box(live_session.dilemma, live_session.edition)], now)
    with counter.database.transaction() as session:
        # as it was read: not reopened since, nor reopened and ended once more
        as_read = LIVE_SESSION.c.reopens_until.is_not_distinct_from(live_session.reopens_until)
        if not touch(
            session, live_session, _OVER, as_read, LIVE_SESSION.c.cleared.is_(False), cleared=True
        ):
            return
        # while participants are there: which of them are begeleiders must still be known
        if has_pairs:
            _hand_over_pairs(counter, session, live_session)
        for table in CHILDREN:
            session.execute(delete(table).where(table.c.session_id == live_session.id))
        empty: dict[str, object] = {
            "wording": "{}",
            "look_back": None,
            "hands": None,
            "reopens_until": None,
        }
        if live_session.state == SessionState.ENDED:
            empty["ends_at"] = now + LINGER
        this_session = LIVE_SESSION.c.id == live_session.id
        session.execute(update(LIVE_SESSION).where(this_session).values(**empty))
        box_id = drop_box(session, session_box(live_session.id))
    if box_id is not None:
        counter.folder.destroy(box_id)


# D-30
def call_off_after_restore(session: Session, now: datetime) -> None:
    """Cancel the sessions that a restored backup holds open, or that could still be reopened.

    Their votes may have been counted before the restore. Counted a second time, with other people
    present, the two totals could differ by one person.
    """
    change = update(LIVE_SESSION).where(or_(in_state(*ONGOING), REOPENABLE))
    session.execute(change.values(called_off(now)))


def called_off(now: datetime) -> dict[str, object]:
    """Return the columns of a session that is called off: its phones read so for a while."""
    return {
        "state": SessionState.CANCELLED,
        "ends_at": now + LINGER,
        "reopens_until": None,
        "version": LIVE_SESSION.c.version + 1,
    }


def _has_pairs(session: Session, live_session: SessionRow) -> bool:
    """Whether the choices before and after may be counted as pairs.

    That takes a session on a dilemma with its own werkwijzen that is no rehearsal, and two rounds
    with totals to show. What new facts did to choices is no shift by talking.
    """
    if live_session.state != SessionState.ENDED:
        return False
    if not has_daily_figures(live_session) or live_session.rehearsal:
        return False
    rounds = rounds_of(session, live_session.id)
    both = []
    for number in VOTES.values():
        if number in rounds:
            both.append(rounds[number].verdict)
    return both == [Verdict.COUNTED, Verdict.COUNTED]


# D-27
def _hand_over_pairs(counter: Counter, session: Session, live_session: SessionRow) -> None:
    """Put the pairs of choices in the national box, without those of the begeleiders.

    Where there is no box to trust the pairs are lost: they never delay the destruction.
    """
    opened = read_box(counter, session, session_box(live_session.id))
    before = votes_of_round(session, live_session.id, opened, 1).choices()
    after = votes_of_round(session, live_session.id, opened, 2).choices()
    # both votes were counted, so by the same people, unless envelopes went since
    if before.keys() != after.keys():
        return
    address = shift_box(live_session.dilemma, live_session.edition)
    with suppress(NotNow):
        put_pairs(session, address, before, after, counter.keys)


def _make_boxes(counter: Counter, live_sessions: Sequence[SessionRow], now: datetime) -> None:
    """Make the boxes of sessions. Their pages change with it: from now on a round can open."""
    if not live_sessions:
        return
    counter.make_boxes([session_box(live_session.id) for live_session in live_sessions], now)
    with counter.database.transaction() as session:
        for live_session in live_sessions:
            touch(session, live_session)


def _end_by_itself(counter: Counter, live_session: SessionRow, now: datetime) -> None:
    """End a session that nobody ended, or forget a plan that nobody opened."""
    # too late when a begeleider did it just now
    with suppress(TooLate), counter.database.transaction() as session:
        if live_session.state == SessionState.PLANNED:
            forget_plan(session, live_session, now)
        else:
            end_live_session(session, live_session, now, reopens_until=None)
