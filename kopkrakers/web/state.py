"""What one process holds: settings, database, clock and cards. Nothing another process would need."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from flask import current_app

from kopkrakers.base.clock import Clock, amsterdam_day
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database


@dataclass(frozen=True)
class AppState:
    """The parts a request needs. `library` is the catalogue's `Library` of cards."""

    settings: Settings
    database: Database
    clock: Clock
    library: Any

    def now(self) -> datetime:
        """The moment, in UTC."""
        return self.clock()

    def today(self) -> date:
        """The calendar day in the Netherlands."""
        return amsterdam_day(self.clock())


def state() -> AppState:
    """The state of the application that serves this request."""
    return cast(AppState, current_app.extensions["kopkrakers"])
