"""Invitations of a long list: kept without a link, which each gets when its mail is tried."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import Session

from kopkrakers.accounts.bulk.inviting import InvitedPerson
from kopkrakers.accounts.bulk.reading import FileLine
from kopkrakers.accounts.chain.changes import begin_change, record_invitations
from kopkrakers.accounts.chain.signing import invitation_holds
from kopkrakers.accounts.invitations import IS_OPEN_PERSONAL
from kopkrakers.accounts.models import GEMEENTE, INVITATION, Invitation, InvitationEnd, Role
from kopkrakers.accounts.rules import new_token, token_hash
from kopkrakers.accounts.service import end_links
from kopkrakers.base.db import changed
from kopkrakers.base.keys import Keys

WAITS = IS_OPEN_PERSONAL & INVITATION.c.awaits_courier
"""The condition that the courier is to mail an open invitation."""


def waiting_ids(session: Session, now: datetime, most: int) -> Sequence[int]:
    """Return the ids of the invitations that wait for the courier, at most so many."""
    statement = select(INVITATION.c.id).where(WAITS, INVITATION.c.expires_at > now)
    return session.execute(statement.order_by(INVITATION.c.id).limit(most)).scalars().all()


def number_waiting(session: Session, now: datetime) -> int:
    """Return how many invitations of all gemeenten wait for the courier."""
    statement = select(func.count()).where(WAITS, INVITATION.c.expires_at > now)
    return int(session.execute(statement).scalar_one())


# D-167
def take(session: Session, invitation_id: int, row_keys: Keys) -> InvitedPerson | None:
    """Make the link of an invitation, to be mailed once this is committed.

    None when another took it, when it ended meanwhile, or when the product did not make it. Whoever
    is killed after this leaves it as one whose mail perhaps left, and nobody mails it by itself.
    """
    begin_change(session)
    waits = update(INVITATION).where(INVITATION.c.id == invitation_id, WAITS)
    if changed(session.execute(waits.values(awaits_courier=False, unsent=True))) != 1:
        return None
    invitation = session.get_one(Invitation, invitation_id)
    # a new link would make it genuine
    if not invitation_holds(row_keys, invitation):
        return None
    token = new_token()
    # it lasts as long as it would have: a moment of its own would date what was written beside it
    invitation.token_hash = token_hash(token)
    record_invitations(session, row_keys, [invitation])
    gemeente = session.execute(
        select(GEMEENTE.c.name).where(GEMEENTE.c.id == invitation.gemeente_id)
    ).scalar_one()
    roles = frozenset(map(Role, invitation.roles.split(",")))
    name, address = invitation.name or "", invitation.email or ""
    return InvitedPerson(FileLine(0, gemeente, "", name, address, roles), gemeente, token)


def wait_again(session: Session, token: str) -> None:
    """Let an invitation wait again: the mail server said that it did not take the mail."""
    this = update(INVITATION).where(INVITATION.c.token_hash == token_hash(token), IS_OPEN_PERSONAL)
    session.execute(this.values(awaits_courier=True, unsent=False))


def withdraw_waiting(session: Session, gemeente_id: int) -> int:
    """End the invitations of a gemeente that wait for the courier. Return how many those were."""
    here = INVITATION.c.gemeente_id == gemeente_id
    return end_links(session, InvitationEnd.WITHDRAWN, here, WAITS)
