"""Mail: short plain text, handed to the operator's own SMTP server."""

import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

import structlog

from kopkrakers.base.config import Settings
from kopkrakers.base.errors import AddressRefused, NotNow
from kopkrakers.base.processes.progress import Progress

PATIENCE = 10
"""Seconds to wait for the mail server."""
SMTP_OVER_TLS = 465
"""The port where a server speaks TLS from the first byte."""
MOST_BROKEN = 3
"""Mails in a row that the mail server may break off before the rest stays."""
_WITH_LONG_LINES = policy.default.clone(max_line_length=998)
"""A link in a header that is folded, or encoded to be, is a link no more. RFC 5322 allows 998."""

NOT_NOW = "De mail kon nu niet weg. Probeer het over een paar minuten opnieuw."
REFUSED = "De mailserver neemt voor dit adres geen mail aan. Kijk of het klopt."
FOR_GOOD = 500
"""The answers of a mail server from here on say: never."""

log = structlog.get_logger()


@dataclass(frozen=True)
class NotLeft:
    """A mail that did not leave, by its place. `refused`: nor will it ever, to that address."""

    place: int
    refused: bool = False


def send_mail(
    settings: Settings, to: str, subject: str, text: str, reply_to: str | None = None
) -> None:
    """Send one mail; it has left when this returns.

    Raises: AddressRefused when the mail server will never take mail for this address; NotNow when
    there is no mail server, or it does not take the mail.
    """
    message = compose(settings, to, subject, text)
    if reply_to is not None:
        message["Reply-To"] = reply_to
    try:
        with mail_server(settings) as server:
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        # its kind alone: the words of a mail server repeat the address (D-13)
        log.warning("mail was not sent", kind=type(error).__name__)
        if isinstance(error, smtplib.SMTPRecipientsRefused) and is_for_good(error):
            raise AddressRefused(REFUSED) from None
        raise NotNow(NOT_NOW) from None


def send_each(
    settings: Settings,
    messages: Sequence[Callable[[], EmailMessage]],
    *,
    left: Callable[[int], None] = lambda _: None,
    progress: Progress = lambda *_: None,
) -> list[NotLeft]:
    """Send mails one by one over one connection. Return those that did not leave.

    `messages`: each is made when its turn comes, for ten thousand of them fill a memory. `left`:
    hears the place of each mail as soon as it left, before the next is tried.
    Raises: NotNow when there is no mail server.
    """
    unsent: list[NotLeft] = []
    broken = 0
    with ExitStack() as open_connection:
        server: smtplib.SMTP | None = None
        for place, message in enumerate(messages):
            if broken >= MOST_BROKEN:
                return unsent + list(map(NotLeft, range(place, len(messages))))
            try:
                if server is None:
                    server = open_connection.enter_context(mail_server(settings))
                server.send_message(message())
                left(place)
                broken = 0
            except smtplib.SMTPRecipientsRefused as error:
                unsent.append(NotLeft(place, refused=is_for_good(error)))
            except (OSError, smtplib.SMTPException) as error:
                log.warning("mail was not sent", kind=type(error).__name__)
                unsent.append(NotLeft(place))
                server, broken = None, broken + 1
                # what is left of it says goodbye to nobody
                open_connection.pop_all()
            progress(place + 1, len(messages))
    return unsent


def refusal_codes(error: smtplib.SMTPRecipientsRefused) -> list[int]:
    """Return what a mail server answered, for each address that it refused."""
    return [code for code, _ in error.recipients.values()]


def is_for_good(error: smtplib.SMTPRecipientsRefused) -> bool:
    """Whether a mail server will never take mail for an address, by what it answered."""
    return min(refusal_codes(error)) >= FOR_GOOD


def compose(settings: Settings, to: str, subject: str, text: str) -> EmailMessage:
    """Return a mail that is ready to be sent."""
    message = EmailMessage(_WITH_LONG_LINES)
    message["From"] = settings.mail_from
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=False)
    # else it would hold the name of this machine
    sender = parseaddr(settings.mail_from)[1]
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or None)
    # RFC 3834: out-of-office replies are not sent to a program
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


@contextmanager
def mail_server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """Yield the mail server, signed in to.

    Raises: NotNow when there is none; OSError and SMTPException when it does not answer.
    """
    if settings.smtp_host is None:
        raise NotNow("Hier is geen mail ingesteld. Vraag de beheerder om je te helpen.")
    with _connect(settings.smtp_host, settings.smtp_port) as server:
        if settings.smtp_starttls and settings.smtp_port != SMTP_OVER_TLS:
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user is not None and settings.smtp_password is not None:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        yield server


def _connect(host: str, port: int) -> smtplib.SMTP:
    if port == SMTP_OVER_TLS:
        return smtplib.SMTP_SSL(host, port, timeout=PATIENCE, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=PATIENCE)
