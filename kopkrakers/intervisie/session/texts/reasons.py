"""Reasons and rows of the table: let through, shown large, kept for the report, or put away."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from kopkrakers.base.db import changed
from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.intervisie.session.ballot import warning_of
from kopkrakers.intervisie.session.figures import names_in_team
from kopkrakers.intervisie.session.states import ReasonState, SessionState
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    REASON,
    THE_STEP,
    SessionRow,
    in_state,
    led_by,
    must_touch,
)
from kopkrakers.intervisie.werkvormen.reading import TABLE

NOT_NOW = "Dat kan niet (meer). Je ziet nu waar jullie zijn."
ON_SCREEN = (ReasonState.SHOWN, ReasonState.KEPT)
ALL_AT_ONCE = {
    (ReasonState.WAITING, ReasonState.SHOWN),
    (ReasonState.SHOWN, ReasonState.KEPT),
}
"""Changes that one press can make of all reasons: from a state to a state."""

_REASONS = (
    select(REASON.c.id, REASON.c.text, REASON.c.state, REASON.c.round)
    .where(REASON.c.session_id == bindparam("session_id"))
    .order_by(REASON.c.round, REASON.c.id)
)


@dataclass(frozen=True)
class WrittenReason:
    """A text of a phone, under its random id, or a row of the table.

    `key`: by which it is put on the scherm by itself; empty for what cannot be.
    """

    id: str
    text: str
    state: ReasonState
    round: int
    key: str

    @property
    def is_on_screen(self) -> bool:
        """Whether the group may read it."""
        return self.state in ON_SCREEN


def reasons_of(session: Session, live_session: SessionRow) -> tuple[WrittenReason, ...]:
    """Return all reasons and rows of a session, in the random order in which they were written.

    The place in it is the key of a reason: those of the second vote come after those of the first,
    and none is ever deleted before all. A single one stays closed and has no key.
    """
    rows = session.execute(_REASONS, {"session_id": live_session.id}).all()
    of_votes = [row for row in rows if row.round != TABLE]
    reasons = []
    for place, row in enumerate(rows, start=1):
        key = ""
        if row.round != TABLE and len(of_votes) > 1:
            key = f"reden-{place}"
        state = ReasonState(row.state)
        reasons.append(WrittenReason(row.id, row.text, state, row.round, key))
    return tuple(reasons)


def judge_reason(
    session: Session, *, code: str, user_id: int, reason_id: str, state: ReasonState
) -> None:
    """Show a reason on the scherm, keep it for the report, or put it away.

    Off the scherm it is not large any more either.
    Raises: NotYours for a reason of another session; TooLate when the session is over.
    """
    live_session = led_by(session, code, user_id)
    must_touch(session, live_session, NOT_NOW, in_state(SessionState.RUNNING))
    this_reason = (REASON.c.session_id == live_session.id, REASON.c.id == reason_id)
    change = update(REASON).where(*this_reason).values(state=state)
    if changed(session.execute(change)) != 1:
        raise NotYours("Deze reden is er niet (meer).")
    if state not in ON_SCREEN:
        keys = []
        for one in reasons_of(session, live_session):
            if one.id == reason_id:
                keys.append(one.key)
        is_large = (LIVE_SESSION.c.id == live_session.id, LIVE_SESSION.c.on_screen.in_(keys))
        session.execute(update(LIVE_SESSION).where(*is_large).values(**THE_STEP))


def judge_all(
    session: Session,
    *,
    code: str,
    user_id: int,
    numbers: Collection[int],
    was: ReasonState,
    state: ReasonState,
) -> None:
    """Give every reason in one state another: all on the scherm, or all of those in the report.

    `numbers`: of the rounds that they were written in.

    One that may name somebody stays where it is: it is judged by itself.
    Raises: WrongInput for another change; TooLate when the session is over.
    """
    if (was, state) not in ALL_AT_ONCE:
        raise WrongInput("Deze keuze is er niet.")
    live_session = led_by(session, code, user_id)
    must_touch(session, live_session, NOT_NOW, in_state(SessionState.RUNNING))
    names = names_in_team(session, live_session.team_id)
    of_rounds = REASON.c.round.in_(numbers)
    these = (REASON.c.session_id == live_session.id, REASON.c.state == was, of_rounds)
    for reason in session.execute(select(REASON.c.id, REASON.c.text).where(*these)).all():
        if not warning_of(reason.text, names):
            change = update(REASON).where(REASON.c.id == reason.id)
            session.execute(change.values(state=state))


def let_through(session: Session, live_session: SessionRow, key: str) -> None:
    """Let the reason with this key through, if it still waits. The session is locked by now."""
    for reason in reasons_of(session, live_session):
        if key and reason.key == key:
            waits = (REASON.c.id == reason.id, REASON.c.state == ReasonState.WAITING)
            session.execute(update(REASON).where(*waits).values(state=ReasonState.SHOWN))
