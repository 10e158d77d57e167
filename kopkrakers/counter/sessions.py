"""What live sessions hand to the counter: boxes for lobbies, closing votes within a second, and leaving nothing."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlmodel import Session

from kopkrakers.ballots.boxes import BOX, SESSION, BoxAddress
from kopkrakers.base.db import new_id
from kopkrakers.base.errors import NotNow, TooLate
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.daily import turns_not_counted
from kopkrakers.counter.opening import Bundle, shuffled
from kopkrakers.counter.rooms import Opened, drop_box, read_box
from kopkrakers.counter.shift import put_pairs, shift_box
from kopkrakers.intervisie.session.ballot import option_of, reason_of
from kopkrakers.intervisie.session.cases import plain_case
from kopkrakers.intervisie.session.planning import forget_plan
from kopkrakers.intervisie.session.running import end_live_session
from kopkrakers.intervisie.session.states import RoundState, SessionState, Verdict
from kopkrakers.intervisie.session.store import (
    AGREEMENT,
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
    move_round,
    rounds_of,
    session_box,
    touch,
)
from kopkrakers.intervisie.session.verdicts import first_verdict, second_verdict
from kopkrakers.privacy.bundles import tally

CHILDREN = (AGREEMENT, REASON, SESSION_TALLY, ROUND, GUEST, PARTICIPANT)
"""What goes when a session is over; the report alone stays."""

_BY_ID = select(LIVE_SESSION).where(LIVE_SESSION.c.id == bindparam("id"))
_WITHOUT_BOX = select(LIVE_SESSION).where(
    in_state(*ONGOING),
    ~select(BOX.c.id).where(BOX.c.kind == SESSION, BOX.c.subject == LIVE_SESSION.c.id).exists(),
)
_CLOSING = (
    select(ROUND.c.session_id, ROUND.c.number)
    .join(LIVE_SESSION, LIVE_SESSION.c.id == ROUND.c.session_id)
    .where(ROUND.c.state == RoundState.CLOSING, LIVE_SESSION.c.state == SessionState.RUNNING)
)
_DUE = select(LIVE_SESSION).where(
    in_state(SessionState.PLANNED, *ONGOING), LIVE_SESSION.c.ends_at <= bindparam("now")
)
_OVER = or_(in_state(SessionState.ENDED), in_state(SessionState.CANCELLED))
_TO_CLEAR = select(LIVE_SESSION).where(_OVER, LIVE_SESSION.c.cleared.is_(False))
_GONE = delete(LIVE_SESSION).where(
    _OVER, LIVE_SESSION.c.cleared.is_(True), LIVE_SESSION.c.ends_at <= bindparam("now")
)
_TO_DELETE = (
    select(LIVE_SESSION.c.id)
    .where(_OVER, LIVE_SESSION.c.cleared.is_(True), LIVE_SESSION.c.ends_at <= bindparam("now"))
    .limit(1)
)


@dataclass(frozen=True)
class SessionRule:
    """A session's box. It is never counted in bundles: `close_rounds` reads it, `tend_rooms` destroys it.

    `known`: the options of the session whose box was opened last; its wording never changes.
    """

    threshold: int = 0
    known: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def valid(self, session: Session, address: BoxAddress, codes: str) -> bool:
        """Whether this is an option of the session, with or without a reason."""
        if address.subject not in self.known:
            self.known.clear()
            live_session = session.connection().execute(_BY_ID, {"id": address.subject}).first()
            self.known[address.subject] = (
                plain_case(live_session).option_codes if live_session is not None else ()
            )
        return option_of(codes) in self.known[address.subject]

    def still_in(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> set[str]:
        """The participants of the session who have a vote."""
        which = select(PARTICIPANT.c.id).where(
            PARTICIPANT.c.session_id == address.subject, PARTICIPANT.c.watches.is_(False)
        )
        return set(session.connection().execute(which).scalars()) & set(voters)

    def bundle(self, session: Session, address: BoxAddress, votes: Sequence[str]) -> Bundle | None:
        """Never."""
        return None

    def write(self, session: Session, address: BoxAddress, bundle: Bundle) -> None:
        """Never: there is no bundle."""

    def not_counted(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
        """Say so of daily turns whose envelope someone moved here."""
        turns_not_counted(session, address, voters)


@dataclass(frozen=True)
class Votes:
    """One vote, opened: the ballots by participant, and who of them are begeleiders."""

    ballots: Mapping[str, str]
    begeleiders: frozenset[str]

    def counts(self, options: tuple[str, ...], *, with_begeleiders: bool) -> dict[str, int]:
        """Votes per option, every option in order."""
        chosen = (
            option_of(ballot)
            for voter, ballot in self.ballots.items()
            if with_begeleiders or voter not in self.begeleiders
        )
        return tally(options, chosen)


def close_rounds(counter: Counter, now: datetime) -> int:  # noqa: ARG001  all quick jobs are called alike
    """Close every vote that a begeleider closed: open its envelopes, write what may be said; gives how many."""
    with counter.database.reading() as session:
        closing = session.connection().execute(_CLOSING).all()
    for round_ in closing:
        with counter.database.transaction() as session:
            close_round(counter, session, round_.session_id, round_.number)
    return len(closing)


def close_round(counter: Counter, session: Session, session_id: str, number: int) -> None:
    """Close one vote, once: the totals of all options or none, and the reasons in an order that says nothing."""
    live_session = session.connection().execute(_BY_ID, {"id": session_id}).first()
    if (
        live_session is None
        or not touch(session, live_session)
        or not move_round(session, session_id, number, RoundState.CLOSED)
    ):
        return
    opened = read_box(counter, session, session_box(session_id))
    options, votes = (
        plain_case(live_session).option_codes,
        votes_of(session, session_id, opened, number),
    )
    verdict = _verdict(session, session_id, opened, number=number, options=options)
    this = (ROUND.c.session_id == session_id, ROUND.c.number == number)
    session.connection().execute(update(ROUND).where(*this).values(verdict=verdict))
    if verdict == Verdict.COUNTED:
        counts = votes.counts(options, with_begeleiders=True)
        rows = [
            {"session_id": session_id, "round": number, "option": option, "n": n}
            for option, n in counts.items()
        ]
        session.connection().execute(insert(SESSION_TALLY), rows)
    _write_reasons(session, session_id, number, votes)


def tend_rooms(counter: Counter, now: datetime) -> int:
    """Make boxes for lobbies, end sessions of a day old, destroy what is over; gives how many were tended."""
    with counter.database.reading() as session:
        due = session.connection().execute(_DUE, {"now": now}).all()
    for live_session in due:
        _end_by_itself(counter, live_session, now)
    with counter.database.reading() as session:
        bare = session.connection().execute(_WITHOUT_BOX).all()
        over = session.connection().execute(_TO_CLEAR).all()
        gone = session.connection().execute(_TO_DELETE, {"now": now}).first()
    if bare or over:
        with counter.folder.locked():
            _make_boxes(counter, bare, now)
            for live_session in over:
                clear(counter, live_session, now)
    if over or gone:
        with counter.database.transaction() as session:
            session.connection().execute(_GONE, {"now": now})
        counter.database.truncate_log()
    return len(bare) + len(due) + len(over)


def clear(counter: Counter, live_session: SessionRow, now: datetime) -> None:
    """Destroy the votes, reasons, participants, totals and key of a session that is over, once.

    What changed goes, sealed and without participants, to the national box first.
    """
    with counter.database.reading() as session:
        has_pairs = _has_pairs(session, live_session)
    if has_pairs:
        counter.make_boxes([shift_box(live_session.dilemma, live_session.edition)], now)
    with counter.database.transaction() as session:
        if not touch(session, live_session, LIVE_SESSION.c.cleared.is_(False), cleared=True):
            return
        if has_pairs:
            _hand_over_pairs(counter, session, live_session)
        for table in CHILDREN:
            session.connection().execute(delete(table).where(table.c.session_id == live_session.id))
        session.connection().execute(
            update(LIVE_SESSION).where(LIVE_SESSION.c.id == live_session.id).values(wording="{}")
        )
        box_id = drop_box(session, session_box(live_session.id))
    if box_id is not None:
        counter.folder.destroy(box_id)


def call_off_after_restore(session: Session, now: datetime) -> None:
    """Sessions that a backup held open do not go on: their votes could be counted a second time, by others."""
    over = {
        "state": SessionState.CANCELLED,
        "ends_at": now + LINGER,
        "version": LIVE_SESSION.c.version + 1,
    }
    session.connection().execute(update(LIVE_SESSION).where(in_state(*ONGOING)).values(over))


def votes_of(session: Session, session_id: str, opened: Opened, number: int) -> Votes:
    """The votes of one round among what was opened."""
    ballots = {
        row.voter: codes
        for row, codes in opened
        if row.edition == number and row.subject == session_id
    }
    which = select(PARTICIPANT.c.id).where(
        PARTICIPANT.c.session_id == session_id, PARTICIPANT.c.begeleider
    )
    return Votes(ballots, frozenset(session.connection().execute(which).scalars()))


def _verdict(
    session: Session, session_id: str, opened: Opened, *, number: int, options: tuple[str, ...]
) -> Verdict:
    votes = votes_of(session, session_id, opened, number)
    counts = votes.counts(options, with_begeleiders=False)
    if number == 1:
        return first_verdict(counts)
    earlier = votes_of(session, session_id, opened, 1)
    first = Verdict(rounds_of(session, session_id)[1].verdict)
    return second_verdict(
        counts, first=first, same_people=earlier.ballots.keys() == votes.ballots.keys()
    )


def _write_reasons(session: Session, session_id: str, number: int, votes: Votes) -> None:
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(),
            "session_id": session_id,
            "round": number,
            "text": text,
            "state": "waiting",
        }
        for text in map(reason_of, votes.ballots.values())
        if text
    ]
    if rows:
        session.connection().execute(insert(REASON), shuffled(rows))


def _has_pairs(session: Session, live_session: SessionRow) -> bool:
    """Only a session on a dilemma, no rehearsal, whose totals could be shown before and after."""
    rounds = rounds_of(session, live_session.id)
    counted = len(rounds) == 2 and all(
        round_.verdict == Verdict.COUNTED for round_ in rounds.values()
    )
    return (
        counted
        and live_session.state == SessionState.ENDED
        and live_session.dilemma is not None
        and not live_session.rehearsal
    )


def _hand_over_pairs(counter: Counter, session: Session, live_session: SessionRow) -> None:
    """The begeleiders' votes stay out. Without a box to trust the pairs are lost: they never hold up destroying."""
    opened = read_box(counter, session, session_box(live_session.id))
    before, after = (
        _choices(votes_of(session, live_session.id, opened, number)) for number in (1, 2)
    )
    if before.keys() == after.keys():
        with suppress(NotNow):
            put_pairs(
                session,
                shift_box(live_session.dilemma, live_session.edition),
                before,
                after,
                counter.keys,
            )


def _choices(votes: Votes) -> dict[str, str]:
    return {
        voter: option_of(ballot)
        for voter, ballot in votes.ballots.items()
        if voter not in votes.begeleiders
    }


def _make_boxes(counter: Counter, bare: Sequence[SessionRow], now: datetime) -> None:
    """A phone's and the regie's page change with it: from now on voting can open."""
    if not bare:
        return
    counter.make_boxes([session_box(live_session.id) for live_session in bare], now)
    with counter.database.transaction() as session:
        for live_session in bare:
            touch(session, live_session)


def _end_by_itself(counter: Counter, live_session: SessionRow, now: datetime) -> None:
    with suppress(TooLate), counter.database.transaction() as session:
        if live_session.state == SessionState.PLANNED:
            forget_plan(session, live_session, now)
        else:
            end_live_session(session, live_session, now)
