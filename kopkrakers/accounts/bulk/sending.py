"""Mail links over one connection, and write down of each that it left."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial

from sqlmodel import Session

from kopkrakers.accounts import invitations, mails
from kopkrakers.accounts.bulk.inviting import InvitedPerson
from kopkrakers.accounts.models import INVITATION, InvitationEnd
from kopkrakers.accounts.rules import token_hash
from kopkrakers.accounts.service import end_links
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database, in_parts
from kopkrakers.base.mail import compose, send_each
from kopkrakers.base.processes.progress import Progress


@dataclass(frozen=True)
class Unsent:
    """Somebody whose mail did not leave. `refused`: the mail server takes none for it."""

    invited: InvitedPerson
    refused: bool


def send_all(
    settings: Settings, database: Database, invited: Sequence[InvitedPerson], progress: Progress
) -> list[Unsent]:
    """Mail everyone their link. Return those whose mail did not leave.

    Whoever is killed here leaves the others as unsent, at most one of them with a mail.
    """

    def message(one: InvitedPerson) -> EmailMessage:
        link = mails.link_to(settings, one.token)
        subject, text = mails.personal(one.line.name, one.gemeente, one.line.roles, link)
        return compose(settings, one.line.address, subject, text)

    messages = [partial(message, one) for one in invited]

    def left(place: int) -> None:
        with database.transaction() as session:
            invitations.mail_left(session, invited[place].token)

    unsent = send_each(settings, messages, left=left, progress=progress)
    return [Unsent(invited[mail.place], mail.refused) for mail in unsent]


def withdraw(session: Session, unsent: Sequence[Unsent]) -> None:
    """End links that nobody got, so that the same file invites those people once more."""
    hashes = [token_hash(one.invited.token) for one in unsent]
    for part in in_parts(hashes):
        end_links(session, InvitationEnd.WITHDRAWN, INVITATION.c.token_hash.in_(part))
