"""Mail links over one connection, and write down of each that it left."""

import smtplib
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from sqlmodel import Session

from kopkrakers.accounts import invitations, mails
from kopkrakers.accounts.bulk.inviting import Invited
from kopkrakers.accounts.models import INVITATION, InvitationEnd
from kopkrakers.accounts.rules import token_hash
from kopkrakers.accounts.service import end_links
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database, in_parts
from kopkrakers.base.mail import compose, mail_server

MOST_BROKEN = 3
"""Mails in a row that the mail server may break off before the rest stays."""
Progress = Callable[[int, int], None]
"""Hears how many are done, and of how many."""


def send_all(
    settings: Settings, database: Database, invited: Sequence[Invited], progress: Progress
) -> list[Invited]:
    """Mail everyone their link. Return those whose mail did not leave.

    Whoever is killed here leaves the others as unsent, at most one of them with a mail.
    """
    unsent: list[Invited] = []
    broken = 0
    with ExitStack() as open_connection:
        server: smtplib.SMTP | None = None
        for number, one in enumerate(invited):
            if broken >= MOST_BROKEN:
                return [*unsent, *invited[number:]]
            try:
                if server is None:
                    server = open_connection.enter_context(mail_server(settings))
                link = mails.link_to(settings, one.token)
                subject, text = mails.personal(one.line.name, one.gemeente, link)
                server.send_message(compose(settings, one.line.address, subject, text))
                with database.transaction() as session:
                    invitations.mail_left(session, one.token)
                broken = 0
            except smtplib.SMTPRecipientsRefused:
                unsent.append(one)
            except (OSError, smtplib.SMTPException):
                unsent.append(one)
                server, broken = None, broken + 1
                # what is left of it says goodbye to nobody
                open_connection.pop_all()
            progress(number + 1, len(invited))
    return unsent


def withdraw(session: Session, unsent: Sequence[Invited]) -> None:
    """End links that nobody got, so that the same file invites those people once more."""
    hashes = [token_hash(one.token) for one in unsent]
    for part in in_parts(hashes):
        end_links(session, InvitationEnd.WITHDRAWN, INVITATION.c.token_hash.in_(part))
