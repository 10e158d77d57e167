"""Invitations that were to be mailed when a process or the mail server failed: mail them anew."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session

from kopkrakers.accounts import invitations
from kopkrakers.accounts.bulk.inviting import InvitedPerson
from kopkrakers.accounts.bulk.keeping import MailedInvitation, keep_all
from kopkrakers.accounts.bulk.mail_state import IS_UNSENT
from kopkrakers.accounts.bulk.reading import FileLine
from kopkrakers.accounts.chain.changes import begin_change
from kopkrakers.accounts.chain.signing import invitation_holds
from kopkrakers.accounts.models import GEMEENTE, INVITATION, InvitationKind, Role
from kopkrakers.base.keys import Keys

_GEMEENTE = GEMEENTE.c.name.label("gemeente")
_UNSENT = (
    select(INVITATION, _GEMEENTE)
    .join(GEMEENTE, GEMEENTE.c.id == INVITATION.c.gemeente_id)
    .where(IS_UNSENT)
    .order_by(INVITATION.c.id)
)


def renew_unsent(
    session: Session, gemeente_id: int, *, now: datetime, row_keys: Keys, most: int
) -> list[InvitedPerson]:
    """Make new links for people who perhaps never got theirs, which these replace; mail them.

    The first `most` of a gemeente, and never one that the product did not make.
    """
    # of two who ask it at once, the second finds nobody left
    begin_change(session)
    here = _UNSENT.where(INVITATION.c.gemeente_id == gemeente_id, INVITATION.c.expires_at > now)
    rows: list[Row[Any]] = []
    for row in session.execute(here):
        # a new link would make it genuine
        if invitation_holds(row_keys, row) and len(rows) < most:
            rows.append(row)
    made = []
    for row in rows:
        renewed = MailedInvitation(
            gemeente_id=gemeente_id,
            team_id=row.team_id,
            email=row.email,
            name=row.name,
            roles=row.roles,
            expires_at=now + invitations.LASTS[InvitationKind.PERSONAL],
            unsent=True,
        )
        made.append(renewed)
    replaced = [row.id for row in rows]
    tokens = keep_all(session, made, replaced, now=now, row_keys=row_keys)
    invited = []
    for row, token in zip(rows, tokens, strict=True):
        roles = frozenset(map(Role, row.roles.split(",")))
        line = FileLine(0, row.gemeente, "", row.name, row.email, roles)
        invited.append(InvitedPerson(line, row.gemeente, token))
    return invited
