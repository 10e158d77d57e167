"""Live sessions in the database: found by code, changed by one conditional update.

That update also locks the session and raises its version.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.boxes import BOX, ENVELOPE, SESSION, BoxAddress
from kopkrakers.base.db import changed, table
from kopkrakers.base.errors import NotYours, TooLate
from kopkrakers.catalogue.cards.card import Chapter
from kopkrakers.intervisie.session.models import (
    Agreement,
    BoardText,
    CrackedDilemma,
    LiveRound,
    LiveSession,
    Participant,
    Reason,
    SessionGuest,
    SessionReport,
    SessionTally,
    UsedCode,
)
from kopkrakers.intervisie.session.script.adapting import adapted
from kopkrakers.intervisie.session.states import RoundState, SessionState, sources_of
from kopkrakers.intervisie.session.wording.chapters import chapters_in
from kopkrakers.intervisie.session.wording.stellingen import items_in
from kopkrakers.intervisie.werkvormen.reading import STELLINGEN, UNFOLDING, Werkvorm

LIVE_SESSION = table(LiveSession)
ROUND = table(LiveRound)
PARTICIPANT = table(Participant)
GUEST = table(SessionGuest)
SESSION_TALLY = table(SessionTally)
REASON = table(Reason)
AGREEMENT = table(Agreement)
BOARD_TEXT = table(BoardText)
CRACKED = table(CrackedDilemma)
REPORT = table(SessionReport)
USED_CODE = table(UsedCode)
SessionRow = Row[Any]
"""A row of `live_session`."""

_BY_CODE = select(LIVE_SESSION).where(LIVE_SESSION.c.code == bindparam("code"))
_VERSION = select(LIVE_SESSION.c.version).where(LIVE_SESSION.c.code == bindparam("code"))
_VOTES_IN = (
    select(ENVELOPE.c.edition, func.count().label("n"))
    .where(ENVELOPE.c.subject == bindparam("session_id"))
    .group_by(ENVELOPE.c.edition)
)
_PHONES = select(func.count()).where(PARTICIPANT.c.session_id == bindparam("session_id"))
_HEADS = _PHONES.where(PARTICIPANT.c.watches.is_(False))
_WATCHERS = _PHONES.where(PARTICIPANT.c.watches)
_ENVELOPES = select(func.count()).where(ENVELOPE.c.subject == LIVE_SESSION.c.id)
_VERSION_OF_REGIE = select(
    LIVE_SESSION.c.version, LIVE_SESSION.c.leaves, _ENVELOPES.scalar_subquery().label("votes")
).where(LIVE_SESSION.c.code == bindparam("code"))
_WAS_USED = select(USED_CODE.c.code).where(USED_CODE.c.code == bindparam("code"))
_BOX_THERE = select(BOX.c.id).where(BOX.c.kind == SESSION, BOX.c.subject == bindparam("session_id"))
_ROUNDS = (
    select(ROUND).where(ROUND.c.session_id == bindparam("session_id")).order_by(ROUND.c.number)
)
OVER = "Deze sessie is afgelopen."
NOT_LED = "Deze sessie bestaat niet, of je begeleidt hem niet."
TAKEN_OVER = "Een collega nam de regie over. Wat je net koos, is niet gedaan."
THE_STEP = {"on_screen": None, "leaf": 0, "leaves": 1}
"""The values with which the scherm shows the step itself, from its beginning."""
LINGER = timedelta(hours=1)
"""The time that phones can still read that a session is over; then its row goes."""
# D-65
WAY_BACK = timedelta(minutes=5)
"""The time in which an end can be taken back; then votes and reasons are destroyed."""
ONGOING = (SessionState.LOBBY, SessionState.RUNNING)
NOT_OVER = (SessionState.PLANNED, *ONGOING)


def version_of(session: Session, code: str) -> int | None:
    """Return the version that pages of this session show; None for a code without a session."""
    # hundreds of phones ask: on the connection itself a statement costs less
    version: int | None = session.connection().execute(_VERSION, {"code": code}).scalar()
    return version


def regie_version(session: Session, code: str) -> str | None:
    """Return the version for the regie.

    It also sees how many votes came in, and on how many pages the scherm shows the step.
    """
    row = session.execute(_VERSION_OF_REGIE, {"code": code}).first()
    if row:
        return f"{row.version}.{row.votes}.{row.leaves}"
    return None


def find(session: Session, code: str) -> SessionRow:
    """Return the session behind a code.

    Raises: NotYours when there is none (any more).
    """
    live_session = session.connection().execute(_BY_CODE, {"code": code}).first()
    if live_session is not None:
        return live_session
    # a code that was once given out is no mistake of whoever types it
    if session.execute(_WAS_USED, {"code": code}).first() is not None:
        raise NotYours(OVER)
    raise NotYours("Deze code kennen we niet. Kijk nog eens op het scherm en typ hem over.")


class TakenOver(TooLate):
    """Somebody else leads the session that this person led; they can take it back."""


def led_by(session: Session, code: str, user_id: int) -> SessionRow:
    """Return the session behind a code, for one of its begeleiders.

    Raises: NotYours for anyone else; TakenOver for whoever led it before somebody took it over.
    """
    live_session = find(session, code)
    if user_id in (live_session.begeleider_id, live_session.second_id):
        return live_session
    if user_id == live_session.former_id:
        raise TakenOver(TAKEN_OVER)
    raise NotYours(NOT_LED)


def projected_by(session: Session, code: str, user_id: int) -> SessionRow:
    """Return the session behind a code, for whose beamer may show it.

    That of whoever led before goes on when somebody took the regie over.
    Raises: NotYours for anyone else.
    """
    live_session = find(session, code)
    leads = (live_session.begeleider_id, live_session.second_id, live_session.former_id)
    if user_id not in leads:
        raise NotYours(NOT_LED)
    return live_session


def touch(session: Session, live_session: SessionRow, *conditions: Any, **values: Any) -> bool:
    """Change a session if the conditions hold, and raise its version; return whether it was done.

    Every change begins here: the row is locked until the transaction ends, so two begeleiders or
    two clicks follow each other.
    """
    change = (
        update(LIVE_SESSION)
        .where(LIVE_SESSION.c.id == live_session.id, *conditions)
        .values(version=LIVE_SESSION.c.version + 1, **values)
    )
    return changed(session.execute(change)) == 1


def must_touch(
    session: Session, live_session: SessionRow, sentence: str, *conditions: Any, **values: Any
) -> None:
    """Like `touch`, but refuse with a sentence.

    Raises: TooLate when the session has moved on.
    """
    if not touch(session, live_session, *conditions, **values):
        raise TooLate(sentence)


def heads_of(session: Session, session_id: str) -> int:
    """Return how many phones take part."""
    return int(session.execute(_HEADS, {"session_id": session_id}).scalar_one())


def watches_of(session: Session, session_id: str) -> int:
    """Return how many phones only watch."""
    return int(session.execute(_WATCHERS, {"session_id": session_id}).scalar_one())


def in_state(*states: SessionState) -> Any:
    """Return the condition that a session is in one of these states."""
    return LIVE_SESSION.c.state.in_(states)


def may_become(state: SessionState) -> Any:
    """Return the condition that a session may move to this state."""
    return LIVE_SESSION.c.state.in_(sources_of(state))


def move_round(
    session: Session, session_id: str, number: int, to: RoundState, **values: Any
) -> bool:
    """Move one of the votes if that is legal; return whether it was."""
    change = (
        update(ROUND)
        .where(
            ROUND.c.session_id == session_id,
            ROUND.c.number == number,
            ROUND.c.state.in_(sources_of(to)),
        )
        .values(state=to, **values)
    )
    return changed(session.execute(change)) == 1


def rounds_of(session: Session, session_id: str) -> dict[int, Row[Any]]:
    """Return the votes of a session by number."""
    rows = session.execute(_ROUNDS, {"session_id": session_id})
    return {row.number: row for row in rows}


def votes_in(session: Session, session_id: str) -> dict[int, int]:
    """Return how many envelopes wait for each vote; none is opened for it."""
    return dict(session.execute(_VOTES_IN, {"session_id": session_id}).all())


def script_of(live_session: SessionRow) -> Werkvorm:
    """Return the steps of a session: looking back comes first where there is something to see.

    What that is stands fixed from the opening of the lobby, so no step changes its place after it.
    """
    sentences: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    if live_session.werkvorm == UNFOLDING:
        chapters = chapters_in(live_session.wording)
    if live_session.werkvorm == STELLINGEN:
        sentences = tuple(item.text for item in items_in(live_session.wording))
    return adapted(
        live_session.werkvorm,
        stellingen=sentences,
        chapters=chapters,
        looks_back=live_session.look_back is not None,
        by_hand=live_session.without_phones,
    )


def any_round_in(rounds: Collection[Row[Any]], *states: RoundState) -> bool:
    """Whether one of these votes is in one of these states."""
    return any(row.state in states for row in rounds)


def session_box(session_id: str) -> BoxAddress:
    """Return the address of a session's box: one for all its rounds."""
    # 0 is the number of no vote: each envelope in it names its own
    return BoxAddress(SESSION, session_id, 0, SESSION)


def box_is_ready(session: Session, session_id: str) -> bool:
    """Whether the counter has made this session's box."""
    return session.execute(_BOX_THERE, {"session_id": session_id}).first() is not None
