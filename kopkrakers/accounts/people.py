"""What a beheerder may do for the people of the own gemeente. Nothing here knows who took part in what."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from kopkrakers.accounts import service
from kopkrakers.accounts.models import Membership, Role, Status, Team, User, UserRole
from kopkrakers.accounts.rules import check_roles
from kopkrakers.accounts.service import RemovalStep, change, id_of
from kopkrakers.accounts.teams import teams
from kopkrakers.base.errors import NotAllowed, NotYours, WrongInput
from kopkrakers.base.typed import by_name, contains_words, fold

GIVEN_BY_BEHEERDER = (Role.KLANTMANAGER, Role.LEIDINGGEVENDE, Role.BEGELEIDER, Role.BEHEERDER)
"""Roles inside a gemeente. Redacteur and onderzoeker serve all: whoever runs the server gives those."""


@dataclass(frozen=True)
class PersonLine:
    """Someone in the beheerder's list: who they are, never what they did."""

    id: int
    name: str
    email: str
    blocked: bool
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    team_ids: frozenset[int]


def people(session: Session, gemeente_id: int) -> list[PersonLine]:
    """Everyone with an account in a gemeente, by name."""
    here = col(User.gemeente_id) == gemeente_id, col(User.status) != Status.REMOVED
    users = session.execute(select(User).where(*here).order_by(col(User.id))).scalars()
    roles: dict[int, list[str]] = defaultdict(list)
    role_rows = (
        select(col(UserRole.user_id), col(UserRole.role))
        .join(User)
        .where(*here)
        .order_by(col(UserRole.role))
    )
    for user_id, role in session.execute(role_rows):
        roles[user_id].append(role)
    joined: dict[int, list[tuple[int, str]]] = defaultdict(list)
    team_rows = (
        select(col(Membership.user_id), col(Team.id), col(Team.name))
        .join(Team, col(Team.id) == Membership.team_id)
        .join(User, col(User.id) == Membership.user_id)
        .where(*here)
    )
    for user_id, team_id, name in by_name(session.execute(team_rows), lambda row: row.name):
        joined[user_id].append((team_id, name))
    lines = [_line(user, roles[id_of(user)], joined[id_of(user)]) for user in users]
    return by_name(lines, lambda line: line.name)


def found(lines: Iterable[PersonLine], words: str) -> list[PersonLine]:
    """Those who have every word in their name, address or teams."""
    return [
        line
        for line in lines
        if contains_words(fold(" ".join((line.name, line.email, *line.teams))), words)
    ]


def _line(user: User, roles: list[str], joined: list[tuple[int, str]]) -> PersonLine:
    return PersonLine(
        id=id_of(user),
        name=user.name or "",
        email=user.email or "",
        blocked=user.status == Status.BLOCKED,
        roles=tuple(roles),
        teams=tuple(name for _, name in joined),
        team_ids=frozenset(team_id for team_id, _ in joined),
    )


def person(session: Session, gemeente_id: int, user_id: int) -> PersonLine:
    """One person of this gemeente.

    Raises: NotYours for anyone else.
    """
    for line in people(session, gemeente_id):
        if line.id == user_id:
            return line
    raise NotYours


def set_blocked(
    session: Session, gemeente_id: int, user_id: int, *, by: int, blocked: bool
) -> None:
    """Let an account stand still, or go on again; its sessions end.

    Raises: NotAllowed for oneself; NotYours.
    """
    if user_id == by:
        raise NotAllowed(
            "Je eigen account stilzetten kan niet. Vraag dat aan een andere beheerder."
        )
    _update_person(
        session, gemeente_id, user_id, status=Status.BLOCKED if blocked else Status.ACTIVE
    )


def set_teams(session: Session, gemeente_id: int, user_id: int, team_ids: Iterable[int]) -> None:
    """Move someone: be a member of exactly these teams.

    Raises: NotYours for a person or a team of another gemeente.
    """
    wished = set(team_ids)
    person(session, gemeente_id, user_id)
    if not wished <= {line.id for line in teams(session, gemeente_id)}:
        raise NotYours
    session.execute(
        delete(Membership).where(
            col(Membership.user_id) == user_id, col(Membership.team_id).not_in(wished)
        )
    )
    for team_id in sorted(wished):
        service.put_in_team(session, user_id, team_id)


def set_roles(
    session: Session, gemeente_id: int, user_id: int, roles: Iterable[str], *, by: int
) -> None:
    """Give someone exactly these roles of the gemeente; redacteur and onderzoeker stay as they are.

    Raises: WrongInput for roles that cannot go together; NotAllowed for one's own last key; NotYours.
    """
    had = frozenset(person(session, gemeente_id, user_id).roles)
    kept = had - frozenset(GIVEN_BY_BEHEERDER)
    given = check_roles([*roles, *kept])
    if not given - kept <= frozenset(GIVEN_BY_BEHEERDER):
        raise WrongInput("Deze rol geeft wie de server beheert. Kies een andere.", "rollen")
    if user_id == by and Role.BEHEERDER not in given:
        raise NotAllowed(
            "Je eigen rol als beheerder afgeven kan niet. Vraag dat aan een andere beheerder."
        )
    if given != had:
        service.give_roles(session, user_id, given)
        service.sign_out_everywhere(session, user_id)


def remove(
    session: Session, gemeente_id: int, user_id: int, *, by: int, steps: Iterable[RemovalStep]
) -> None:
    """Remove someone of this gemeente; `steps` as for `service.remove_person`.

    Raises: NotAllowed for oneself, who does that at /account; NotYours.
    """
    if user_id == by:
        raise NotAllowed("Je eigen account verwijder je bij Account.")
    person(session, gemeente_id, user_id)
    service.remove_person(session, user_id, steps)


def _update_person(session: Session, gemeente_id: int, user_id: int, **values: object) -> None:
    own = update(User).where(
        col(User.id) == user_id,
        col(User.gemeente_id) == gemeente_id,
        col(User.status) != Status.REMOVED,
    )
    if change(session, own.values(**values, generation=User.generation + 1)) != 1:
        raise NotYours
