"""What became of the mails of open invitations, in numbers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from kopkrakers.accounts.invitations import IS_OPEN_PERSONAL
from kopkrakers.accounts.models import INVITATION

# D-141
IS_UNSENT = IS_OPEN_PERSONAL & INVITATION.c.unsent & INVITATION.c.refused.is_(False)
"""The condition that an open invitation was to be mailed, and nobody knows that the mail left."""


def number_unsent(session: Session, now: datetime) -> int:
    """Return how many invitations of all gemeenten wait for a mail that perhaps never left."""
    statement = select(func.count()).where(IS_UNSENT, INVITATION.c.expires_at > now)
    return int(session.execute(statement).scalar_one())


@dataclass(frozen=True)
class MailState:
    """Numbers of open invitations by what became of their mail.

    `unsent`: perhaps never left; `refused`: the mail server refused the address; `waiting`: the
    courier is to mail them.
    """

    unsent: int
    refused: int
    waiting: int


def mail_state(session: Session, gemeente_id: int, now: datetime) -> MailState:
    """Return how the mails of the open invitations of a gemeente went."""
    not_in_order = INVITATION.c.unsent | INVITATION.c.awaits_courier
    rows = session.execute(
        select(INVITATION.c.refused, INVITATION.c.awaits_courier, func.count().label("number"))
        .where(
            INVITATION.c.gemeente_id == gemeente_id,
            IS_OPEN_PERSONAL,
            INVITATION.c.expires_at > now,
            not_in_order,
        )
        .group_by(INVITATION.c.refused, INVITATION.c.awaits_courier)
    )
    numbers = {(bool(row.refused), bool(row.awaits_courier)): row.number for row in rows}
    return MailState(
        unsent=numbers.get((False, False), 0),
        refused=numbers.get((True, False), 0),
        waiting=numbers.get((False, True), 0),
    )
