"""The people of a gemeente, for its beheerder. Nothing here knows who took part in what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update
from sqlmodel import Session

from kopkrakers.accounts import service
from kopkrakers.accounts.chain.changes import begin_change, changing
from kopkrakers.accounts.models import MEMBERSHIP, TEAM, USER, USER_ROLE, Change, Role, Status
from kopkrakers.accounts.places import check_place
from kopkrakers.accounts.rules import check_roles
from kopkrakers.accounts.service import RemovalStep
from kopkrakers.accounts.teams import teams
from kopkrakers.base.db import changed
from kopkrakers.base.errors import NotAllowed, NotYours, WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.paging import ListPage, nearest_page
from kopkrakers.base.typed import LONGEST_ADDRESS, by_name, fold, folded_words

GIVEN_BY_BEHEERDER = (Role.KLANTMANAGER, Role.LEIDINGGEVENDE, Role.BEGELEIDER, Role.BEHEERDER)
"""Roles inside a gemeente. The operator gives redacteur and onderzoeker, who serve them all."""
PAGE = 25
"""People on a page of the beheerder's list."""
MOST_WORDS = 20
"""Of what was typed to find people by: a database takes no condition of any length."""


@dataclass(frozen=True)
class PersonLine:
    """A person in the beheerder's list: who they are, never what they did."""

    id: int
    name: str
    email: str
    blocked: bool
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    team_ids: frozenset[int]


def people(
    session: Session, gemeente_id: int, *conditions: ColumnElement[bool]
) -> list[PersonLine]:
    """Return everyone with an account in a gemeente for whom the conditions hold, by name."""
    chosen = and_(*_in_gemeente(gemeente_id), *conditions)
    # three statements for everybody, rather than two for each person
    accounts = session.execute(select(USER).where(chosen).order_by(USER.c.id))
    every_role = (
        select(USER_ROLE.c.user_id, USER_ROLE.c.role)
        .join(USER, USER.c.id == USER_ROLE.c.user_id)
        .where(chosen)
        .order_by(USER_ROLE.c.role)
    )
    roles: dict[int, list[str]] = defaultdict(list)
    for row in session.execute(every_role):
        roles[row.user_id].append(row.role)
    every_membership = (
        select(MEMBERSHIP.c.user_id, TEAM.c.id, TEAM.c.name)
        .join(TEAM, TEAM.c.id == MEMBERSHIP.c.team_id)
        .join(USER, USER.c.id == MEMBERSHIP.c.user_id)
        .where(chosen)
    )
    teams = by_name(session.execute(every_membership), lambda row: row.name)
    memberships: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in teams:
        memberships[row.user_id].append(row)
    lines = []
    for account in accounts:
        lines.append(_line(account, roles[account.id], memberships[account.id]))
    return by_name(lines, lambda line: line.name)


def _in_gemeente(gemeente_id: int) -> tuple[ColumnElement[bool], ...]:
    return USER.c.gemeente_id == gemeente_id, USER.c.status != Status.REMOVED


def _line(account: Row[Any], roles: list[str], own_teams: list[Row[Any]]) -> PersonLine:
    return PersonLine(
        id=account.id,
        name=account.name or "",
        email=account.email or "",
        blocked=account.status == Status.BLOCKED,
        roles=tuple(roles),
        teams=tuple(team.name for team in own_teams),
        team_ids=frozenset(team.id for team in own_teams),
    )


def find_people(
    session: Session, gemeente_id: int, words: str, number: int
) -> ListPage[PersonLine]:
    """Return a page of the people who have every word in their name, address or teams.

    Without words that is everyone. Of a number without a page: the nearest one there is.
    """
    chosen = [*_in_gemeente(gemeente_id)]
    typed = folded_words(words)[:MOST_WORDS]
    if typed:
        team_names = _team_names(session, gemeente_id)
        chosen += [_has_word(team_names, word[:LONGEST_ADDRESS]) for word in typed]
        return _searched(session, gemeente_id, chosen, number)
    total = session.execute(select(func.count()).select_from(USER).where(*chosen)).scalar_one()
    number = nearest_page(number, total, PAGE)
    by_sort_name = select(USER.c.id).where(*chosen).order_by(USER.c.sort_name, USER.c.id)
    ids = session.execute(by_sort_name.limit(PAGE).offset((number - 1) * PAGE)).scalars().all()
    lines = people(session, gemeente_id, USER.c.id.in_(ids))
    return ListPage(tuple(lines), number, total, PAGE)


# D-164
def _searched(
    session: Session, gemeente_id: int, chosen: Iterable[ColumnElement[bool]], number: int
) -> ListPage[PersonLine]:
    """Return the page of `find_people` of those for whom conditions hold that no index answers."""
    matches = select(USER.c.id, USER.c.sort_name).where(*chosen).cte("found")
    # found first, in the order in which rows lie, and sorted then: in the order of the index of
    # names a database looks every row up in another place
    matches = matches.prefix_with("MATERIALIZED")
    by_sort_name = select(matches.c.id, func.count().over().label("total")).order_by(
        matches.c.sort_name, matches.c.id
    )
    on_page = by_sort_name.limit(PAGE).offset((number - 1) * PAGE)
    rows = session.execute(on_page).all()
    if not rows and number > 1:
        total = session.execute(select(func.count()).select_from(matches)).scalar_one()
        return _searched(session, gemeente_id, chosen, nearest_page(number, total, PAGE))
    total = rows[0].total if rows else 0
    lines = people(session, gemeente_id, USER.c.id.in_([row.id for row in rows]))
    return ListPage(tuple(lines), number, total, PAGE)


def _team_names(session: Session, gemeente_id: int) -> dict[int, str]:
    """Return the folded name of each team of a gemeente by its id.

    It has few: folded here, so that their names need no column of their own.
    """
    own_teams = select(TEAM.c.id, TEAM.c.name).where(TEAM.c.gemeente_id == gemeente_id)
    return {line.id: fold(line.name) for line in session.execute(own_teams)}


def _has_word(team_names: Mapping[int, str], word: str) -> ColumnElement[bool]:
    """Return the condition that a folded word is in a name, an address or the name of a team."""
    # Addresses are of ASCII, so of all that folding does only these are left.
    address = func.lower(USER.c.email)
    for sign in "'`":
        address = func.replace(address, sign, "")
    with_word = [team_id for team_id, name in team_names.items() if word in name]
    in_team = select(MEMBERSHIP.c.user_id).where(MEMBERSHIP.c.team_id.in_(with_word))
    return or_(
        USER.c.sort_name.contains(word, autoescape=True),
        address.contains(word, autoescape=True),
        USER.c.id.in_(in_team),
    )


def person(session: Session, gemeente_id: int, user_id: int) -> PersonLine:
    """Return one person of this gemeente.

    Raises: NotYours for anyone else.
    """
    for line in people(session, gemeente_id, USER.c.id == user_id):
        return line
    raise NotYours


def members(session: Session, gemeente_id: int, team_id: int) -> list[PersonLine]:
    """Return the people of a gemeente who are in a team, by name."""
    in_team = select(MEMBERSHIP.c.user_id).where(MEMBERSHIP.c.team_id == team_id)
    return people(session, gemeente_id, USER.c.id.in_(in_team))


def block(session: Session, gemeente_id: int, user_id: int, *, by: int, keys: Keys) -> None:
    """Stop an account from signing in; its sessions end.

    Raises: NotAllowed for oneself; NotYours.
    """
    _set_status(session, gemeente_id, user_id, Status.BLOCKED, by=by, keys=keys)


def unblock(session: Session, gemeente_id: int, user_id: int, *, by: int, keys: Keys) -> None:
    """Let a blocked account sign in again.

    Raises: NotAllowed for oneself; NotYours; TooLate when no place is left.
    """
    begin_change(session)
    check_place(session, gemeente_id)
    _set_status(session, gemeente_id, user_id, Status.ACTIVE, by=by, keys=keys)


def _set_status(
    session: Session, gemeente_id: int, user_id: int, status: Status, *, by: int, keys: Keys
) -> None:
    if user_id == by:
        raise NotAllowed(
            "Je eigen account stilzetten kan niet. Vraag dat aan een andere beheerder."
        )
    statement = update(USER).where(
        USER.c.id == user_id,
        USER.c.gemeente_id == gemeente_id,
        USER.c.status != Status.REMOVED,
    )
    values = {"status": status, "generation": USER.c.generation + 1}
    with changing(session, keys, user_id, Change.STATUS):
        if changed(session.execute(statement.values(values))) != 1:
            raise NotYours


def set_teams(
    session: Session, gemeente_id: int, user_id: int, team_ids: Iterable[int], keys: Keys
) -> None:
    """Make a person a member of exactly these teams.

    Raises: NotYours for a person or a team of another gemeente.
    """
    chosen = set(team_ids)
    person(session, gemeente_id, user_id)
    if not chosen <= {line.id for line in teams(session, gemeente_id)}:
        raise NotYours
    others = and_(MEMBERSHIP.c.user_id == user_id, MEMBERSHIP.c.team_id.not_in(chosen))
    with changing(session, keys, user_id, Change.TEAMS):
        session.execute(delete(MEMBERSHIP).where(others))
        for team_id in sorted(chosen):
            service.put_in_team(session, user_id, team_id)


def set_roles(
    session: Session, gemeente_id: int, user_id: int, roles: Iterable[str], *, by: int, keys: Keys
) -> None:
    """Give a person exactly these roles of the gemeente; redacteur and onderzoeker stay.

    Raises: WrongInput for roles that cannot go together; NotAllowed for one's own role as
    beheerder; NotYours.
    """
    before = frozenset(person(session, gemeente_id, user_id).roles)
    of_operator = before - frozenset(GIVEN_BY_BEHEERDER)
    after = check_roles([*roles, *of_operator])
    if not after - of_operator <= frozenset(GIVEN_BY_BEHEERDER):
        raise WrongInput("Deze rol geeft wie de server beheert. Kies een andere.", "rollen")
    if user_id == by and Role.BEHEERDER not in after:
        raise NotAllowed(
            "Je eigen rol als beheerder afgeven kan niet. Vraag dat aan een andere beheerder."
        )
    # a form that was sent as it was ends no session of anybody
    if after != before:
        with changing(session, keys, user_id, Change.ROLES):
            service.give_roles(session, user_id, after)
            service.raise_generation(session, user_id)


def remove(
    session: Session,
    gemeente_id: int,
    user_id: int,
    *,
    by: int,
    steps: Iterable[RemovalStep],
    keys: Keys,
) -> None:
    """Remove a person of this gemeente; `steps` as for `service.remove_person`.

    Raises: NotAllowed for oneself, who does that at /account; NotYours.
    """
    if user_id == by:
        raise NotAllowed("Je eigen account verwijder je bij Account.")
    person(session, gemeente_id, user_id)
    service.remove_person(session, user_id, steps, keys)
