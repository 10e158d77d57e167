"""A session to measure: one team, today's dilemma with counted answers,
and the product served as `serve` does.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select

from kopkrakers.app import create_app
from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import Library
from kopkrakers.catalogue.stellingen.reading import stellingen_sets
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.counting import look_into_boxes, mark_lived
from kopkrakers.counter.loop import tick
from kopkrakers.intervisie.session import planning, store
from kopkrakers.intervisie.session.cases import Dilemma, Subject
from kopkrakers.intervisie.session.group.heads import head_count
from kopkrakers.intervisie.session.store import ROUND, SESSION_TALLY, find
from kopkrakers.intervisie.session.wording.stellingen import Stellingen
from kopkrakers.intervisie.werkvormen.reading import STELLINGEN, Werkvorm
from kopkrakers.migrations.run import migrate
from kopkrakers.operations.running.keeping import own_command
from kopkrakers.web.state import AppState
from tests.benchmarks.stage import answered, await_answer, environment
from tests.support.world import World, add_people, browser_of, make_world

PORT = 8766
ANSWERED = 60
SET = "ruimte-in-de-regels"
"""A set of six stellingen."""


@dataclass(frozen=True)
class Stage:
    """A session whose lobby is open. `cookie`: the begeleider's."""

    environ: dict[str, str]
    database: Database
    code: str
    session_id: str
    cookie: str
    werkvorm: str

    def version(self) -> int | None:
        """Return the version that the pages show now."""
        with self.database.reading() as session:
            return store.version_of(session, self.code)

    def is_agreed(self) -> bool:
        """Whether enough phones said that their number is right."""
        with self.database.reading() as session:
            return head_count(session, find(session, self.code)).is_agreed

    def script(self) -> Werkvorm:
        """The steps of the session."""
        with self.database.reading() as session:
            return store.script_of(find(session, self.code))

    def is_closed(self, number: int) -> bool:
        """Whether the counter has counted a vote."""
        which = select(ROUND.c.state).where(
            ROUND.c.session_id == self.session_id, ROUND.c.number == number
        )
        with self.database.reading() as session:
            return session.connection().execute(which).scalar() == "closed"

    def counted(self, number: int) -> int:
        """Return the number of votes of a round that are in its totals."""
        total = select(func.coalesce(func.sum(SESSION_TALLY.c.n), 0))
        which = total.where(
            SESSION_TALLY.c.session_id == self.session_id, SESSION_TALLY.c.round == number
        )
        with self.database.reading() as session:
            return int(session.connection().execute(which).scalar_one())


def build(folder: Path, database_url: str, werkvorm: str) -> Stage:
    """Fill the database by the real path, and plan a session for now."""
    environ = environment(folder, database_url) | {
        "KOPKRAKERS_PORT": str(PORT),
        "KOPKRAKERS_WORKERS": "2",
        "KOPKRAKERS_THREADS": "4",
        "KOPKRAKERS_BASE_URL": f"http://localhost:{PORT}",
    }
    os.environ.update(environ)
    app = create_app()
    kept: AppState = app.extensions["kopkrakers"]
    migrate(kept.database)
    with kept.database.transaction() as session:
        world = make_world(session)
        people = add_people(session, world.zaanstad, ANSWERED)
    counter = make_counter(kept.settings, kept.database, kept.library)
    now = datetime.now(UTC) - timedelta(hours=1)
    tick(counter, kept.library, now)
    slug, _edition = answered(kept, world.zaanstad, people)
    # at any time of any day, so not at the moments of a working day
    mark_lived(counter)
    look_into_boxes(counter, now, at_least=0)
    code, session_id = _lobby(kept, world, werkvorm, slug)
    cookie = browser_of(app, world.gerda).get_cookie("kopkrakers")
    assert cookie is not None
    return Stage(environ, kept.database, code, session_id, cookie.value, werkvorm)


def _lobby(kept: AppState, world: World, werkvorm: str, slug: str) -> tuple[str, str]:
    me = world.gerda.id
    library: Library = kept.library
    with kept.database.transaction() as session:
        subject: Subject = Dilemma(slug)
        if werkvorm == STELLINGEN:
            subject = Stellingen(SET, tuple(one.code for one in stellingen_sets()[SET].stellingen))
        plan = planning.SessionPlan(world.team_noord, werkvorm, subject)
        code = planning.plan_session(session, library, plan, user_id=me, today=kept.today())
        planning.open_lobby(session, code=code, user_id=me, now=kept.now())
        return code, str(find(session, code).id)


@contextmanager
def serving(stage: Stage) -> Iterator[None]:
    """The product as people run it: `kopkrakers serve`,
    two processes of pages and the counter beside them.
    """
    server = subprocess.Popen(own_command("serve"), env=stage.environ, start_new_session=True)
    try:
        await_answer(server, f"http://127.0.0.1:{PORT}/klaar")
        yield
    finally:
        server.terminate()
        server.wait(30)
