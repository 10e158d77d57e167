"""Accounts from before names were kept in order stand where they belong, and are found."""

from sqlalchemy import select

from kopkrakers.accounts import people
from kopkrakers.accounts.models import USER, Role
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.typed import fold
from kopkrakers.migrations.run import migrate, unmigrate
from tests.support.world import World, add_person


def test_names_from_before_are_sorted_and_found(
    database: Database, settings: Settings, world: World
) -> None:
    with database.transaction() as session:
        add_person(session, "Zoë Yılmaz", world.zaanstad, None, Role.KLANTMANAGER)
        add_person(session, "’t Hart", world.zaanstad, None, Role.KLANTMANAGER)
    unmigrate(database, "0045")
    migrate(database, settings)
    with database.reading() as session:
        for row in session.execute(select(USER.c.name, USER.c.sort_name)):
            assert row.sort_name == fold(row.name)
        names = [line.name for line in people.find_people(session, world.zaanstad, "", 1).items]
        found = people.find_people(session, world.zaanstad, "yilmaz", 1)
    assert names.index("’t Hart") < names.index("Zoë Yılmaz")
    assert [line.name for line in found.items] == ["Zoë Yılmaz"]
