"""People who asked for reminders, and a courier with real servers to send to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import Library
from kopkrakers.reminders.sending.courier import Courier
from tests.base.https_server import There, https_server


@pytest.fixture
def there(tmp_path: Path) -> Iterator[There]:
    """A server on this machine, that is told as little as those of others."""
    with https_server(tmp_path) as there:
        yield there


@pytest.fixture
def courier(mail_settings: Settings, database: Database) -> Courier:
    return Courier(mail_settings, database, Library(mail_settings.cards_dir))
