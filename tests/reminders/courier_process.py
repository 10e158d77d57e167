"""The courier as a process of its own, at a moment that a test chooses."""

import os
import ssl
import sys
from datetime import UTC, datetime

from kopkrakers.base.config import load_settings
from kopkrakers.base.db import Database
from kopkrakers.base.wire import Wire
from kopkrakers.catalogue.library import Library
from kopkrakers.operations.running.keeping import until_told_to_stop
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.loop import keep_sending


def main() -> None:
    moment, started = datetime.fromisoformat(sys.argv[1]), datetime.now(UTC)
    context = ssl.create_default_context(cafile=os.environ.get("TEST_CERTIFICATE"))
    wire = Wire(may_reach=lambda _address: True, context=context)
    settings = load_settings()
    with until_told_to_stop(child=False) as stop:
        courier = Courier(
            settings,
            Database(settings.database_url),
            Library(settings.cards_dir),
            stop.is_set,
            wire=wire,
        )
        keep_sending(courier, lambda: moment + (datetime.now(UTC) - started), stop)


if __name__ == "__main__":
    main()
