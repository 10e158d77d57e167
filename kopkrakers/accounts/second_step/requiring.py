"""The roles of which a gemeente asks a second step, and who of them has none yet."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, select
from sqlmodel import Session

from kopkrakers.accounts.models import (
    SECOND_STEP,
    SECOND_STEP_RULE,
    USER,
    USER_ROLE,
    Role,
    Status,
)
from kopkrakers.base.errors import WrongInput

ROLES = (Role.BEGELEIDER, Role.BEHEERDER, Role.ONDERZOEKER, Role.REDACTEUR)
"""Roles of which it can be asked: they see or change more than what is their own."""
_HAS_NONE = ~exists().where(SECOND_STEP.c.user_id == USER.c.id)
_HAS_PASSWORD = USER.c.password_hash.is_not(None)


def roles_to_ask(values: Iterable[str]) -> list[Role]:
    """Return these roles, in the order of the pages.

    Raises: WrongInput when a second step is asked of none like it.
    """
    chosen = set(values)
    if not chosen <= set(ROLES):
        raise WrongInput("Van deze rol vragen we geen tweede stap.", "rollen")
    return [role for role in ROLES if role in chosen]


def asked_roles(session: Session, gemeente_id: int) -> dict[Role, date]:
    """Return of which roles a gemeente asks a second step, each with its first day."""
    rules = select(SECOND_STEP_RULE).where(SECOND_STEP_RULE.c.gemeente_id == gemeente_id)
    return {Role(row.role): row.since for row in session.execute(rules)}


def roles_that_ask(session: Session, gemeente_id: int, roles: Iterable[str]) -> dict[Role, date]:
    """Return those of somebody's roles of which a second step is asked, each with its first day."""
    asked = asked_roles(session, gemeente_id)
    first_days = {}
    for role in ROLES:
        if role in asked and role in set(roles):
            first_days[role] = asked[role]
    return first_days


# D-126
def ask_of(session: Session, gemeente_id: int, roles: Iterable[Role], *, today: date) -> bool:
    """Ask a second step of these roles and no others. Return whether that is a change.

    A role that is new among them is asked from tomorrow on: nobody is led away from a session.
    """
    chosen, asked = set(roles), set(asked_roles(session, gemeente_id))
    if chosen == asked:
        return False
    ours = SECOND_STEP_RULE.c.gemeente_id == gemeente_id
    session.execute(delete(SECOND_STEP_RULE).where(ours, SECOND_STEP_RULE.c.role.not_in(chosen)))
    tomorrow = today + timedelta(days=1)
    rows: list[dict[str, Any]] = []
    # one that stays keeps its first day: asking once more gives nobody another day without
    for role in sorted(chosen - asked):
        rows.append({"gemeente_id": gemeente_id, "role": role.value, "since": tomorrow})
    if rows:
        session.execute(insert(SECOND_STEP_RULE), rows)
    return True


def ask_nobody(session: Session, gemeente_id: int) -> None:
    """Forget of which roles a gemeente asked a second step."""
    ours = SECOND_STEP_RULE.c.gemeente_id == gemeente_id
    session.execute(delete(SECOND_STEP_RULE).where(ours))


def people_without(session: Session, gemeente_id: int) -> dict[Role, int]:
    """Return for each role how many people have it, sign in by password and have no second step."""
    statement = (
        select(USER_ROLE.c.role, func.count().label("people"))
        .join(USER, USER.c.id == USER_ROLE.c.user_id)
        .where(
            USER.c.gemeente_id == gemeente_id,
            USER.c.status == Status.ACTIVE,
            USER_ROLE.c.role.in_(ROLES),
            _HAS_PASSWORD,
            _HAS_NONE,
        )
        .group_by(USER_ROLE.c.role)
    )
    people = {}
    for row in session.execute(statement):
        people[Role(row.role)] = row.people
    return people


def owes_second_step(today: Any) -> ColumnElement[bool]:
    """Return the condition that an account has a password and no second step, and a role of which
    one is asked on the day `today`.
    """
    is_asked = exists().where(
        SECOND_STEP_RULE.c.gemeente_id == USER.c.gemeente_id,
        SECOND_STEP_RULE.c.since <= today,
        SECOND_STEP_RULE.c.role == USER_ROLE.c.role,
        USER_ROLE.c.user_id == USER.c.id,
    )
    return and_(_HAS_PASSWORD, _HAS_NONE, is_asked)
