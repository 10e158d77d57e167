"""The state of one process: settings, database, clock and cards. Processes share none of it."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, cast

from flask import current_app

from kopkrakers.base.clock import FORTNIGHT_DAYS, Clock, amsterdam_day
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
    def _keys(self) -> Mapping[Use, Keys]:
        # derived once a process: every page of a person needs some of them
        return {use: keys_for(use, self.settings) for use in Use}

    def keys(self, use: Use) -> Keys:
        """Return the keys of one use."""
        return self._keys[use]

    @property
    def turn_keys(self) -> Keys:
        """Return the keys that make the pseudonyms of turns."""
        return self.keys(Use.TURNS)

    @property
    def row_keys(self) -> Keys:
        """Return the keys by which rows are signed and verified."""
        return self.keys(Use.ROWS)

    def device_key(self, user_id: int) -> str:
        """Return the key of 256 bits, in hexadecimal, with which this person's browser seals.

        It stands on every page of this person and on no page of anyone else, so the next person on
        the same device cannot read what was kept: years of experience, an answer that was not
        sent, and, under a second lock of `edition_keys`, own choices and words.
        It is the same after signing in again. It opens nothing on the server: what it seals never
        leaves the browser.
        """
        key = self.keys(Use.DEVICE).current
        return hmac.new(key, f"kopkrakers unsent {user_id}".encode(), sha256).hexdigest()

    # D-61
    def edition_keys(self, user_id: int, edition: str) -> str:
        """Return two keys that stand on the pages of this edition alone, for this person's choice.

        Of this fortnight, with which the browser seals, and of the one before; a space between.
        A key is on no page any more 28 days after its fortnight began.
        """
        return " ".join(self._edition_keys(self.keys(Use.DEVICE).current, user_id, edition))

    def keys_of_late_answers(self, user_id: int, edition: str) -> list[bytes]:
        """Return the keys with which this person's browser may have sealed an answer that waits.

        Each is made from a key of the edition, so that the answer opens here and what the device
        keeps of the own choice does not.
        """
        late_keys = []
        for key in self.keys(Use.DEVICE).all:
            for edition_key in self._edition_keys(key, user_id, edition):
                late_keys.append(sha256(f"{edition_key} antwoord".encode()).digest())
        return late_keys

    def _edition_keys(self, key: bytes, user_id: int, edition: str) -> list[str]:
        now = self.today().toordinal() // FORTNIGHT_DAYS
        edition_keys = []
        # what was sealed before a fortnight began can still be opened in it
        for fortnight in (now, now - 1):
            text = f"kopkrakers choice {user_id} {edition} {fortnight}"
            edition_keys.append(hmac.new(key, text.encode(), sha256).hexdigest())
        return edition_keys


def state() -> AppState:
    """The state of the application that serves this request."""
    return cast(AppState, current_app.extensions["kopkrakers"])
