"""The real application on a real database behind a real port,
with a counter and a mail server at hand.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from kopkrakers.accounts import invitations, rules
from kopkrakers.accounts.invitations import Invitee
from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Turn, Vote, cast_answer, turn_of
from kopkrakers.app import create_app
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import TooMany
from kopkrakers.catalogue.editions.models import CalendarDay
from kopkrakers.demo.app import create_demo_app
from kopkrakers.reminders.push.server_key import new_key
from kopkrakers.web import access
from kopkrakers.web.limits import SENTENCE
from tests.support.clock import EVERY_QUARTER, MONDAY_MORNING, StoppedClock
from tests.support.mailbox import Mailbox, mail_server, text_of
from tests.support.pages import Site
from tests.support.world import ROW_KEYS, World, add_people, add_person, browser_of, make_world

TODAY, EARLIER, CLOSED = "een-plek", "samen-thuis", "tweede-kans"
PLAN = (
    (MONDAY_MORNING - timedelta(weeks=27), CLOSED),
    (MONDAY_MORNING - timedelta(days=3), EARLIER),
    (MONDAY_MORNING, TODAY),
)
"""Which dilemma opened when: the first takes no answers any more and is due, the others do."""


class Quiet(WSGIRequestHandler):
    """Logs nothing: the application has its own log."""

    def log(self, *_told: Any) -> None:
        """Say nothing."""


@dataclass
class LiveSite:
    """One running site, on which `TODAY` and `EARLIER` take answers and `CLOSED` does not."""

    url: str
    app: Flask
    clock: StoppedClock
    mailbox: Mailbox
    world: World
    broken: bool = False
    _names: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def database(self) -> Database:
        """Return the address of the database."""
        return self.site(TODAY).state.database

    def site(self, slug: str) -> Site:
        """The site seen from one dilemma: its counter, and totals to put in."""
        return Site(self.app, slug)

    def person(self, *roles: Role, team: str = "Team Noord") -> Visitor:
        """Someone new in Zaanstad, so that no test meets what another left behind."""
        teams = {"Team Noord": self.world.team_noord, "": None}
        with self.database.transaction() as session:
            name = f"Persoon {next(self._names)}".replace(" ", "")
            return add_person(
                session, name, self.world.zaanstad, teams[team], *(roles or (Role.KLANTMANAGER,))
            )

    def cookie(self, visitor: Visitor) -> tuple[str, str]:
        """Name and value of what a browser holds on which this person is signed in."""
        kept = browser_of(self.app, visitor).get_cookie("kopkrakers")
        assert kept is not None
        return "kopkrakers", kept.value

    def invitation(self, name: str, *roles: Role, mailed: bool = True) -> str:
        """The address of a personal invitation for someone with this name, to Team Noord."""
        settings = self.site(TODAY).state.settings
        roles = roles or (Role.KLANTMANAGER,)
        invitee = Invitee(
            name,
            f"{name.lower()}@voorbeeld.nl",
            frozenset(roles),
            self.world.team_noord,
            mailed=mailed,
        )
        with self.database.transaction() as session:
            token = invitations.invite(
                session,
                self.world.zaanstad,
                invitee,
                now=self.clock(),
                keys=rules.address_keys(settings),
                row_keys=ROW_KEYS,
            )
        return f"{self.url}/uitnodiging/{token}"

    def colleagues_answer(self, slug: str, options: str) -> None:
        """Let so many new colleagues of the gemeente put these options in the box."""
        state = self.site(slug).state
        with self.database.transaction() as session:
            for voter, option in zip(
                add_people(session, self.world.zaanstad, len(options)), options, strict=True
            ):
                cast_answer(
                    session,
                    Vote(
                        voter=Voter(voter, state.turn_keys),
                        gemeente_id=self.world.zaanstad,
                        dilemma=slug,
                        edition=1,
                        answer=Answer(option, "w"),
                    ),
                    today=state.today(),
                    mac_keys=mac_keys(state.settings),
                )

    def count(self) -> None:
        """Let the counter look twice: what went in just now is counted at the second look."""
        for _ in range(2):
            self.clock.move(minutes=15)
            self.site(TODAY).tick()

    def turn(self, visitor: Visitor, slug: str) -> Turn:
        """Return the outcome of this person's turn on a dilemma."""
        with self.database.reading() as session:
            return turn_of(session, Voter(visitor.id, self.site(slug).state.turn_keys), slug, 1)

    def mail_to(self, address: str, *, about: str = "") -> str:
        """The text of the next mail to this address that holds these words.

        What other tests let arrive is passed over.
        """
        while True:
            to, mail = self.mailbox.arrived()
            if to == [address] and about in text_of(mail):
                return text_of(mail)

    def link(self, address: str) -> str:
        """The link in the next mail to this address."""
        text = self.mail_to(address)
        found = re.search(r"http://\S+", text)
        assert found is not None, text
        return found[0]


def settings_in(folder: Path, database_url: str, **more: Any) -> Settings:
    """Settings for one site, with the tests' own cards."""
    (folder / "sleutels").mkdir(mode=0o700, exist_ok=True)
    shutil.copytree(Path(__file__).parents[2] / "cards", folder / "dilemmas", dirs_exist_ok=True)
    _let_become_due(folder / "dilemmas" / f"{CLOSED}.md")
    return Settings(
        database_url=database_url,
        secret="s" * 40,  # type: ignore[arg-type]
        key_dir=folder / "sleutels",
        operator="andere-partij",  # type: ignore[arg-type]
        cards_dir=folder / "dilemmas",
        log_level="error",
        **more,
        moments=EVERY_QUARTER,
    )


def _let_become_due(path: Path) -> None:
    """Give a card facts that had to be checked again in June and touch the choice."""
    checked = "gecontroleerd_op: 2026-11-21"
    keys = "gecontroleerd_op: 2026-04-01\ncontroleren_voor: 2026-06-01\nraakt_keuze: ja"
    path.write_text(path.read_text().replace(checked, keys))


@contextmanager
def serving(respond: Callable[..., Any]) -> Iterator[str]:
    """A WSGI application on a free port; gives its address."""
    server = make_server("127.0.0.1", 0, respond, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def live_site(
    folder: Path, database_url: str, *, mail: bool, demo: bool = False
) -> Iterator[LiveSite]:
    """A site with two open dilemmas and one that closed; with mail or, as a demo, without."""
    with ExitStack() as stack:
        box = Mailbox()
        sites: list[LiveSite] = []
        url = stack.enter_context(
            serving(lambda environ, start: _respond(sites[0], environ, start))
        )
        more: dict[str, Any] = {"base_url": url, "demo": demo}
        if mail:
            port = stack.enter_context(mail_server(box))
            more |= {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_starttls": False}
            more |= {"redactie_email": "redactie@voorbeeld.nl"}
            more |= {"push_key": new_key(), "webhook_hosts": ("hooks.slack.com",)}
        clock = StoppedClock(MONDAY_MORNING)
        app = (create_demo_app if demo else create_app)(
            settings_in(folder, database_url, **more), clock=clock
        )
        app.add_url_rule("/stuk", "broken", access.public(_break))
        app.add_url_rule("/te-vaak", "too often", access.public(_refuse), methods=["POST"])
        database: Database = app.extensions["kopkrakers"].database
        stack.callback(database.dispose)
        with database.transaction() as session:
            world = make_world(session)
        sites.append(LiveSite(url, app, clock, box, world))
        _live_through(sites[0])
        yield sites[0]


def _respond(live: LiveSite, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
    if live.broken and environ["REQUEST_METHOD"] == "POST":
        start("500 Internal Server Error", [("Content-Type", "text/plain")])
        return [b"stuk"]
    return live.app(environ, start)


def _break() -> str:
    raise ValueError("broken on purpose")


def _refuse() -> str:
    raise TooMany(SENTENCE)


def _live_through(live: LiveSite) -> None:
    """One dilemma half a year ago, then Friday's and today's, as `PLAN` says."""
    with live.database.transaction() as session:
        for moment, slug in PLAN:
            session.merge(CalendarDay(day=moment.date(), dilemma=slug))
    for moment, _slug in PLAN:
        live.clock.moment = moment
        live.site(TODAY).tick()
