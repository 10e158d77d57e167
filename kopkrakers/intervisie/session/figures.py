"""The daily figures on the card of a session, and the turns that seeing them uses up."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import Session

from kopkrakers.accounts.models import MEMBERSHIP, TEAM, USER
from kopkrakers.answers.figures import distributions_of
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import use_turn_by_looking
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.intervisie.session.cases import Case, has_daily_figures
from kopkrakers.intervisie.session.store import GUEST, SessionRow
from kopkrakers.pools.reading import edition_pool, is_pilot
from kopkrakers.privacy.release import ReleasedDistribution, ReleasedNational, ReleasedTop
from kopkrakers.tallies.models import NL


@dataclass(frozen=True)
class CaseFigures:
    """The counted daily answers on a card; None where nothing was counted.

    `local_name`: the gemeente or regio that the team is counted with, if any. Doubtful ones are not
    shown: somebody changed totals in the database. `is_pilot`: nothing was counted, and nothing
    will be, for too few people are on this server.
    """

    local_name: str | None
    local: ReleasedDistribution | ReleasedTop | None
    local_is_doubtful: bool
    national: ReleasedNational | None
    national_is_doubtful: bool
    is_pilot: bool = False


_TEAM = select(TEAM.c.name.label("team"), TEAM.c.gemeente_id).where(
    TEAM.c.id == bindparam("team_id")
)
_NAMES = (
    select(USER.c.name)
    .join(MEMBERSHIP, MEMBERSHIP.c.user_id == USER.c.id)
    .where(MEMBERSHIP.c.team_id == bindparam("team_id"))
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
    """Return the name of a team."""
    return str(session.execute(_TEAM, {"team_id": team_id}).one().team)


def names_in_team(session: Session, team_id: int) -> list[str]:
    """Return the names of the people in a team."""
    return list(filter(None, session.execute(_NAMES, {"team_id": team_id}).scalars()))


def figures_of(session: Session, keys: Keys, case: Case, gemeente_id: int) -> CaseFigures | None:
    """Return the counted daily answers on a dilemma; None for an eigen casus or own options.

    `keys` verify the totals. The caller made sure that they may be seen.
    """
    if case.dilemma is None or case.edition is None or case.written:
        return None
    pool = edition_pool(
        session, gemeente_id=gemeente_id, dilemma=case.dilemma, edition=case.edition
    )
    local_name, scope = None, None
    # whose gemeente is in no pool for this edition sees the national figures alone
    if pool and pool.pool:
        local_name, scope = pool.pool.title, pool.pool.scope
    shown = distributions_of(session, keys, case.dilemma, case.edition, case.option_codes, scope)
    # accounts are verified to know a pilot, so it is asked only where no figure is
    of_nobody = scope is None and shown.national is None and NL not in shown.doubtful
    return CaseFigures(
        local_name=local_name,
        local=shown.local,
        local_is_doubtful=scope in shown.doubtful,
        national=shown.national,
        national_is_doubtful=NL in shown.doubtful,
        is_pilot=of_nobody and is_pilot(session, keys),
    )


def session_figures(
    session: Session, keys: Keys, live_session: SessionRow, case: Case
) -> CaseFigures | None:
    """Return the figures beside a session's own; None in a rehearsal, which uses up no turn."""
    if live_session.rehearsal:
        return None
    team = session.execute(_TEAM, {"team_id": live_session.team_id}).one()
    return figures_of(session, keys, case, team.gemeente_id)


def use_turns(
    session: Session, live_session: SessionRow, user_ids: Iterable[int], turn_keys: Keys
) -> None:
    """Use up the daily turn of people who see the figures now, if they did not answer."""
    if not has_daily_figures(live_session) or live_session.rehearsal:
        return
    # in one order, so that two reveals at once never wait for each other
    for user_id in sorted(set(user_ids)):
        use_turn(
            session,
            voter=Voter(user_id, turn_keys),
            dilemma=live_session.dilemma,
            edition=live_session.edition,
        )


def use_turn(session: Session, *, voter: Voter, dilemma: str, edition: int) -> None:
    """Use up one person's turn.

    Not once the edition was settled: from then on nothing is kept of who took part.
    """
    params = {"dilemma": dilemma, "edition": edition}
    if session.execute(_TAKES_TURNS, params).first() is not None:
        use_turn_by_looking(session, voter=voter, dilemma=dilemma, edition=edition)


def guests_of(session: Session, live_session: SessionRow) -> list[int]:
    """Return the ids of the signed-in people who joined."""
    return list(session.execute(_GUESTS, {"session_id": live_session.id}).scalars())
