"""Tables that others refer to are made anew with their rows in place."""

from sqlalchemy import text

from kopkrakers.base.config import Settings
from kopkrakers.migrations.run import migrate, unmigrate
from tests.support.polling import Polling

PEOPLE = text('SELECT id, gemeente_id FROM "user" ORDER BY id')
GEMEENTEN = text("SELECT id, name FROM gemeente ORDER BY id")


def test_gemeenten_with_people_come_over_from_the_first_tables(
    polling: Polling, settings: Settings
) -> None:
    def rows() -> list[tuple[object, ...]]:
        with polling.database.reading() as session:
            found = [*session.execute(PEOPLE), *session.execute(GEMEENTEN)]
        return [tuple(row) for row in found]

    before = rows()
    unmigrate(polling.database, "0002")
    assert rows() == before
    migrate(polling.database, settings)
    assert rows() == before
