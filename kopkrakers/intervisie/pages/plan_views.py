"""What the team page and the planning of a session get: frozen."""

from dataclasses import dataclass
from datetime import date

from kopkrakers.intervisie.session.cases import Case
from kopkrakers.intervisie.session.figures import Figures
from kopkrakers.intervisie.session.reports import LookBack, ReportLine
from kopkrakers.intervisie.session.states import SessionState


@dataclass(frozen=True)
class SessionLine:
    """A planned or running session in a team's list. `leads`: whether this person is one of its begeleiders."""

    code: str
    title: str
    werkvorm_name: str
    state: SessionState
    planned_for: date | None
    rehearsal: bool
    leads: bool


@dataclass(frozen=True)
class TeamSessions:
    """What the team page shows of sessions."""

    sessions: tuple[SessionLine, ...]
    reports: tuple[ReportLine, ...]
    look_back: LookBack | None


@dataclass(frozen=True)
class Subject:
    """A dilemma that can be chosen. `on_agenda`: colleagues asked for it."""

    slug: str
    title: str
    theme: str
    on_agenda: bool


@dataclass(frozen=True)
class WerkvormLine:
    """A werkvorm that can be chosen."""

    slug: str
    name: str
    purpose: str
    for_whom: str
    minutes: int
    group: tuple[int, int]
    warning: str | None
    is_default: bool


@dataclass(frozen=True)
class PlanPage:
    """What the begeleider chooses from. `seconds`: (user id, name) of other begeleiders in the team."""

    team_id: int
    team: str
    subjects: tuple[Subject, ...]
    werkvormen: tuple[WerkvormLine, ...]
    seconds: tuple[tuple[int, str], ...]
    look_back: LookBack | None


@dataclass(frozen=True)
class Preparation:
    """A dilemma with its figures, for the begeleider's choice; `figures` is None while their own turn is unused."""

    case: Case
    figures: Figures | None
