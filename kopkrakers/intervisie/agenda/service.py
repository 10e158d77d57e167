"""The agenda of a team: shown, added to, and cleared.

A dilemma stands on the agenda from the first wish, without a number until `release_wishes` tells
one: a team of four would otherwise hardly ever have an agenda, and what shows is only that somebody
wants to talk, never who and never a choice. Where that would name a person, in a team smaller than
`AGENDA_MINIMUM`, nothing is shown.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlmodel import Session

from kopkrakers.accounts.models import MEMBERSHIP, USER, Status
from kopkrakers.accounts.service import OwnTeam, own_team, teams_of
from kopkrakers.base.db import Rows, insert_once, table
from kopkrakers.base.errors import NotYours
from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import by_name
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.agenda.models import AgendaWish
from kopkrakers.intervisie.agenda.rules import agenda_is_shown, wish_pseudonym
from kopkrakers.privacy.release import ReleasedWishes, release_wishes

WISH = table(AgendaWish)

_AGENDA = (
    select(WISH.c.dilemma, func.count().label("n"))
    .where(WISH.c.team_id == bindparam("team_id"))
    .group_by(WISH.c.dilemma)
)
_OWN = MEMBERSHIP.alias()
_MEMBERS = (
    select(func.count())
    .select_from(MEMBERSHIP.join(USER, USER.c.id == MEMBERSHIP.c.user_id))
    .where(MEMBERSHIP.c.team_id == _OWN.c.team_id, USER.c.status == Status.ACTIVE)
    .correlate(_OWN)
    .scalar_subquery()
)
_WISHES_OF_TEAMS = (
    select(func.count().label("wishes"), _MEMBERS.label("members"))
    .select_from(_OWN.join(WISH, WISH.c.team_id == _OWN.c.team_id))
    .where(_OWN.c.user_id == bindparam("user_id"), WISH.c.dilemma == bindparam("dilemma"))
    .group_by(_OWN.c.team_id)
)


@dataclass(frozen=True)
class AgendaItem:
    """A dilemma that colleagues want to talk about."""

    slug: str
    title: str
    theme: str
    wishes: ReleasedWishes


@dataclass(frozen=True)
class TeamPage:
    """A team as its members see it. `agenda` is None where it would name a person."""

    team: OwnTeam
    teams: tuple[OwnTeam, ...]
    agenda: tuple[AgendaItem, ...] | None


@dataclass(frozen=True)
class AddedWish:
    """A wish that was added, and whether its team will see it."""

    team: OwnTeam
    is_shown: bool


def team_page(
    session: Session, library: Library, *, user_id: int, team_id: int | None
) -> TeamPage | None:
    """Return a team's page, of this person's first team if none is named.

    None for someone without a team.
    Raises: NotYours for a team of others.
    """
    teams = teams_of(session, user_id)
    if not teams and team_id is None:
        return None
    if team_id is None:
        team = teams[0]
    else:
        team = own_team(teams, team_id)
    agenda = None
    if agenda_is_shown(len(team.members)):
        agenda = _agenda(session, library, team)
    return TeamPage(team, tuple(teams), agenda)


def add_wish(
    session: Session,
    library: Library,
    *,
    user_id: int,
    team_id: int,
    dilemma: str,
    keys: Keys,
) -> AddedWish:
    """Put a dilemma on the agenda of one of this person's teams; a second time changes nothing.

    Raises: NotYours for an unknown dilemma or a team of others.
    """
    # the form sends a slug: without this anybody could put any text on a team's page
    if dilemma not in library.cards():
        raise NotYours("Dit dilemma bestaat niet, of niet meer.")
    team = own_team(teams_of(session, user_id), team_id)
    now, *before = (wish_pseudonym(key, team.id, dilemma, user_id) for key in keys.all)
    if before:
        # made with an earlier key, it would count the same colleague twice
        earlier = (*_wishes(team.id, dilemma), WISH.c.mark.in_(before))
        session.execute(delete(WISH).where(*earlier))
    row = {"team_id": team.id, "dilemma": dilemma, "mark": now}
    # whether it was there already is not told: the page is the same for those who wished and
    # those who did not
    insert_once(session, WISH, row)
    return AddedWish(team, agenda_is_shown(len(team.members)))


def who_want_to_talk(session: Rows, user_id: int, dilemma: str) -> int | None:
    """Return at least how many colleagues in one team of this person want to talk about a dilemma.

    None where that is not told. It is the same for those who wished and those who did not.
    """
    told = []
    for row in session.connection().execute(
        _WISHES_OF_TEAMS, {"user_id": user_id, "dilemma": dilemma}
    ):
        told.append(release_wishes(row.wishes, row.members).n)
    return max((n for n in told if n is not None), default=None)


def remove_from_agenda(session: Session, *, user_id: int, team_id: int, dilemma: str) -> None:
    """Take a dilemma off the agenda, with every wish for it.

    Raises: NotYours for a team of others.
    """
    team = own_team(teams_of(session, user_id), team_id)
    leave_agenda(session, team_id=team.id, dilemma=dilemma)


def leave_agenda(session: Session, *, team_id: int, dilemma: str) -> None:
    """Take a dilemma off a team's agenda: someone may, or the team talked about it."""
    session.execute(delete(WISH).where(*_wishes(team_id, dilemma)))


def _wishes(team_id: int, dilemma: str) -> tuple[Any, Any]:
    return WISH.c.team_id == team_id, WISH.c.dilemma == dilemma


def _agenda(session: Session, library: Library, team: OwnTeam) -> tuple[AgendaItem, ...]:
    """Return the agenda, the most wished first.

    Below the number that is shown all are alike, so they stand by title.
    """
    cards = library.cards()
    items = []
    for row in session.execute(_AGENDA, {"team_id": team.id}):
        # a card that was deleted or withdrawn since cannot be talked about; its wishes stay
        card = cards.get(row.dilemma)
        if card is not None:
            wishes = release_wishes(row.n, len(team.members))
            items.append(AgendaItem(card.slug, card.title, card.theme, wishes))
    # the exact number must not show in the order either, so the number that is told decides
    by_title = by_name(items, lambda item: item.title)
    return tuple(sorted(by_title, key=lambda item: -(item.wishes.n or 0)))
