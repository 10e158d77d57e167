"""Before a session: the begeleider plans, shares, calls off, and opens the lobby."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import Session, col

from kopkrakers.accounts.models import Membership, Role, Status, User, UserRole
from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.base.clock import AMSTERDAM
from kopkrakers.base.db import insert_once, new_id
from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import by_name
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.session.cases import (
    NO_CHAPTERS,
    Case,
    Dilemma,
    Subject,
    new_case,
    unfolded,
    wording_of,
)
from kopkrakers.intervisie.session.figures import use_turns
from kopkrakers.intervisie.session.group.retrospect import begin_looking_back
from kopkrakers.intervisie.session.group.takeover import votes_of
from kopkrakers.intervisie.session.models import CODE_LENGTH
from kopkrakers.intervisie.session.rehearsal import pretenders_come
from kopkrakers.intervisie.session.states import RoundState, SessionState, Verdict
from kopkrakers.intervisie.session.store import (
    LINGER,
    LIVE_SESSION,
    NOT_OVER,
    ROUND,
    USED_CODE,
    SessionRow,
    any_round_in,
    find,
    in_state,
    led_by,
    may_become,
    must_touch,
    rounds_of,
    script_of,
)
from kopkrakers.intervisie.session.wording.stellingen import Stellingen
from kopkrakers.intervisie.werkvormen.reading import STELLINGEN, UNFOLDING, werkvormen

ALPHABET = "34679CDFGHJKMNPQRTWX"
"""Characters of a code: none that looks like another, no vowels, so that no code is a word."""
LIFE = timedelta(hours=24)
"""The time after the opening of the lobby at which a session ends by itself."""
PLAN_WAITS = timedelta(days=7)
"""The time after its day that a plan is kept that nobody opened.

Why: docs/decisions.md, "A plan that nobody opens goes by itself".
"""
UNDATED_PLAN_WAITS = timedelta(days=28)
"""The same for a plan without a day, from when it was made."""
FARTHEST_PLAN = timedelta(days=366)
NOT_PLANNED = "De sessie is al open, of afgezegd."
ONLY_WITH_PHONES = "Kraak met vervolg gaat alleen met telefoons: handen laten zien wie schuift."
STARTED = "De sessie is al begonnen of voorbij. Afzeggen kan niet meer."

_BEGELEIDERS = (
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


@dataclass(frozen=True)
class SessionPlan:
    """A session as a begeleider asks for it."""

    team_id: int
    werkvorm: str
    subject: Subject
    planned_for: date | None = None
    rehearsal: bool = False
    without_phones: bool = False


def plan_session(
    session: Session, library: Library, plan: SessionPlan, *, user_id: int, today: date
) -> str:
    """Plan a session for one of this person's teams; return its code.

    Raises: NotYours for a team of others or an unknown dilemma; WrongInput naming the field.
    """
    team = own_team(teams_of(session, user_id), plan.team_id)
    _check_werkvorm(plan)
    day = plan.planned_for
    if day is not None and not today <= day <= today + FARTHEST_PLAN:
        raise WrongInput("Kies een dag vanaf vandaag, hoogstens een jaar vooruit.", "datum")
    # the wording stays as it is now, whatever becomes of the card
    case = _case_of(session, library, plan, today)
    code = _new_code(session)
    row = {
        "id": new_id(),
        "code": code,
        "team_id": team.id,
        "begeleider_id": user_id,
        "werkvorm": plan.werkvorm,
        "dilemma": case.dilemma,
        "edition": case.edition,
        "wording": wording_of(case),
        "state": SessionState.PLANNED,
        "step": 0,
        "version": 0,
        "rehearsal": plan.rehearsal,
        "roster_locked": False,
        "cleared": False,
        "leaf": 0,
        "leaves": 1,
        "watchable": True,
        "without_phones": plan.without_phones,
        "planned_for": day,
        "ends_at": _end_of_plan(day, today),
    }
    session.execute(insert(LIVE_SESSION), row)
    return code


def other_begeleiders(
    session: Session, *, user_id: int, team_id: int
) -> tuple[tuple[int, str], ...]:
    """Return the ids and names of a team's begeleiders beside this one."""
    rows = session.execute(_BEGELEIDERS, {"team_id": team_id, "user_id": user_id})
    begeleiders = [(row.id, row.name or "") for row in rows]
    return tuple(by_name(begeleiders, lambda begeleider: begeleider[1]))


def set_second(
    session: Session,
    *,
    code: str,
    user_id: int,
    second_id: int | None,
    votes_along: bool,
    turn_keys: Keys,
) -> None:
    """Share a session with another begeleider of the team, or with nobody; also while it runs.

    `votes_along`: the second one votes, or voted, on a phone in this session.

    Raises: NotYours for anyone but its begeleider; TooLate once it is over; WrongInput for someone
    who cannot be the second one.
    """
    live_session = led_by(session, code, user_id)
    if user_id != live_session.begeleider_id:
        raise NotYours("Alleen wie de sessie leidt, kiest de tweede begeleider.")
    others = other_begeleiders(session, user_id=user_id, team_id=live_session.team_id)
    if second_id is not None and second_id not in dict(others):
        raise WrongInput("Kies een begeleider uit je team.", "tweede")
    over = "Deze sessie is al afgelopen."
    values: dict[str, object] = {"second_id": second_id}
    # who led before leads again, so the session was taken over from nobody any more
    if second_id is not None and second_id == live_session.former_id:
        values["former_id"] = None
    still_leads = LIVE_SESSION.c.begeleider_id == user_id
    must_touch(session, live_session, over, in_state(*NOT_OVER), still_leads, **values)
    if second_id is None:
        return
    if second_id != live_session.second_id:
        # read again: the row as it was locked
        votes = votes_of(session, find(session, code), second_id, votes_along=votes_along)
        change = update(LIVE_SESSION).where(LIVE_SESSION.c.id == live_session.id)
        session.execute(change.values(begeleider_votes=votes))
    # the regie shows figures after a reveal, so seeing it then uses up the turn
    if any_round_in(rounds_of(session, live_session.id).values(), RoundState.REVEALED):
        use_turns(session, live_session, [second_id], turn_keys)


def cancel(session: Session, *, code: str, user_id: int, now: datetime) -> None:
    """Call a session off before it starts. A plan goes at once, a lobby stays to say so.

    Raises: TooLate when it has started.
    """
    live_session = led_by(session, code, user_id)
    lingers_until = now + LINGER
    if live_session.state == SessionState.PLANNED:
        lingers_until = now  # nobody came in yet who has to be told
    must_touch(
        session,
        live_session,
        STARTED,
        may_become(SessionState.CANCELLED),
        state=SessionState.CANCELLED,
        ends_at=lingers_until,
    )


def forget_plan(session: Session, live_session: SessionRow, now: datetime) -> None:
    """Remove a plan that nobody opened, with the eigen casus in it.

    Raises: TooLate when someone opened or called it off just now.
    """
    must_touch(
        session,
        live_session,
        NOT_PLANNED,
        in_state(SessionState.PLANNED),
        state=SessionState.CANCELLED,
        ends_at=now,
    )


def open_lobby(session: Session, *, code: str, user_id: int, now: datetime) -> None:
    """Open the doors. From now on the session ends by itself after `LIFE`.

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
    round_ = {
        "session_id": live_session.id,
        "state": RoundState.DRAFT,
        "verdict": Verdict.NONE,
    }
    for number in script_of(live_session).rounds:
        if not live_session.without_phones:
            session.execute(insert(ROUND), round_ | {"number": number})
    begin_looking_back(session, live_session)
    if live_session.rehearsal and not live_session.without_phones:
        pretenders_come(session, live_session)


def leads_of(session: Session, live_session: SessionRow) -> tuple[str, ...]:
    """Return the names of a session's begeleiders."""
    # no account has the id 0, so a session with one begeleider finds one
    ids = [live_session.begeleider_id, live_session.second_id or 0]
    names = session.execute(select(col(User.name)).where(col(User.id).in_(ids))).scalars()
    return tuple(by_name((name or "" for name in names), str))


def _case_of(session: Session, library: Library, plan: SessionPlan, today: date) -> Case:
    """Return the case of a plan, with its chapters where the werkvorm tells them."""
    case = new_case(session, library, plan.subject, today)
    return unfolded(case) if plan.werkvorm == UNFOLDING else case


def _check_werkvorm(plan: SessionPlan) -> None:
    possible = [*werkvormen(), UNFOLDING]
    if isinstance(plan.subject, Stellingen):
        # a set of stellingen has steps of its own; a dilemma cannot be walked through in them
        possible = [STELLINGEN]
    if plan.werkvorm not in possible:
        raise WrongInput("Kies een werkvorm.", "werkvorm")
    if plan.werkvorm != UNFOLDING:
        return
    if not isinstance(plan.subject, Dilemma):
        raise WrongInput(NO_CHAPTERS, "werkvorm")
    # hands that are raised three times show who changed them
    if plan.without_phones:
        raise WrongInput(ONLY_WITH_PHONES, "werkvorm")


# D-37
def _end_of_plan(planned_for: date | None, today: date) -> datetime:
    """Return the midnight at which a plan goes: a day, which does not tell when it was made."""
    last = today + UNDATED_PLAN_WAITS
    if planned_for:
        last = planned_for + PLAN_WAITS
    return datetime.combine(last + timedelta(days=1), time(), AMSTERDAM)


def _new_code(session: Session) -> str:
    """Return a code that was never given out: insert it, and take another when someone had it."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        # the table of used codes is never emptied, so an old QR opens nobody else's session
        if insert_once(session, USED_CODE, {"code": code}):
            return code
