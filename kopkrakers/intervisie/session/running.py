"""A session under way: people come in and leave; the begeleider starts, walks on and ends it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlmodel import Session

from kopkrakers.accounts.rules import new_token, token_hash
from kopkrakers.base.db import changed, insert_once, new_id
from kopkrakers.base.errors import TooLate, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.intervisie.agenda.service import leave_agenda
from kopkrakers.intervisie.session.figures import use_turns
from kopkrakers.intervisie.session.reporting.reports import discard_report, write_report
from kopkrakers.intervisie.session.states import RoundState, SessionState
from kopkrakers.intervisie.session.store import (
    GUEST,
    LIVE_SESSION,
    ONGOING,
    PARTICIPANT,
    THE_STEP,
    WAY_BACK,
    SessionRow,
    any_round_in,
    find,
    in_state,
    led_by,
    may_become,
    must_touch,
    rounds_of,
    script_of,
    touch,
)
from kopkrakers.intervisie.werkvormen.reading import STELLINGEN

LONGEST_TIMER = 60
"""Minutes that a timer can be set or extended by, at most."""
NOT_OPEN = "De sessie is nog niet open, of al voorbij. Vraag het de begeleider."
MOVED_ON = "De sessie is al een stap verder. Je ziet nu waar jullie zijn."
WIPED = "Teruggaan kan niet meer: de stemmen zijn gewist."
NO_WATCHERS = "De stemming is al begonnen, en deze groep laat niemand meer meekijken."
NO_PHONES = "Deze sessie gaat zonder telefoons. Je hebt hem niet nodig: kijk op het scherm."
STILL_OPEN = "De stemming is nog open. Sluit haar eerst, dan kun je verder."


# D-38
def join(session: Session, *, code: str, token: str, user_id: int | None, turn_keys: Keys) -> None:
    """Admit a phone as a random participant. Once the roster is locked it can only watch.

    `token` is what its cookie will hold: whoever comes in twice with the same came in once.
    Raises: NotYours for an unknown code; TooLate when the session is not open or over.
    """
    live_session = find(session, code)
    this_phone = (
        PARTICIPANT.c.session_id == live_session.id,
        PARTICIPANT.c.token_hash == token_hash(token),
    )
    # a second press, or the page loaded anew: it must not count as one more head
    if session.execute(select(PARTICIPANT.c.id).where(*this_phone)).first() is not None:
        return
    if live_session.without_phones:
        raise TooLate(NO_PHONES)
    unlocked = LIVE_SESSION.c.roster_locked.is_(False)
    # one update: someone who comes in while the roster is being locked is in, or watches
    watches = not touch(session, live_session, in_state(*ONGOING), unlocked)
    if watches:
        must_touch(session, live_session, NOT_OPEN, in_state(*ONGOING))
        # who comes late in a session with stellingen only waits for the next
        if not find(session, code).watchable and live_session.werkvorm != STELLINGEN:
            raise TooLate(NO_WATCHERS)
    # a begeleider knows their own vote, so the counter leaves it out of what must be enough
    begeleiders = (live_session.begeleider_id, live_session.second_id, live_session.former_id)
    leads = user_id is not None and user_id in begeleiders
    row = {
        "id": new_id(),
        "session_id": live_session.id,
        "token_hash": token_hash(token),
        "begeleider": leads,
        "watches": watches,
        "pretends": False,
    }
    insert_once(session, PARTICIPANT, row)  # the same press may come in at this very moment
    if user_id is not None:
        _remember_guest(session, live_session, user_id, turn_keys)


def leave(session: Session, *, code: str, token: str, user_id: int | None = None) -> None:
    """Forget a phone that leaves. Once the roster is locked the head count stays as it is.

    A signed-in person who goes before the reveal keeps their daily turn.
    """
    live_session = find(session, code)
    if user_id is not None:
        guest = delete(GUEST).where(
            GUEST.c.session_id == live_session.id, GUEST.c.user_id == user_id
        )
        session.execute(guest)
    this_phone = (
        PARTICIPANT.c.session_id == live_session.id,
        PARTICIPANT.c.token_hash == token_hash(token),
    )
    unlocked = LIVE_SESSION.c.roster_locked.is_(False)
    if touch(session, live_session, in_state(*ONGOING), unlocked):
        session.execute(delete(PARTICIPANT).where(*this_phone))
        return
    watcher = delete(PARTICIPANT).where(*this_phone, PARTICIPANT.c.watches)
    if changed(session.execute(watcher)):
        touch(session, live_session, in_state(*ONGOING))
    else:
        # its vote may be in the box and the number of heads was agreed on, so the row stays
        forgotten = update(PARTICIPANT).where(*this_phone)
        session.execute(forgotten.values(token_hash=token_hash(new_token())))


def start(session: Session, *, code: str, user_id: int) -> None:
    """Begin with the first step.

    Raises: TooLate when it was started already, or is not open.
    """
    live_session = led_by(session, code, user_id)
    must_touch(
        session,
        live_session,
        MOVED_ON,
        may_become(SessionState.RUNNING),
        state=SessionState.RUNNING,
        step=0,
        **THE_STEP,
    )


def move_step(session: Session, *, code: str, user_id: int, from_step: int, to_step: int) -> None:
    """Go to another step, if the session is still at `from_step`.

    Raises: TooLate when it is not, and while a vote is open; WrongInput for a step that is not
    there.
    """
    live_session = led_by(session, code, user_id)
    steps = script_of(live_session).stappen
    if from_step == to_step or not 0 <= to_step < len(steps):
        raise WrongInput("Deze stap is er niet.", "stap")
    # a step that a second begeleider just made is not made once more
    still_there = (in_state(SessionState.RUNNING), LIVE_SESSION.c.step == from_step)
    there = {"step": to_step, "timer_ends_at": None, **THE_STEP}
    must_touch(session, live_session, MOVED_ON, *still_there, **there)
    # asked after the session is locked: nobody can open a vote in between
    rounds = rounds_of(session, live_session.id).values()
    if any_round_in(rounds, RoundState.OPEN):
        raise TooLate(STILL_OPEN)


def end(session: Session, *, code: str, user_id: int, now: datetime) -> str | None:
    """End a session; return its report's id, None for a rehearsal or one that never started.

    What the team cracked leaves its agenda. For `WAY_BACK` the end can be taken back; then the
    counter destroys votes, reasons, box and key.
    Raises: TooLate when it has ended already.
    """
    live_session = led_by(session, code, user_id)
    return end_live_session(session, live_session, now, reopens_until=now + WAY_BACK)


def reopen(session: Session, *, code: str, user_id: int, now: datetime) -> None:
    """Take the end back: the session goes on where it was, and its report goes.

    Raises: TooLate when it has not ended, or when what was in it is being destroyed.
    """
    live_session = led_by(session, code, user_id)
    must_touch(
        session,
        live_session,
        WIPED,
        in_state(SessionState.ENDED),
        LIVE_SESSION.c.cleared.is_(False),
        LIVE_SESSION.c.reopens_until > now,
        LIVE_SESSION.c.ends_at > now,
        LIVE_SESSION.c.report_id.is_not_distinct_from(live_session.report_id),
        state=SessionState.RUNNING,
        reopens_until=None,
        report_id=None,
    )
    discard_report(session, live_session.report_id)


def end_live_session(
    session: Session, live_session: SessionRow, now: datetime, *, reopens_until: datetime | None
) -> str | None:
    """Like `end`, for anyone who may: a begeleider, or the counter after a day."""
    ended = {
        "state": SessionState.ENDED,
        "timer_ends_at": None,
        "reopens_until": reopens_until,
    }
    if not touch(session, live_session, in_state(SessionState.RUNNING), **ended):
        may_end = may_become(SessionState.ENDED)
        # one that never began has nothing to take back
        never_began = ended | {"reopens_until": None}
        must_touch(session, live_session, "De sessie was al voorbij.", may_end, **never_began)
        return None
    if live_session.rehearsal:
        return None
    # read again: the row as it was locked
    live_session = find(session, live_session.code)
    if live_session.dilemma is not None and _is_cracked(session, live_session):
        leave_agenda(session, team_id=live_session.team_id, dilemma=live_session.dilemma)
    report_id = write_report(session, live_session, now)
    change = update(LIVE_SESSION).where(LIVE_SESSION.c.id == live_session.id)
    session.execute(change.values(report_id=report_id))
    return report_id


def _is_cracked(session: Session, live_session: SessionRow) -> bool:
    """Whether a group came to the end of its dilemma: a result, or without a vote the last step."""
    script = script_of(live_session)
    if script.votes_at(1) is None or live_session.without_phones:
        return bool(live_session.step == len(script.stappen) - 1)
    return any_round_in(rounds_of(session, live_session.id).values(), RoundState.REVEALED)


def start_timer(
    session: Session, *, code: str, user_id: int, minutes: int, seen: datetime | None, now: datetime
) -> None:
    """Set the timer. `seen`: its end as the page had it, so that a double click sets it once.

    Raises: TooLate when someone else just set it; WrongInput for a strange number of minutes.
    """
    _set_timer(session, code, user_id, seen, now + _minutes(minutes))


def extend_timer(
    session: Session, *, code: str, user_id: int, minutes: int, seen: datetime | None, now: datetime
) -> None:
    """Give more time, counted from the end of the timer or from now, whichever is later.

    Raises: as `start_timer`.
    """
    _set_timer(session, code, user_id, seen, max(seen or now, now) + _minutes(minutes))


def stop_timer(session: Session, *, code: str, user_id: int, seen: datetime | None) -> None:
    """Put the timer away.

    Raises: TooLate when someone else just changed it.
    """
    _set_timer(session, code, user_id, seen, None)


def _remember_guest(
    session: Session, live_session: SessionRow, user_id: int, turn_keys: Keys
) -> None:
    """Remember who joined signed in, apart from the participant: a reveal uses up their turn."""
    # without a dilemma there are no daily figures to see, so there is no turn to use up
    if live_session.dilemma is None or live_session.rehearsal:
        return
    insert_once(session, GUEST, {"session_id": live_session.id, "user_id": user_id})
    if any_round_in(rounds_of(session, live_session.id).values(), RoundState.REVEALED):
        use_turns(session, live_session, [user_id], turn_keys)


def _set_timer(
    session: Session, code: str, user_id: int, seen: datetime | None, ends_at: datetime | None
) -> None:
    live_session = led_by(session, code, user_id)
    # two begeleiders who give five minutes at once give five, not ten
    as_seen = LIVE_SESSION.c.timer_ends_at.is_not_distinct_from(seen)
    running = in_state(SessionState.RUNNING)
    must_touch(
        session, live_session, "De tijd was al veranderd.", running, as_seen, timer_ends_at=ends_at
    )


def _minutes(minutes: int) -> timedelta:
    if not 1 <= minutes <= LONGEST_TIMER:
        raise WrongInput(f"Kies 1 tot en met {LONGEST_TIMER} minuten.", "minuten")
    return timedelta(minutes=minutes)
