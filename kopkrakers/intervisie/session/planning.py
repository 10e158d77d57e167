"""Before a session: the begeleider chooses, plans, shares, calls off, and opens the lobby."""

import secrets
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, insert, or_, select
from sqlmodel import Session, col

from kopkrakers.accounts.models import Membership, Role, Status, User, UserRole
from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.base.clock import AMSTERDAM
from kopkrakers.base.db import insert_once, new_id
from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.typed import by_name
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.session.cases import Dilemma, OwnCase, new_case, wording_of
from kopkrakers.intervisie.session.figures import use_turns
from kopkrakers.intervisie.session.models import CODE_SIGNS
from kopkrakers.intervisie.session.rehearsal import pretenders_come
from kopkrakers.intervisie.session.states import RoundState, SessionState
from kopkrakers.intervisie.session.store import (
    LINGER,
    LIVE_SESSION,
    ROUND,
    USED_CODE,
    SessionRow,
    any_round_in,
    in_state,
    led_by,
    may_become,
    must_touch,
    rounds_of,
)
from kopkrakers.intervisie.werkvormen.reading import VOTES, werkvormen

ALPHABET = "34679CDFGHJKMNPQRTWX"
"""Signs of a code: none that looks like another, no vowels, so that no code is a word."""
LIFE = timedelta(hours=24)
"""How long after the lobby opened a session ends by itself."""
PLAN_WAITS = timedelta(days=7)
"""How long after its day a plan that nobody opened is kept."""
UNDATED_PLAN_WAITS = timedelta(days=28)
"""The same for a plan without a day, from when it was made."""
FARTHEST_PLAN = timedelta(days=366)
NOT_PLANNED = "De sessie is al open, of afgezegd."
_SECONDS = (
    select(col(User.id), col(User.name))
    .join(Membership, col(Membership.user_id) == User.id)
    .join(UserRole, col(UserRole.user_id) == User.id)
    .where(
        col(Membership.team_id) == bindparam("team_id"),
        col(UserRole.role) == Role.BEGELEIDER,
        col(User.status) == Status.ACTIVE,
        col(User.id) != bindparam("user_id"),
    )
)


def plan_session(
    session: Session,
    library: Library,
    *,
    user_id: int,
    team_id: int,
    werkvorm: str,
    subject: Dilemma | OwnCase,
    today: date,
    planned_for: date | None = None,
    rehearsal: bool = False,
) -> str:
    """Plan a session for one of this person's teams; gives its code.

    Raises: NotYours for a team of others or an unknown dilemma; WrongInput naming the field.
    """
    team = own_team(teams_of(session, user_id), team_id)
    if werkvorm not in werkvormen():
        raise WrongInput("Kies een werkvorm.", "werkvorm")
    if planned_for is not None and not today <= planned_for <= today + FARTHEST_PLAN:
        raise WrongInput("Kies een dag vanaf vandaag, hoogstens een jaar vooruit.", "datum")
    case = new_case(session, library, subject, today)
    row = {"id": new_id(), "code": _fresh_code(session), "team_id": team.id}
    row |= {
        "begeleider_id": user_id,
        "werkvorm": werkvorm,
        "dilemma": case.dilemma,
        "edition": case.edition,
    }
    row |= {"wording": wording_of(case), "state": SessionState.PLANNED, "planned_for": planned_for}
    row |= {
        "rehearsal": rehearsal,
        "step": 0,
        "version": 0,
        "roster_locked": False,
        "cleared": False,
    }
    row |= {"ends_at": _end_of_plan(planned_for, today)}
    session.connection().execute(insert(LIVE_SESSION), row)
    return str(row["code"])


def seconds(session: Session, *, user_id: int, team_id: int) -> tuple[tuple[int, str], ...]:
    """The other begeleiders of a team, with their names."""
    rows = session.connection().execute(_SECONDS, {"team_id": team_id, "user_id": user_id})
    begeleiders = [(row.id, row.name or "") for row in rows]
    return tuple(by_name(begeleiders, lambda begeleider: begeleider[1]))


def set_second(session: Session, *, code: str, user_id: int, second_id: int | None) -> None:
    """Share a session with another begeleider of the team, or with nobody; also while it runs.

    After a reveal the regie shows figures: that uses up the turn of who comes in then.
    Raises: NotYours for who is not its begeleider; TooLate once it is over; WrongInput for who cannot be one.
    """
    live_session = led_by(session, code, user_id)
    if user_id != live_session.begeleider_id:
        raise NotYours("Alleen wie de sessie maakte, kiest de tweede begeleider.")
    possible = {id_ for id_, _ in seconds(session, user_id=user_id, team_id=live_session.team_id)}
    if second_id is not None and second_id not in possible:
        raise WrongInput("Kies een begeleider uit je team.", "tweede")
    must_touch(
        session, live_session, "Deze sessie is al afgelopen.", _not_over(), second_id=second_id
    )
    if second_id is not None and any_round_in(
        rounds_of(session, live_session.id).values(), RoundState.REVEALED
    ):
        use_turns(session, live_session, [second_id])


def cancel(session: Session, *, code: str, user_id: int, now: datetime) -> None:
    """Call a session off before it starts. What was planned alone goes at once, a lobby stays to say so.

    Raises: TooLate when it has started.
    """
    live_session = led_by(session, code, user_id)
    must_touch(
        session,
        live_session,
        "De sessie is al begonnen of voorbij. Afzeggen kan niet meer.",
        may_become(SessionState.CANCELLED),
        state=SessionState.CANCELLED,
        ends_at=now if live_session.state == SessionState.PLANNED else now + LINGER,
    )


def forget_plan(session: Session, live_session: SessionRow, now: datetime) -> None:
    """A plan that nobody opened goes, with the eigen casus in it.

    Raises: TooLate when someone opened or called it off just now.
    """
    still_planned = in_state(SessionState.PLANNED)
    must_touch(
        session, live_session, NOT_PLANNED, still_planned, state=SessionState.CANCELLED, ends_at=now
    )


def open_lobby(session: Session, *, code: str, user_id: int, now: datetime) -> None:
    """Let people in. From now on the session ends by itself after `LIFE`.

    Raises: TooLate when the lobby was opened already, or the session was called off.
    """
    live_session = led_by(session, code, user_id)
    must_touch(
        session,
        live_session,
        NOT_PLANNED,
        may_become(SessionState.LOBBY),
        state=SessionState.LOBBY,
        ends_at=now + LIFE,
    )
    rounds = [
        VOTES[step.actie]
        for step in werkvormen()[live_session.werkvorm].stappen
        if step.actie in VOTES
    ]
    for number in rounds:
        row = {"session_id": live_session.id, "number": number, "state": "draft", "verdict": "none"}
        session.connection().execute(insert(ROUND), row)
    if live_session.rehearsal:
        pretenders_come(session, live_session)


def leads_of(session: Session, live_session: SessionRow) -> tuple[str, ...]:
    """The names of a session's begeleiders."""
    which = select(col(User.name)).where(
        col(User.id).in_([live_session.begeleider_id, live_session.second_id or 0])
    )
    names = session.connection().execute(which).scalars()
    return tuple(by_name((name or "" for name in names), str))


def _end_of_plan(planned_for: date | None, today: date) -> datetime:
    """The midnight at which a plan goes: a day, not a moment, so that it tells nothing of when it was made."""
    last = planned_for + PLAN_WAITS if planned_for else today + UNDATED_PLAN_WAITS
    return datetime.combine(last + timedelta(days=1), time(), AMSTERDAM)


def _not_over() -> object:
    return or_(*(LIVE_SESSION.c.state == state for state in ("planned", "lobby", "running")))


def _fresh_code(session: Session) -> str:
    """A code that was never given out: insert it, and take another when someone had it."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_SIGNS))
        if insert_once(session, USED_CODE, {"code": code}):
            return code
