"""Send the weekly mail by the mail server that there is."""

import smtplib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from email.message import EmailMessage
from secrets import SystemRandom
from time import monotonic
from typing import Any

import structlog
from sqlalchemy import Row
from sqlmodel import Session

from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.mail import compose, mail_server, refusal_codes
from kopkrakers.reminders.models import REMINDER, Kind
from kopkrakers.reminders.sealing import ending_token
from kopkrakers.reminders.sending.courier import Courier, claim, due, give_back
from kopkrakers.reminders.sending.digest import digest

WHY = "Je krijgt deze mail omdat je erom vroeg. Iedereen die erom vroeg, krijgt dezelfde."
SERVER = "smtp"
TRY_LATER = range(400, 500)
"""Answers of a mail server that say: not now."""
LONGEST_LOOK = 30.0
"""Seconds: what is left waits for the next look, so that a slow server holds up no push message."""
REFUSALS = 5
"""Mails that may be refused before the server is left alone for a while."""
Letter = tuple[Row[Any], tuple[str, str]]
"""A reminder, with the subject and the text of its mail."""
log = structlog.get_logger()


def send_mails(courier: Courier, now: datetime) -> int:
    """Send the mails that are due, one by one. Return how many are done with.

    A server that is away, or takes nothing now, is tried again later. An address that it refuses
    for good gets no mail that week.
    """
    if not courier.settings.sends_mail or courier.resting.rests(SERVER, now):
        return 0
    with courier.database.reading() as session:
        waiting = due(session, courier, Kind.MAIL, now)
        texts = _texts(courier, session, waiting, amsterdam_day(now))
    letters = []
    for reminder in waiting:
        # a week without dilemmas has no mail
        if reminder.weekday in texts:
            letters.append((reminder, texts[reminder.weekday]))
    # by chance, so that one that is refused again and again is not always in front of the others
    SystemRandom().shuffle(letters)
    if letters:
        return _send_all(courier, letters, now)
    return 0


def _send_all(courier: Courier, letters: Sequence[Letter], now: datetime) -> int:
    left: list[bool] = []
    began, server_failed = monotonic(), False
    try:
        # one connection for all of them: each begins with a greeting, TLS and a password
        with mail_server(courier.settings) as server:
            for reminder, text in letters:
                is_long = monotonic() - began > LONGEST_LOOK
                if courier.stopping() or left.count(False) == REFUSALS or is_long:
                    break
                left.append(_send(courier, server, reminder, text, now))
    except (OSError, smtplib.SMTPException) as error:
        # without its words, which repeat the address
        log.warning("mail server failed", kind=type(error).__name__)
        server_failed = True
    if server_failed or not all(left):
        courier.resting.failed(SERVER, now)
    else:
        courier.resting.worked(SERVER)
    return left.count(True)


def _texts(
    courier: Courier, session: Session, waiting: list[Row[Any]], day: date
) -> Mapping[int, tuple[str, str]]:
    """Return subject and text by the day of the week that people chose."""
    texts = {}
    for on in {reminder.weekday for reminder in waiting}:
        text = digest(session, courier.library, day, on=on, base_url=courier.settings.base_url)
        if text is not None:
            texts[on] = text
    return texts


def _send(
    courier: Courier, server: smtplib.SMTP, reminder: Row[Any], text: tuple[str, str], now: datetime
) -> bool:
    """Claim one mail and send it. Return False when the server says that it takes it not now.

    Raises: OSError, SMTPException when the connection broke off. Nobody knows whether the mail in
    hand left, so it is not sent again.
    """
    day = amsterdam_day(now)
    message = _message(courier, reminder, *text)
    # a connection that is gone already is noticed here, and costs nobody a mail
    server.noop()
    if not claim(courier, REMINDER, reminder, day):
        return True
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = refusal_codes(error)
        if any(code in TRY_LATER for code in codes):
            give_back(courier, REMINDER, reminder, day)
            return False
        # its own mail was claimed, so it counts as done; the address is for its owner to mend
        log.warning("mail server refused an address", code=codes[0])
    except smtplib.SMTPResponseException as error:
        log.warning("mail server refused a mail", code=error.smtp_code)
        give_back(courier, REMINDER, reminder, day)
        return False
    return True


def _message(courier: Courier, reminder: Row[Any], subject: str, text: str) -> EmailMessage:
    token = ending_token(courier.keys, reminder.user_id)
    link = f"{courier.settings.base_url}/herinneringen/uit/{token}"
    message = compose(
        courier.settings, reminder.email, subject, f"{text}\n{WHY}\nGeen mail meer? {link}\n"
    )
    # RFC 8058: the button of a mail program ends it with one request, without a cookie
    message["List-Unsubscribe"] = f"<{link}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message
