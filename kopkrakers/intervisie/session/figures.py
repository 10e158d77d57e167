"""What colleagues elsewhere chose on the same card, and whose daily turn is used up by seeing it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.accounts.models import Gemeente, Team
from kopkrakers.answers.service import EDITION, distributions_of, use_turn_by_looking
from kopkrakers.base.db import table
from kopkrakers.intervisie.session.cases import Case
from kopkrakers.intervisie.session.store import GUEST, SessionRow
from kopkrakers.privacy.release import ReleasedDistribution


@dataclass(frozen=True)
class CaseFigures:
    """What colleagues elsewhere chose on the same card, from the daily dilemma; None where nothing was counted."""

    gemeente_name: str
    gemeente: ReleasedDistribution | None
    land: ReleasedDistribution | None


TEAM = table(Team)
GEMEENTE = table(Gemeente)
_TEAM = (
    select(
        TEAM.c.name.label("team"),
        GEMEENTE.c.id.label("gemeente_id"),
        GEMEENTE.c.name.label("gemeente"),
    )
    .join(GEMEENTE, GEMEENTE.c.id == TEAM.c.gemeente_id)
    .where(TEAM.c.id == bindparam("team_id"))
)
_TAKES_TURNS = select(EDITION.c.number).where(
    EDITION.c.dilemma == bindparam("dilemma"),
    EDITION.c.number == bindparam("edition"),
    EDITION.c.settled.is_(False),
)
_GUESTS = (
    select(GUEST.c.user_id)
    .where(GUEST.c.session_id == bindparam("session_id"))
    .order_by(GUEST.c.user_id)
)


def team_name(session: Session, team_id: int) -> str:
    """The name of a team."""
    return str(session.connection().execute(_TEAM, {"team_id": team_id}).one().team)


def figures_of(session: Session, case: Case, gemeente_id: int, gemeente: str) -> CaseFigures | None:
    """The counted daily answers on a dilemma; None for an eigen casus. The caller made sure they may be seen."""
    if case.dilemma is None or case.edition is None:
        return None
    distributions = distributions_of(
        session, case.dilemma, case.edition, case.option_codes, gemeente_id
    )
    return CaseFigures(gemeente, distributions.gemeente, distributions.national)


def session_figures(session: Session, live_session: SessionRow, case: Case) -> CaseFigures | None:
    """The figures beside a session's own; none in a rehearsal, which uses up nobody's turn."""
    if live_session.rehearsal:
        return None
    team = session.connection().execute(_TEAM, {"team_id": live_session.team_id}).one()
    return figures_of(session, case, team.gemeente_id, team.gemeente)


def use_turns(session: Session, live_session: SessionRow, user_ids: Iterable[int]) -> None:
    """These people see the figures now: whoever did not answer has used their daily turn."""
    if live_session.dilemma is None or live_session.rehearsal:
        return
    for user_id in sorted(set(user_ids)):
        use_turn(
            session, user_id=user_id, dilemma=live_session.dilemma, edition=live_session.edition
        )


def use_turn(session: Session, *, user_id: int, dilemma: str, edition: int) -> None:
    """Use up one person's turn, unless the edition was settled: then nothing of who took part is kept."""
    which = {"dilemma": dilemma, "edition": edition}
    if session.connection().execute(_TAKES_TURNS, which).first() is not None:
        use_turn_by_looking(session, user_id=user_id, dilemma=dilemma, edition=edition)


def guests_of(session: Session, live_session: SessionRow) -> list[int]:
    """The signed-in people who joined."""
    return list(session.connection().execute(_GUESTS, {"session_id": live_session.id}).scalars())
