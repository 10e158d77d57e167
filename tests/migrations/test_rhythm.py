"""A team that had one dilemma a week before an upgrade still has."""

from sqlalchemy import select, text

from kopkrakers.accounts.models import TEAM, Rhythm
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.migrations.run import migrate, unmigrate
from tests.support.world import World


def test_a_weekly_team_stays_weekly_there_and_back(
    database: Database, settings: Settings, world: World
) -> None:
    unmigrate(database, "0013")
    with database.transaction() as session:
        session.execute(
            text("UPDATE team SET weekly = (id = :weekly)"), {"weekly": world.team_noord}
        )
    migrate(database, settings)
    with database.reading() as session:
        rows = session.execute(select(TEAM.c.id, TEAM.c.rhythm))
        kept = {row.id: row.rhythm for row in rows}
    assert kept.pop(world.team_noord) == Rhythm.WEEKLY
    assert set(kept.values()) == {Rhythm.DAILY}
    unmigrate(database, "0013")
    with database.reading() as session:
        weekly = session.execute(text("SELECT id FROM team WHERE weekly")).scalars().all()
    assert weekly == [world.team_noord]
    migrate(database, settings)
