"""The gemeenten of this server and their teams, for whoever runs it. Nothing of who took part."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session

from kopkrakers.accounts.models import (
    GEMEENTE,
    INVITATION,
    TEAM,
    USER,
    USER_ROLE,
    InvitationKind,
    Role,
    Status,
)
from kopkrakers.base.typed import by_name

_GEMEENTEN = select(
    GEMEENTE.c.id,
    GEMEENTE.c.name,
    GEMEENTE.c.since,
    GEMEENTE.c.is_organisation,
    GEMEENTE.c.places,
).where(GEMEENTE.c.left_on.is_(None))
_ACTIVE = USER.c.status == Status.ACTIVE
_ACCOUNTS = select(USER.c.gemeente_id, func.count()).where(_ACTIVE).group_by(USER.c.gemeente_id)
_BEHEERDERS = (
    select(USER.c.gemeente_id, func.count())
    .join(USER_ROLE, USER_ROLE.c.user_id == USER.c.id)
    .where(_ACTIVE, USER_ROLE.c.role == Role.BEHEERDER)
    .group_by(USER.c.gemeente_id)
)
_TEAMS = select(TEAM.c.gemeente_id, func.count()).group_by(TEAM.c.gemeente_id)
_INVITATIONS = (
    select(INVITATION.c.gemeente_id, func.count())
    .where(INVITATION.c.kind == InvitationKind.PERSONAL, INVITATION.c.ended.is_(None))
    .group_by(INVITATION.c.gemeente_id)
)


@dataclass(frozen=True)
class GemeenteLine:
    """A gemeente, or an organisation, with numbers of what is in it.

    `since`: None is long ago. `places`: the accounts that it may have; None is any number.
    """

    id: int
    name: str
    since: date | None
    is_organisation: bool
    places: int | None
    accounts: int
    beheerders: int
    teams: int
    invitations: int


def gemeenten(session: Session, now: datetime) -> list[GemeenteLine]:
    """Return every gemeente, by name."""
    numbers = []
    still_open = _INVITATIONS.where(INVITATION.c.expires_at > now)
    for statement in (_ACCOUNTS, _BEHEERDERS, _TEAMS, still_open):
        numbers.append(Counter(dict(session.execute(statement).all())))
    accounts, beheerders, teams, invitations = numbers
    lines = []
    for row in session.execute(_GEMEENTEN):
        line = GemeenteLine(
            row.id,
            row.name,
            row.since,
            row.is_organisation,
            row.places,
            accounts=accounts[row.id],
            beheerders=beheerders[row.id],
            teams=teams[row.id],
            invitations=invitations[row.id],
        )
        lines.append(line)
    return by_name(lines, lambda line: line.name)
