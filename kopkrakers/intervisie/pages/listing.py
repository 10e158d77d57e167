"""The sessions and reports in a team's list. Reads only."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.base.paging import ListPage, list_page
from kopkrakers.intervisie.session.cases import plain_case
from kopkrakers.intervisie.session.group.retrospect import LookBack, last_agreements
from kopkrakers.intervisie.session.reporting.reports import ReportLine, reports_of
from kopkrakers.intervisie.session.states import SessionState
from kopkrakers.intervisie.session.store import LIVE_SESSION, NOT_OVER, SessionRow
from kopkrakers.intervisie.werkvormen.reading import every_werkvorm

SESSIONS_ON_A_PAGE = 10
_OF_TEAM = (
    select(LIVE_SESSION)
    .where(
        LIVE_SESSION.c.team_id == bindparam("team_id"),
        LIVE_SESSION.c.state.in_(NOT_OVER),
    )
    .order_by(LIVE_SESSION.c.planned_for, LIVE_SESSION.c.code)
)


@dataclass(frozen=True)
class SessionLine:
    """A planned or running session in a team's list.

    `leads`: whether this person is one of its begeleiders; else others may take it over.
    """

    code: str
    title: str
    werkvorm_name: str
    state: SessionState
    planned_for: date | None
    rehearsal: bool
    leads: bool
    may_be_taken_over: bool

    @property
    def is_planned(self) -> bool:
        """Whether nobody was let in yet."""
        return self.state == SessionState.PLANNED


@dataclass(frozen=True)
class TeamSessions:
    """The sessions that the page of a team shows."""

    lines: ListPage[SessionLine]
    reports: ListPage[ReportLine]
    look_back: LookBack | None


def team_sessions(
    session: Session, *, user_id: int, team_id: int, page: int = 1, of_sessions: int = 1
) -> TeamSessions:
    """Return the sessions and reports of one of this person's teams, and what it agreed last.

    `page`: the number of the page of its reports; `of_sessions`: of its sessions. A rehearsal is
    seen by those who lead it alone.
    Raises: NotYours for a team of others.
    """
    team = own_team(teams_of(session, user_id), team_id)
    seen = []
    for live_session in session.execute(_OF_TEAM, {"team_id": team.id}):
        if not live_session.rehearsal or _leads(live_session, user_id):
            seen.append(live_session)
    shown = list_page(seen, of_sessions, SESSIONS_ON_A_PAGE)
    return TeamSessions(
        lines=shown.each(lambda live_session: _session_line(live_session, user_id)),
        reports=reports_of(session, team.id, page),
        look_back=last_agreements(session, team.id),
    )


def _leads(live_session: SessionRow, user_id: int) -> bool:
    return user_id in (live_session.begeleider_id, live_session.second_id)


def _session_line(live_session: SessionRow, user_id: int) -> SessionLine:
    leads = _leads(live_session, user_id)
    return SessionLine(
        code=live_session.code,
        title=plain_case(live_session).title,
        werkvorm_name=every_werkvorm()[live_session.werkvorm].naam,
        state=SessionState(live_session.state),
        planned_for=live_session.planned_for,
        rehearsal=live_session.rehearsal,
        leads=leads,
        may_be_taken_over=not leads and not live_session.rehearsal,
    )
