"""A database to measure on: one gemeente, many people, today's dilemma with counted answers,
a session for each.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import session as browser_session
from flask_wtf.csrf import generate_csrf

from kopkrakers.accounts.models import Rhythm
from kopkrakers.accounts.pages.browser.session import begin_session
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Vote, cast_answer
from kopkrakers.app import create_app
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.catalogue.editions.calendar import dilemma_of_day
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.counting import look_into_boxes, mark_lived
from kopkrakers.counter.loop import tick
from kopkrakers.migrations.run import migrate
from kopkrakers.web.state import AppState
from tests.benchmarks.reference import create_reference, ticket_of
from tests.support.world import add_gemeente, add_people, add_team

ANSWERED = 400
"""People who have answered and been counted before the clock starts."""


LINE = 120
"""Bytes of a line of the reference page."""


@dataclass(frozen=True)
class Stage:
    """Addresses to ask. `tickets`: a cookie and a form token of people who can still answer.

    `bare`: a cookie and a form token of the reference.
    """

    card: str
    result: str
    answer: str
    reader: str
    answerer: str
    tickets: list[tuple[str, str]]
    bare: tuple[str, str]


def environment(folder: Path, database_url: str) -> dict[str, str]:
    """Settings for a benchmark's own instance."""
    keys = folder / "sleutels"
    keys.mkdir(mode=0o700, exist_ok=True)
    return os.environ | {
        "KOPKRAKERS_DATABASE_URL": database_url,
        "KOPKRAKERS_SECRET": "s" * 40,
        "KOPKRAKERS_KEY_DIR": str(keys),
        "KOPKRAKERS_OPERATOR": "eigen-gemeente",
        "KOPKRAKERS_LOG_LEVEL": "warning",
        "BENCH_STATE": str(folder / "bench.json"),
    }


def build(folder: Path, environ: dict[str, str], people: int) -> Stage:
    """Fill the database by the real path and sign everyone in."""
    os.environ.update(environ)
    app = create_app()
    kept: AppState = app.extensions["kopkrakers"]
    migrate(kept.database)
    with kept.database.transaction() as session:
        gemeente = add_gemeente(session, "Zaanstad")
        add_team(session, gemeente, "Team Noord")
        everyone = add_people(session, gemeente, people)
    counter = make_counter(kept.settings, kept.database, kept.library)
    now = datetime.now(UTC) - timedelta(hours=1)
    tick(counter, kept.library, now)
    slug, edition = answered(kept, gemeente, everyone[:ANSWERED])
    # at any time of any day, so not at the moments of a working day
    mark_lived(counter)
    look_into_boxes(counter, now, at_least=0)
    sessions = _signed_in(app, gemeente, everyone)
    card = f"/dilemma/{slug}"
    page = (
        app.test_client(use_cookies=False).get("/", headers={"Cookie": sessions[-1][0]}).get_data()
    )
    (folder / "bench.json").write_text(json.dumps(sizes(page)))
    secret, name = app.config["SECRET_KEY"], app.config["SESSION_COOKIE_NAME"]
    kept.database.dispose()
    return Stage(
        card="/",
        result=f"{card}/{edition}/uitslag",
        answer=f"{card}/{edition}/antwoord",
        reader=sessions[-1][0],
        answerer=sessions[0][0],
        tickets=sessions[ANSWERED:-1],
        bare=ticket_of(create_reference(secret, name, **sizes(page))),
    )


def answered(kept: AppState, gemeente: int, people: list[int]) -> tuple[str, int]:
    """These people answer today's dilemma; gives its slug and edition."""
    with kept.database.transaction() as session:
        found = dilemma_of_day(session, kept.library, kept.today(), Rhythm.DAILY)
        assert found is not None
        for number, person in enumerate(people):
            cast_answer(
                session,
                Vote(
                    voter=Voter(person, kept.turn_keys),
                    gemeente_id=gemeente,
                    dilemma=found.edition.dilemma,
                    edition=found.edition.number,
                    answer=Answer(
                        "abcx"[number % 4] if number % 4 < len(found.card.options) else "a",
                        "wrb"[number % 3],
                    ),
                ),
                today=kept.today(),
                mac_keys=mac_keys(kept.settings),
            )
    return found.edition.dilemma, found.edition.number


def _signed_in(app: object, gemeente: int, people: list[int]) -> list[tuple[str, str]]:
    interface, name = app.session_interface, app.config["SESSION_COOKIE_NAME"]  # type: ignore[attr-defined]
    signer = interface.get_signing_serializer(app)
    found = []
    for person in people:
        with app.test_request_context():  # type: ignore[attr-defined]
            roles = frozenset({"klantmanager"})
            begin_session(Visitor(person, gemeente, "Zaanstad", "", roles, 0))
            token = generate_csrf()
            found.append((f"{name}={signer.dumps(dict(browser_session))}", token))
    return found


def sizes(page: bytes) -> dict[str, int]:
    """Return the size of the reference page: characters of inlined styles, and lines of text."""
    styles = page.index(b"</style>") - page.index(b"<style>")
    return {"styles": styles, "lines": max(1, (len(page) - styles - 300) // LINE)}


def await_answer(server: "subprocess.Popen[bytes]", url: str) -> None:
    """Wait until the server answers at this address, a minute at most."""
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.2)
    server.kill()
    sys.exit("The server did not start within a minute.")
