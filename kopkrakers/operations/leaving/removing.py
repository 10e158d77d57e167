"""Remove a gemeente: her people, teams, sessions and reports. What was counted belongs to nobody.

Her row stays with its name, for totals bear it, as do those of a regio. Waiting answers are taken
out unopened, one person after the other, so that nothing of them is ever counted. Were the totals
taken away too, then the difference between two releases would be hers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE, INVITATION, TEAM, USER, Status
from kopkrakers.accounts.second_step.requiring import ask_nobody
from kopkrakers.accounts.service import RemovalStep, remove_person
from kopkrakers.accounts.sso.setting import forget_provider
from kopkrakers.accounts.trail.chain import TrailEntry, write
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.db import changed
from kopkrakers.base.errors import NotAllowed, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.counter.sessions.ends import REOPENABLE, called_off
from kopkrakers.intervisie.agenda.service import WISH
from kopkrakers.intervisie.session.states import SessionState
from kopkrakers.intervisie.session.store import CRACKED, LIVE_SESSION, ONGOING, REPORT, in_state
from kopkrakers.pools.proposals import forget_proposals_with
from kopkrakers.reminders.models import TEAM_HOOK

ALTERED = (
    "Account {number} is buiten kopkrakers om veranderd. Er is niets verwijderd. Zoek eerst uit "
    "wie in de database kan schrijven; zie docs/beheer.md."
)
DISSOLVED = "opgeheven {number}"
"""The name of a team whose session is still being cleared away."""
_HER_TEAMS = select(TEAM.c.id)
_HAS_SESSION = exists().where(LIVE_SESSION.c.team_id == TEAM.c.id)


@dataclass(frozen=True)
class RemovalCounts:
    """Numbers of each kind of row that went with a gemeente."""

    people: int
    teams: int
    invitations: int
    sessions: int
    reports: int


# D-90
def remove_gemeente(
    session: Session,
    gemeente_id: int,
    *,
    steps: Iterable[RemovalStep],
    row_keys: Keys,
    now: datetime,
) -> RemovalCounts:
    """Remove all that is of a gemeente, in one transaction.

    `steps` as for `remove_person`. Sessions that are open are called off: the counter destroys what
    is in them and their key, and phones read that it is over.
    Raises: WrongInput for an account that somebody altered; then nothing may be kept.
    """
    sessions = _call_off(session, gemeente_id, now)
    # else it would make accounts anew
    forget_provider(session, gemeente_id)
    ask_nobody(session, gemeente_id)
    forget_proposals_with(session, gemeente_id)
    people = _remove_people(session, gemeente_id, tuple(steps), row_keys)
    deletion = delete(INVITATION).where(INVITATION.c.gemeente_id == gemeente_id)
    invitations = changed(session.execute(deletion))
    her_teams = _HER_TEAMS.where(TEAM.c.gemeente_id == gemeente_id)
    for of_team in (TEAM_HOOK, WISH, CRACKED):
        session.execute(delete(of_team).where(of_team.c.team_id.in_(her_teams)))
    reports = changed(session.execute(delete(REPORT).where(REPORT.c.team_id.in_(her_teams))))
    teams = _remove_teams(session, gemeente_id)
    row = update(GEMEENTE).where(GEMEENTE.c.id == gemeente_id)
    session.execute(row.values(left_on=amsterdam_day(now), regio_id=None, regio_mac=None))
    write(session, row_keys, TrailEntry(Deed.GEMEENTE_LEFT, gemeente_id), amsterdam_day(now))
    return RemovalCounts(people, teams, invitations, sessions, reports)


def _call_off(session: Session, gemeente_id: int, now: datetime) -> int:
    hers = LIVE_SESSION.c.team_id.in_(_HER_TEAMS.where(TEAM.c.gemeente_id == gemeente_id))
    is_plan = in_state(SessionState.PLANNED)
    calling_off = update(LIVE_SESSION).where(hers, or_(in_state(*ONGOING), REOPENABLE))
    stopped = changed(session.execute(calling_off.values(called_off(now))))
    # nobody came in yet who has to be told
    plans = update(LIVE_SESSION).where(and_(hers, is_plan))
    forgotten = changed(session.execute(plans.values(called_off(now) | {"ends_at": now})))
    return stopped + forgotten


def _remove_people(
    session: Session, gemeente_id: int, steps: Iterable[RemovalStep], row_keys: Keys
) -> int:
    hers = select(USER.c.id).where(
        USER.c.gemeente_id == gemeente_id, USER.c.status != Status.REMOVED
    )
    ids = session.execute(hers.order_by(USER.c.id)).scalars().all()
    for user_id in ids:
        try:
            remove_person(session, user_id, steps, row_keys)
        except NotAllowed:
            raise WrongInput(ALTERED.format(number=user_id)) from None
    return len(ids)


def _remove_teams(session: Session, gemeente_id: int) -> int:
    """Delete the teams; of one whose session is still being cleared only the name goes."""
    hers = TEAM.c.gemeente_id == gemeente_id
    ids = session.execute(select(TEAM.c.id).where(hers, _HAS_SESSION)).scalars().all()
    deleted = changed(session.execute(delete(TEAM).where(hers, TEAM.c.id.not_in(ids))))
    for team_id in ids:
        emptied = {"name": DISSOLVED.format(number=team_id), "link_hash": None}
        session.execute(update(TEAM).where(TEAM.c.id == team_id).values(**emptied))
    return deleted + len(ids)
