"""All that can happen in live sessions, for the pages: one name for what lies in files by subject."""

from kopkrakers.intervisie.pages.choosing import (
    figures_beforehand,
    plan_page,
    use_turn_for_figures,
    werkvorm_lines,
)
from kopkrakers.intervisie.pages.looking import phone, regie, screen, team_sessions
from kopkrakers.intervisie.pages.report_files import as_calendar, as_markdown
from kopkrakers.intervisie.pages.versions import nothing_new
from kopkrakers.intervisie.session.cases import Dilemma, OwnCase
from kopkrakers.intervisie.session.planning import cancel, open_lobby, plan_session, set_second
from kopkrakers.intervisie.session.reports import (
    delete_report,
    report,
    set_agreement,
    set_look_back,
)
from kopkrakers.intervisie.session.room import (
    end,
    extend_timer,
    join,
    leave,
    move_step,
    start,
    start_timer,
    stop_timer,
)
from kopkrakers.intervisie.session.rounds import (
    cast_vote,
    close_round,
    judge_reason,
    open_round,
    reveal_round,
)
from kopkrakers.intervisie.session.states import ReasonState, clean_code
from kopkrakers.intervisie.session.store import regie_mark, version_of

__all__ = [
    "Dilemma",
    "OwnCase",
    "ReasonState",
    "as_calendar",
    "as_markdown",
    "cancel",
    "cast_vote",
    "clean_code",
    "close_round",
    "delete_report",
    "end",
    "extend_timer",
    "figures_beforehand",
    "join",
    "judge_reason",
    "leave",
    "move_step",
    "nothing_new",
    "open_lobby",
    "open_round",
    "phone",
    "plan_page",
    "plan_session",
    "regie",
    "regie_mark",
    "report",
    "reveal_round",
    "screen",
    "set_agreement",
    "set_look_back",
    "set_second",
    "start",
    "start_timer",
    "stop_timer",
    "team_sessions",
    "use_turn_for_figures",
    "version_of",
    "werkvorm_lines",
]
