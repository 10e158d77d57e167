"""The ground under everything: migrations go both ways and match the models."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from kopkrakers.db import Database
from kopkrakers.migrations.run import is_current, migrate, unmigrate
from kopkrakers.migrations.tables import metadata


def test_migrations_match_the_models(database: Database) -> None:
    with database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrations_go_down_and_up_again(database: Database) -> None:
    unmigrate(database)
    assert not is_current(database)
    migrate(database)
    assert is_current(database)
