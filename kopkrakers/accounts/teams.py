"""Teams of a gemeente: their names, their rhythm and their team links."""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from kopkrakers.accounts.models import (
    GEMEENTE,
    INVITATION,
    MEMBERSHIP,
    TEAM,
    InvitationEnd,
    InvitationKind,
    Rhythm,
    Team,
)
from kopkrakers.accounts.rules import new_token, token_hash
from kopkrakers.accounts.service import end_links, id_of
from kopkrakers.base.db import changed
from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.typed import by_name, fold

NAME_IS_TAKEN = "Er is al een team met deze naam. Kies een andere."


@dataclass(frozen=True)
class TeamLine:
    """A team in the beheerder's list."""

    id: int
    name: str
    rhythm: Rhythm
    has_link: bool
    people: int


@dataclass(frozen=True)
class LinkedTeam:
    """The team behind a team link."""

    team_id: int
    name: str
    gemeente_id: int
    gemeente: str


def teams(session: Session, gemeente_id: int) -> list[TeamLine]:
    """Return the teams of a gemeente, by name."""
    # not by a join: the columns of its team would be compared for every member
    people = select(func.count()).where(MEMBERSHIP.c.team_id == TEAM.c.id).scalar_subquery()
    rows = session.execute(
        select(TEAM, people.label("people")).where(TEAM.c.gemeente_id == gemeente_id)
    )
    lines = []
    for row in rows:
        has_link = row.link_hash is not None
        lines.append(TeamLine(row.id, row.name, Rhythm(row.rhythm), has_link, row.people))
    return by_name(lines, lambda line: line.name)


def team(session: Session, gemeente_id: int, team_id: int) -> TeamLine:
    """Return one team of this gemeente.

    Raises: NotYours for any other.
    """
    for line in teams(session, gemeente_id):
        if line.id == team_id:
            return line
    raise NotYours


def add_team(session: Session, gemeente_id: int, name: str) -> int:
    """Add a team and return its id.

    Raises: WrongInput when the gemeente has one of that name.
    """
    _refuse_taken_name(session, gemeente_id, name)
    new = Team(gemeente_id=gemeente_id, name=name)
    session.add(new)
    try:
        session.flush()
    # somebody else gave that name at this moment
    except IntegrityError:
        raise WrongInput(NAME_IS_TAKEN, "naam") from None
    return id_of(new)


def rename_team(session: Session, gemeente_id: int, team_id: int, name: str) -> None:
    """Give a team another name.

    Raises: WrongInput when the gemeente has one of that name; NotYours.
    """
    _refuse_taken_name(session, gemeente_id, name, except_for=team_id)
    try:
        _update_team(session, gemeente_id, team_id, name=name)
    except IntegrityError:
        raise WrongInput(NAME_IS_TAKEN, "naam") from None


def _refuse_taken_name(
    session: Session, gemeente_id: int, name: str, except_for: int | None = None
) -> None:
    """Refuse a name that people cannot tell from that of another team.

    The constraint of the table refuses only an exact copy.
    """
    for line in teams(session, gemeente_id):
        if line.id != except_for and fold(line.name) == fold(name):
            raise WrongInput(NAME_IS_TAKEN, "naam")


def set_rhythm(session: Session, gemeente_id: int, team_id: int, rhythm: Rhythm) -> None:
    """Give this team a dilemma every working day, three a week, or one a week.

    Raises: NotYours.
    """
    _update_team(session, gemeente_id, team_id, rhythm=rhythm)


def renew_link(session: Session, gemeente_id: int, team_id: int) -> str:
    """Make a new team link and return its token, shown this once; the old link stops.

    Raises: NotYours.
    """
    token = new_token()
    _update_team(session, gemeente_id, team_id, link_hash=token_hash(token))
    return token


def revoke_link(session: Session, gemeente_id: int, team_id: int) -> None:
    """Take the link of a team away; mails that it sent are withdrawn too.

    Raises: NotYours.
    """
    _update_team(session, gemeente_id, team_id, link_hash=None)
    end_links(
        session,
        InvitationEnd.WITHDRAWN,
        INVITATION.c.team_id == team_id,
        INVITATION.c.kind == InvitationKind.ADDRESS,
    )


def team_of_link(session: Session, token: str) -> LinkedTeam:
    """Return the team behind a link.

    Raises: NotYours when the link was revoked, renewed or never there.
    """
    row = session.execute(
        select(TEAM.c.id, TEAM.c.name, TEAM.c.gemeente_id, GEMEENTE.c.name.label("gemeente"))
        .join(GEMEENTE, GEMEENTE.c.id == TEAM.c.gemeente_id)
        .where(TEAM.c.link_hash == token_hash(token))
    ).first()
    if row is None:
        raise NotYours(
            "Deze teamlink werkt niet meer. Vraag je collega of de beheerder om de nieuwe."
        )
    return LinkedTeam(row.id, row.name, row.gemeente_id, row.gemeente)


def _update_team(session: Session, gemeente_id: int, team_id: int, **values: object) -> None:
    statement = update(TEAM).where(TEAM.c.id == team_id, TEAM.c.gemeente_id == gemeente_id)
    if changed(session.execute(statement.values(**values))) != 1:
        raise NotYours
