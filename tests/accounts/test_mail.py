"""Mail, by a real SMTP server."""

import pytest

from kopkrakers.base.config import Settings
from kopkrakers.base.errors import NotNow
from kopkrakers.base.mail import send_mail
from tests.support.mailbox import Mailbox

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_mail_arrives_as_it_was_written(mail_settings: Settings, mailbox: Mailbox) -> None:
    send_mail(
        mail_settings,
        "anna@zaanstad.nl",
        "Één vraag",
        "Dag Çağla 🐈,\n\nTot ziens.",
        reply_to="a@b.nl",
    )
    to, mail = mailbox.arrived()
    assert to == ["anna@zaanstad.nl"]
    assert mail.get_payload(decode=True).decode() == "Dag Çağla 🐈,\r\n\r\nTot ziens.\r\n"  # type: ignore[union-attr]
    assert mail["From"] == "kopkrakers@localhost" and mail["Reply-To"] == "a@b.nl"
    assert (
        mail["Auto-Submitted"] == "auto-generated"
        and mail["Date"]
        and "@localhost>" in mail["Message-ID"]
    )


def test_a_server_without_tls_gets_nothing_where_tls_is_asked(
    mail_settings: Settings, mailbox: Mailbox
) -> None:
    with pytest.raises(NotNow, match="Probeer het over een paar minuten"):
        send_mail(
            mail_settings.model_copy(update={"smtp_starttls": True}),
            "anna@zaanstad.nl",
            "Dag",
            "Dag",
        )
    assert mailbox.is_empty()


def test_a_server_that_is_away_is_told_in_a_sentence(settings: Settings) -> None:
    with pytest.raises(NotNow):
        send_mail(
            settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": 9}),
            "a@b.nl",
            "Dag",
            "Dag",
        )


def test_without_a_server_nothing_is_sent(settings: Settings) -> None:
    with pytest.raises(NotNow, match="geen mail ingesteld"):
        send_mail(settings, "a@b.nl", "Dag", "Dag")


def test_a_subject_cannot_smuggle_in_another_receiver(
    mail_settings: Settings, mailbox: Mailbox
) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        send_mail(mail_settings, "anna@zaanstad.nl", "Dag\nBcc: iedereen@zaanstad.nl", "Dag")
    assert mailbox.is_empty()
