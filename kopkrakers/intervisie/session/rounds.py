"""The two votes: opening, voting blind, closing, revealing, and the reasons that the begeleider lets through."""

from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.rules import token_hash
from kopkrakers.ballots.boxes import put_in_box
from kopkrakers.ballots.sealing import MacKeys
from kopkrakers.base.db import changed
from kopkrakers.base.errors import NotNow, NotYours, TooLate, WrongInput
from kopkrakers.intervisie.session.ballot import PADDED, ballot_of
from kopkrakers.intervisie.session.cases import plain_case
from kopkrakers.intervisie.session.figures import guests_of, use_turns
from kopkrakers.intervisie.session.rehearsal import pretenders_vote
from kopkrakers.intervisie.session.states import ReasonState, RoundState, SessionState
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    PARTICIPANT,
    REASON,
    ROUND,
    SessionRow,
    any_round_in,
    box_is_ready,
    find,
    in_state,
    led_by,
    move_round,
    must_touch,
    rounds_of,
    session_box,
)
from kopkrakers.intervisie.werkvormen.reading import werkvormen

NOT_HERE = "Dat kan in deze stap niet (meer). Je ziet nu waar jullie zijn."

_BALLOT_PAPER = (
    select(PARTICIPANT.c.id, LIVE_SESSION.c.id.label("session_id"))
    .join(LIVE_SESSION, LIVE_SESSION.c.id == PARTICIPANT.c.session_id)
    .join(ROUND, ROUND.c.session_id == LIVE_SESSION.c.id)
    .where(
        LIVE_SESSION.c.code == bindparam("code"),
        LIVE_SESSION.c.state == SessionState.RUNNING,
        ROUND.c.number == bindparam("number"),
        ROUND.c.state == RoundState.OPEN,
        PARTICIPANT.c.token_hash == bindparam("token_hash"),
        PARTICIPANT.c.watches.is_(False),
    )
    .with_for_update(read=True, of=ROUND)
)
"""Held until the vote is in its box: closing waits for it."""


def open_round(
    session: Session, *, code: str, user_id: int, number: int, mac_keys: MacKeys
) -> None:
    """Open a vote in its own step. The first one locks the roster; pretenders of a rehearsal vote at once.

    Raises: TooLate in another step, or when it was opened before; NotNow while there is no box.
    """
    live_session = led_by(session, code, user_id)
    here = (
        in_state(SessionState.RUNNING),
        LIVE_SESSION.c.step == werkvormen()[live_session.werkvorm].votes_at(number),
    )
    must_touch(session, live_session, NOT_HERE, *here, roster_locked=True)
    if number == 2 and not _is_counted(session, live_session, 1):
        raise TooLate("Er was nog geen eerste stemming. Ga terug, of sla deze stap over.")
    if not box_is_ready(session, live_session.id):
        raise NotNow(
            "De stembus staat nog niet klaar. Wacht een paar tellen en probeer het opnieuw."
        )
    _must_move(session, live_session, number, RoundState.OPEN, "Deze stemming is al geopend.")
    if live_session.rehearsal:
        pretenders_vote(session, live_session, number, mac_keys)


def close_round(session: Session, *, code: str, user_id: int, number: int) -> None:
    """Ask the counter to close a vote: from here on no ballot goes in.

    Raises: TooLate when it is not open (any more).
    """
    live_session = led_by(session, code, user_id)
    must_touch(session, live_session, NOT_HERE, in_state(SessionState.RUNNING))
    _must_move(session, live_session, number, RoundState.CLOSING, "Deze stemming is al dicht.")


def reveal_round(session: Session, *, code: str, user_id: int, number: int) -> None:
    """Show what was chosen, from its own step on: arguments come before numbers.

    Uses up the daily turn of both begeleiders and of the signed-in people who joined.
    Raises: TooLate before its time, before it is counted, or when it was revealed already.
    """
    live_session = led_by(session, code, user_id)
    from_here = (
        in_state(SessionState.RUNNING),
        LIVE_SESSION.c.step >= werkvormen()[live_session.werkvorm].reveals_at(number),
    )
    must_touch(session, live_session, NOT_HERE, *from_here)
    rounds = rounds_of(session, live_session.id)
    if number == 2 and rounds[1].state != RoundState.REVEALED:
        raise TooLate("Onthul eerst wat jullie de eerste keer kozen.")
    _must_move(
        session,
        live_session,
        number,
        RoundState.REVEALED,
        "Deze uitslag is al onthuld, of nog niet geteld.",
    )
    leads = [
        user for user in (live_session.begeleider_id, live_session.second_id) if user is not None
    ]
    use_turns(session, live_session, [*guests_of(session, live_session), *leads])


def cast_vote(
    session: Session,
    *,
    code: str,
    token: str,
    number: int,
    option: str,
    reason: str,
    mac_keys: MacKeys,
) -> None:
    """Seal a phone's vote and put it in the session's box; the statements are the same whatever was chosen.

    Raises: WrongInput for no option or a long reason; NotYours for an unknown code or phone; TooLate when the
    vote is not open, was cast already, or this phone only watches; NotNow when there is no box.
    """
    live_session = find(session, code)
    if option not in plain_case(live_session).option_codes:
        raise WrongInput("Kies eerst een werkwijze.", "optie")
    ballot = ballot_of(option, reason)
    which = {"code": code, "number": number, "token_hash": token_hash(token)}
    paper = session.connection().execute(_BALLOT_PAPER, which).first()
    if paper is None:
        raise _why_not(session, live_session, token, number)
    box = session_box(live_session.id)
    if not put_in_box(
        session, box, voter=paper.id, codes=ballot, keys=mac_keys, edition=number, padded=PADDED
    ):
        raise TooLate("Je stem was al binnen. De eerste telt.")


def judge_reason(
    session: Session, *, code: str, user_id: int, reason_id: str, state: ReasonState
) -> None:
    """Let a reason through to the scherm, keep it for the report, or put it away.

    Raises: NotYours for a reason of another session; TooLate when the session is over.
    """
    live_session = led_by(session, code, user_id)
    must_touch(session, live_session, NOT_HERE, in_state(SessionState.RUNNING))
    change = (
        update(REASON)
        .where(REASON.c.session_id == live_session.id, REASON.c.id == reason_id)
        .values(state=state)
    )
    if changed(session.connection().execute(change)) != 1:
        raise NotYours("Deze reden is er niet (meer).")


def _must_move(
    session: Session, live_session: SessionRow, number: int, to: RoundState, sentence: str
) -> None:
    if not move_round(session, live_session.id, number, to):
        raise TooLate(sentence)


def _is_counted(session: Session, live_session: SessionRow, number: int) -> bool:
    rounds: dict[int, Row[Any]] = rounds_of(session, live_session.id)
    first = [rounds[number]] if number in rounds else []
    return any_round_in(first, RoundState.CLOSED, RoundState.REVEALED)


def _why_not(session: Session, live_session: SessionRow, token: str, number: int) -> Exception:
    which = select(PARTICIPANT.c.watches).where(
        PARTICIPANT.c.session_id == live_session.id, PARTICIPANT.c.token_hash == token_hash(token)
    )
    known = session.connection().execute(which).first()
    if known is None:
        return NotYours(
            "We kennen deze telefoon niet meer. Doe opnieuw mee met de code op het scherm."
        )
    if known.watches:
        return TooLate("Je kwam na de start binnen. Je kijkt mee, maar stemt niet.")
    round_ = rounds_of(session, live_session.id).get(number)
    if round_ is None or round_.state == RoundState.DRAFT:
        return TooLate("De stemming is nog niet open. Wacht op de begeleider.")
    return TooLate("De stemming is dicht. Deze stem telt niet meer mee.")
