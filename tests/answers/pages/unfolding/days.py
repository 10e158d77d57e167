"""Moves through the days of a dilemma with chapters, as its people and the counter do."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kopkrakers.tallies.models import NL, Tally
from tests.support.clock import StoppedClock
from tests.support.pages import OPTIONS, WHY, Site, send
from tests.support.tally_guard import unhooked

SLUG = "samen-thuis"
FIRST = "Ze belt. Sam slaapt al weken niet."
SECOND = "Ze kookt voor hem. Niet elke dag."
PAGE = f"/dilemma/{SLUG}/1/vervolg"


@dataclass(frozen=True)
class Unfolded:
    """The running product, on the day of its dilemma or on one after it."""

    site: Site
    clock: StoppedClock

    def next_day(self) -> None:
        """A working day later, after a look of the counter."""
        self.clock.move(days=1)
        self.site.tick()

    def choose(self, browser: FlaskClient, chapter: int = 1, **fields: Any) -> TestResponse:
        """Choose after a chapter."""
        return send(browser, f"{PAGE}/{chapter}", **({"optie": "b"} | fields))

    def add_figures(self, chapter: int, *counts: int) -> None:
        """National totals of one part, as after a count."""
        with unhooked(WHY), self.site.state.database.transaction() as session:
            for option, n in zip(OPTIONS, counts, strict=True):
                session.add(Tally(dilemma=SLUG, edition=1 + chapter, scope=NL, option=option, n=n))
        self.site.sign_figures()
