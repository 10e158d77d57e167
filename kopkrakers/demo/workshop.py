"""The sessions that stand planned in the demo: on stellingen, and on a case that unfolds."""

from datetime import datetime, timedelta

from sqlalchemy import select

from kopkrakers.accounts.models import MEMBERSHIP, Role
from kopkrakers.accounts.personas import first_of
from kopkrakers.accounts.service import visitor_by_email
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.catalogue.editions.archive import archive
from kopkrakers.catalogue.stellingen.reading import stellingen_sets
from kopkrakers.demo.stage import Stage
from kopkrakers.intervisie.session.cases import Dilemma, Subject
from kopkrakers.intervisie.session.planning import SessionPlan, plan_session
from kopkrakers.intervisie.session.wording.stellingen import Stellingen
from kopkrakers.intervisie.werkvormen.reading import STELLINGEN, UNFOLDING

SET = "ruimte-in-de-regels"
IN_DAYS = 2


def plan_workshop(stage: Stage, now: datetime) -> str:
    """Plan a session with a set of stellingen for the team of the begeleider; return its code."""
    codes = tuple(stelling.code for stelling in stellingen_sets()[SET].stellingen)
    return _plan(stage, STELLINGEN, Stellingen(SET, codes), now)


def plan_unfolding(stage: Stage, now: datetime) -> str | None:
    """Plan a session on the newest dilemma with chapters; return its code, None without one."""
    with stage.database.reading() as session:
        published = archive(session, stage.library, amsterdam_day(now))
    for entry in published:
        if entry.card.chapters:
            return _plan(stage, UNFOLDING, Dilemma(entry.card.slug), now)
    return None


def _plan(stage: Stage, werkvorm: str, subject: Subject, now: datetime) -> str:
    leads = first_of(Role.BEGELEIDER)
    today = amsterdam_day(now)
    with stage.database.transaction() as session:
        begeleider = visitor_by_email(session, leads.email, stage.counter.keys)
        of_begeleider = select(MEMBERSHIP.c.team_id).where(MEMBERSHIP.c.user_id == begeleider.id)
        plan = SessionPlan(
            team_id=session.execute(of_begeleider).scalars().one(),
            werkvorm=werkvorm,
            subject=subject,
            planned_for=today + timedelta(days=IN_DAYS),
        )
        return plan_session(session, stage.library, plan, user_id=begeleider.id, today=today)
