"""The state of one process: settings, database, clock and cards. Processes share none of it."""

import hmac
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, cast

from flask import current_app

from kopkrakers.base.clock import Clock, amsterdam_day
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys, Use, keys_for


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

    @cached_property
    def turn_keys(self) -> Keys:
        """Return the keys that make the pseudonyms of turns."""
        return keys_for(Use.TURNS, self.settings)

    def device_key(self, user_id: int) -> str:
        """Return the key of 256 bits, in hexadecimal, with which this person's browser seals.

        It stands on every page of this person and on no page of anyone else, so the next person on
        the same device cannot read what was kept: own choices and words, years of experience, and
        an answer that was not sent. It is the same after signing in again. It opens nothing on the
        server: what it seals never leaves the browser.
        """
        key = keys_for(Use.DEVICE, self.settings).current
        return hmac.new(key, f"kopkrakers unsent {user_id}".encode(), sha256).hexdigest()


def state() -> AppState:
    """The state of the application that serves this request."""
    return cast(AppState, current_app.extensions["kopkrakers"])
