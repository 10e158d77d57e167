"""Rounds of sessions under way come over; those of stellingen go with the way back."""

from sqlalchemy import text

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.migrations.run import migrate, unmigrate
from tests.support.clock import StoppedClock
from tests.support.sessions.scene import make_scene
from tests.support.world import World

ROUNDS = text("SELECT session_id, number, state, verdict FROM live_round ORDER BY number")
OF_STELLING = text("INSERT INTO live_round VALUES (:session_id, 11, 'draft', 'none')")


def test_a_session_under_way_keeps_its_rounds(
    settings: Settings, database: Database, world: World, clock: StoppedClock
) -> None:
    scene = make_scene(settings, database, world, clock).open(werkvorm="dilemmamethode")
    scene.join(6)
    scene.open_round()

    def rounds() -> list[tuple[object, ...]]:
        with database.reading() as session:
            return [tuple(row) for row in session.execute(ROUNDS)]

    before = rounds()
    assert [row[1:3] for row in before] == [(1, "open"), (3, "draft")]
    with database.transaction() as session:
        session.execute(OF_STELLING, {"session_id": scene.id})
    unmigrate(database, "0029")
    assert rounds() == before
    migrate(database, settings)
    assert rounds() == before
