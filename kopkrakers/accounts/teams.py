"""Teams of a gemeente: their names, their rhythm and their joining links."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from kopkrakers.accounts.models import Gemeente, Invitation, Kind, Membership, Team
from kopkrakers.accounts.rules import new_token, token_hash
from kopkrakers.accounts.service import change, id_of
from kopkrakers.base.db import table
from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.typed import by_name, fold

NAME_IS_TAKEN = "Er is al een team met deze naam. Kies een andere."


@dataclass(frozen=True)
class TeamLine:
    """A team in the beheerder's list."""

    id: int
    name: str
    weekly: bool
    has_link: bool
    people: int


@dataclass(frozen=True)
class Door:
    """A team behind its link."""

    team_id: int
    team: str
    gemeente_id: int
    gemeente: str


def teams(session: Session, gemeente_id: int) -> list[TeamLine]:
    """The teams of a gemeente, by name."""
    rows = session.execute(
        select(Team, func.count(col(Membership.user_id)))
        .outerjoin(Membership, col(Membership.team_id) == Team.id)
        .where(col(Team.gemeente_id) == gemeente_id)
        .group_by(*table(Team).c)
    ).all()
    lines = [TeamLine(id_of(t), t.name, t.weekly, t.link_hash is not None, n) for t, n in rows]
    return by_name(lines, lambda line: line.name)


def team(session: Session, gemeente_id: int, team_id: int) -> TeamLine:
    """One team of this gemeente.

    Raises: NotYours for any other.
    """
    for line in teams(session, gemeente_id):
        if line.id == team_id:
            return line
    raise NotYours


def add_team(session: Session, gemeente_id: int, name: str) -> int:
    """A new team; its id.

    Raises: WrongInput when the gemeente has one of that name.
    """
    _hold_free(session, gemeente_id, name)
    new = Team(gemeente_id=gemeente_id, name=name)
    session.add(new)
    try:
        session.flush()
    except IntegrityError:
        raise WrongInput(NAME_IS_TAKEN, "naam") from None
    return id_of(new)


def _hold_free(session: Session, gemeente_id: int, name: str, but: int | None = None) -> None:
    """Refuse a name that people cannot tell from that of another team; the database only its copy."""
    for line in teams(session, gemeente_id):
        if line.id != but and fold(line.name) == fold(name):
            raise WrongInput(NAME_IS_TAKEN, "naam")


def rename_team(session: Session, gemeente_id: int, team_id: int, name: str) -> None:
    """Give a team another name.

    Raises: WrongInput when the gemeente has one of that name; NotYours.
    """
    _hold_free(session, gemeente_id, name, but=team_id)
    try:
        _update_team(session, gemeente_id, team_id, name=name)
    except IntegrityError:
        raise WrongInput(NAME_IS_TAKEN, "naam") from None


def set_weekly(session: Session, gemeente_id: int, team_id: int, *, weekly: bool) -> None:
    """One dilemma a week (Monday's) for this team, or one a day.

    Raises: NotYours.
    """
    _update_team(session, gemeente_id, team_id, weekly=weekly)


def renew_link(session: Session, gemeente_id: int, team_id: int) -> str:
    """A new joining link for a team; the old one stops. Its token, shown this once.

    Raises: NotYours.
    """
    token = new_token()
    _update_team(session, gemeente_id, team_id, link_hash=token_hash(token))
    return token


def revoke_link(session: Session, gemeente_id: int, team_id: int) -> None:
    """Let the team have no link; mails it already sent are withdrawn too.

    Raises: NotYours.
    """
    _update_team(session, gemeente_id, team_id, link_hash=None)
    session.execute(
        delete(Invitation)
        .where(col(Invitation.team_id) == team_id, col(Invitation.kind) == Kind.ADDRESS)
        .where(col(Invitation.used).is_(False))
    )


def door(session: Session, token: str) -> Door:
    """The team behind a link.

    Raises: NotYours when the link was revoked, renewed or never there.
    """
    found = session.execute(
        select(Team, col(Gemeente.name))
        .join(Gemeente, col(Gemeente.id) == Team.gemeente_id)
        .where(col(Team.link_hash) == token_hash(token))
    ).first()
    if found is None:
        raise NotYours(
            "Deze teamlink werkt niet meer. Vraag je collega of de beheerder om de nieuwe."
        )
    team, gemeente = found
    return Door(id_of(team), team.name, team.gemeente_id, gemeente)


def _update_team(session: Session, gemeente_id: int, team_id: int, **values: object) -> None:
    own = update(Team).where(col(Team.id) == team_id, col(Team.gemeente_id) == gemeente_id)
    if change(session, own.values(**values)) != 1:
        raise NotYours
