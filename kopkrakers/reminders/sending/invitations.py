"""Mail the invitations of a long list, one by one, as the mail server takes them."""

import smtplib
from datetime import datetime
from time import monotonic

import structlog

from kopkrakers.accounts import mails
from kopkrakers.accounts.bulk import by_courier
from kopkrakers.accounts.bulk.inviting import InvitedPerson
from kopkrakers.accounts.invitations import mail_left, mail_refused
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.mail import FOR_GOOD, compose, mail_server, refusal_codes
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.mail import LONGEST_LOOK, REFUSALS, SERVER

MOST_AT_ONCE = 2_000
"""Invitations of one look; more than leave in its time."""
log = structlog.get_logger()


def send_invitations(courier: Courier, now: datetime) -> int:
    """Mail who waits for it, for as long as a look may take. Return how many mails left.

    On any day: a beheerder who sends a list does not choose the day of its mails.
    """
    if not courier.settings.sends_mail or courier.resting.rests(SERVER, now):
        return 0
    with courier.database.reading() as session:
        waiting = by_courier.waiting_ids(session, now, MOST_AT_ONCE)
    if not waiting:
        return 0
    left: list[bool] = []
    began, server_failed = monotonic(), False
    try:
        with mail_server(courier.settings) as server:
            for invitation_id in waiting:
                is_long = monotonic() - began > LONGEST_LOOK
                if courier.stopping() or left.count(False) == REFUSALS or is_long:
                    break
                left.append(_send(courier, server, invitation_id))
    except (OSError, smtplib.SMTPException) as error:
        # without its words, which repeat the address
        log.warning("mail server failed", kind=type(error).__name__)
        server_failed = True
    # a server that takes so many of one connection and then hangs up has not failed
    if not any(left) and (server_failed or left):
        courier.resting.failed(SERVER, now)
    return left.count(True)


def _send(courier: Courier, server: smtplib.SMTP, invitation_id: int) -> bool:
    """Make the link of one invitation and mail it. Return whether it is done with.

    Raises: OSError, SMTPException when the connection broke off. Nobody knows whether that mail
    left: a beheerder reads so, and mails it once more.
    """
    # a connection that is gone already is noticed here, and costs nobody a mail
    server.noop()
    row_keys = keys_for(Use.ROWS, courier.settings)
    with courier.database.transaction() as session:
        one = by_courier.take(session, invitation_id, row_keys)
    if one is None:
        return True
    try:
        _hand_over(courier, server, one)
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(courier, one, min(refusal_codes(error)))
    except smtplib.SMTPDataError as error:
        return _refused(courier, one, error.smtp_code)
    # the sender or the server as a whole, and nothing of this mail
    except smtplib.SMTPResponseException:
        with courier.database.transaction() as session:
            by_courier.wait_again(session, one.token)
        raise
    with courier.database.transaction() as session:
        mail_left(session, one.token)
    return True


def _hand_over(courier: Courier, server: smtplib.SMTP, one: InvitedPerson) -> None:
    link = mails.link_to(courier.settings, one.token)
    subject, text = mails.personal(one.line.name, one.gemeente, one.line.roles, link)
    server.send_message(compose(courier.settings, one.line.address, subject, text))


def _refused(courier: Courier, one: InvitedPerson, code: int) -> bool:
    """Write down what a mail server said no to. Return whether that was for good."""
    log.warning("mail server refused an invitation", code=code)
    is_for_good = code >= FOR_GOOD
    with courier.database.transaction() as session:
        if is_for_good:
            mail_refused(session, one.token)
        else:
            by_courier.wait_again(session, one.token)
    return is_for_good
