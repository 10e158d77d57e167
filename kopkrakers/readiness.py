"""What must be in order before a process may serve; `/klaar` asks."""

from collections.abc import Mapping

from sqlmodel import select

from kopkrakers.ballots.models import BallotBox
from kopkrakers.migrations.run import is_current
from kopkrakers.web.health import Check
from kopkrakers.web.state import AppState


def database_answers(state: AppState) -> bool:
    """Whether a question to the database comes back."""
    with state.database.reader.connect() as connection:
        return connection.exec_driver_sql("SELECT 1").scalar() == 1


def schema_is_current(state: AppState) -> bool:
    """Whether every migration has run."""
    return is_current(state.database)


def boxes_stand_ready(state: AppState) -> bool:
    """Whether the counter has made boxes; without one nobody can vote."""
    with state.database.reading() as session:
        return session.exec(select(BallotBox.id).limit(1)).first() is not None


CHECKS: Mapping[str, Check] = {
    "database": database_answers,
    "migraties": schema_is_current,
    "bussen": boxes_stand_ready,
}
