"""Keep many invitations at once, in as little time as can be: nobody else can write meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlmodel import Session

from kopkrakers.accounts import invitations
from kopkrakers.accounts.models import INVITATION, InvitationEnd, InvitationKind
from kopkrakers.accounts.service import end_links
from kopkrakers.base.db import in_parts
from kopkrakers.base.keys import Keys


# D-178
@dataclass
class MailedInvitation:
    """A row of a personal invitation that is mailed. Making as many `Invitation`s takes longer.

    `roles`: with commas, in order.
    """

    gemeente_id: int
    team_id: int | None
    email: str
    name: str
    roles: str
    expires_at: datetime
    unsent: bool
    awaits_courier: bool = False
    kind: str = InvitationKind.PERSONAL
    mailed: bool = True
    refused: bool = False
    token_hash: str = ""
    mac: bytes | None = None


def keep_all(
    session: Session,
    made: Sequence[MailedInvitation],
    replaced: Sequence[int],
    *,
    now: datetime,
    row_keys: Keys,
) -> list[str]:
    """Keep new invitations and return their tokens, in their order. `replaced`: the ids of others.

    The caller knows which open ones they replace: to look for each apart takes long.
    """
    invitations.clear_expired(session, now)
    for part in in_parts(replaced):
        end_links(session, InvitationEnd.REPLACED, INVITATION.c.id.in_(part))
    tokens = invitations.give_links(session, made, row_keys)
    if made:
        session.connection().execute(insert(INVITATION), list(map(vars, made)))
    return tokens
