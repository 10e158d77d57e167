"""People who asked for reminders, and a courier with real servers to send to."""

from collections.abc import Iterator

import pytest

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import Library
from kopkrakers.reminders.sending.courier import Courier
from tests.support.mailbox import Mailbox, mail_server, with_mail


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail_settings(settings: Settings, mailbox: Mailbox) -> Iterator[Settings]:
    """Settings with a mail server that runs on this machine."""
    with mail_server(mailbox) as port:
        yield with_mail(settings, port)


@pytest.fixture
def courier(mail_settings: Settings, database: Database) -> Courier:
    return Courier(mail_settings, database, Library(mail_settings.cards_dir))
