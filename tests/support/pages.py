"""For tests of the pages: today's dilemma open with boxes ready, figures in it,
and answers sent as browsers do.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from html import unescape
from threading import get_ident
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers import figures
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.loop import tick
from kopkrakers.tallies.models import AttributeTally, Tally
from kopkrakers.web.state import AppState
from tests.support.cards import open_editions
from tests.support.databases.again import told_by, written_once
from tests.support.polling import give_pools
from tests.support.signed_totals import sign_by_hand
from tests.support.tally_guard import unhooked
from tests.support.world import browser_of

WHY = "a page shows totals, whoever counted them"
OPTIONS = ("a", "b", "c", "x")
Fields = dict[str, Any]
"""What a form sends, by the names of its fields."""

ANSWER: Fields = {"optie": "a", "doorslag": "w", "zeker": "2", "verwacht": "b", "ervaring": "-"}
OF_OTHERS = (
    "7.777",
    "Iedereen krijgt hetzelfde.",
    "Niet iedereen is hetzelfde.",
    "Kennis uit onderzoek",
    "De wet bij",
    "De cliënt bij",
    "Wat weegt bij jou het zwaarst?",
    '<section class="kk-kraak">',
    "Wat kozen collega’s?",
)
"""What nobody may be sent before their own answer is in: figures, arguments, knowledge, kraakvraag.
"""


@dataclass(frozen=True)
class Site:
    """The running product with its counter. `slug` is today's dilemma, in its first edition."""

    app: Flask
    slug: str

    @property
    def state(self) -> AppState:
        state: AppState = self.app.extensions["kopkrakers"]
        return state

    def url(self, what: str, number: int = 1) -> str:
        """The address of something of today's edition."""
        return f"/dilemma/{self.slug}/{number}/{what}"

    def tick(self, moment: datetime | None = None) -> None:
        """The counter looks once."""
        counter = make_counter(self.state.settings, self.state.database, self.state.library)
        tick(counter, self.state.library, moment or self.state.now())

    def browser(self, visitor: Visitor) -> FlaskClient:
        """A browser on which this person is signed in."""
        return browser_of(self.app, visitor)

    def add_figures(
        self,
        *scopes: str,
        counts: tuple[int, int, int, int] = (4000, 2777, 700, 300),
        sign: bool = True,
    ) -> None:
        """Totals as after a count: national, and the gemeenten that are named."""
        for scope in ("NL", *scopes):
            self.add_totals(scope, counts, sign=False)
        if sign:
            self.sign_figures()

    def add_totals(
        self, scope: str, counts: tuple[int, int, int, int], *, sign: bool = True
    ) -> None:
        """Totals of one scope more, beside those that are there."""
        with unhooked(WHY), self.state.database.transaction() as session:
            for option, n in zip(OPTIONS, counts, strict=True):
                session.add(Tally(dilemma=self.slug, edition=1, scope=scope, option=option, n=n))
        if sign:
            self.sign_figures()

    def add_reasons(self, *, sign: bool = True, **reasons: tuple[int, int, int, int]) -> None:
        """Add what tipped the balance, per option."""
        with unhooked(WHY), self.state.database.transaction() as session:
            for value, counts in reasons.items():
                for option, n in zip(OPTIONS, counts, strict=True):
                    session.add(
                        AttributeTally(
                            dilemma=self.slug,
                            edition=1,
                            attribute="consideration",
                            value=value,
                            option=option,
                            n=n,
                        )
                    )
        if sign:
            self.sign_figures()

    def sign_figures(self) -> None:
        """Give the totals their MACs, as a count does."""
        sign_by_hand(self.state.database, self.state.row_keys)


def open_site(app: Flask) -> Site:
    """Let the counter open today's dilemma and put its boxes ready."""
    site = Site(app, "")
    settings = site.state.settings
    slug = written_once(
        lambda: _opened(site),
        site.state.database,
        "site",
        site.state.now(),
        told_by(settings),
        key_dir=settings.key_dir,
    )
    return replace(site, slug=slug)


def _opened(site: Site) -> str:
    """Return which dilemma is opened."""
    site.tick()
    with site.state.database.transaction() as session:
        give_pools(session, mac_keys(site.state.settings), amsterdam_day(site.state.now()))
    site.tick()
    with site.state.database.reading() as session:
        today = amsterdam_day(site.state.now())
        newest = max(open_editions(session, today), key=lambda edition: edition.opens_on)
    return newest.dilemma


def token_of(browser: FlaskClient) -> str:
    """The form token of this browser's session, as any page would carry it."""
    with browser.session_transaction() as session:
        kept = session["csrf_token"]
    secret = browser.application.secret_key
    assert secret
    return str(URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(kept))


def send(browser: FlaskClient, url: str, *, htmx: bool = False, **fields: Any) -> TestResponse:
    """Post a form with a valid token."""
    headers = {"HX-Request": "true"} if htmx else {}
    return browser.post(url, data={"csrf_token": token_of(browser), **fields}, headers=headers)


def give(site: Site, browser: FlaskClient, *, htmx: bool = False, **changes: Any) -> TestResponse:
    """Answer today's dilemma."""
    return send(browser, site.url("antwoord"), htmx=htmx, **(ANSWER | changes))


def words(response: TestResponse) -> str:
    """The page as one line of text, without the tags around it."""
    text = re.sub(
        r"<style>.*?</style>|<[^>]+>", " ", response.get_data(as_text=True), flags=re.DOTALL
    )
    return " ".join(unescape(text).split())


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SQL statement that this thread sends meanwhile.

    The day of a browser session is written beside the request, by another thread at any moment.
    """
    sent: list[str] = []
    here = get_ident()

    def remember(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        # each process looks at the cards of the desk again and again, whoever asks what
        if "stored_card" not in statement and get_ident() == here:
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", remember)


def address_of(rule: str) -> str:
    """An address that fits a route, with something in each gap."""
    rule = re.sub(r"<int[^>]*>", "1", rule)
    return re.sub(r"<[^>]*>", "x", rule)


def forget_what_was_shown() -> None:
    """Be a process that showed nothing yet."""
    for memory in (figures._SHOWN, figures._NATIONAL):
        memory.forget_where(lambda _: True)
