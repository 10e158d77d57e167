"""A demo as short as it can be, in a folder."""

from datetime import datetime

import pytest

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.demo import weeks
from kopkrakers.demo.people import TEAMS, make_people
from kopkrakers.demo.stage import Stage
from kopkrakers.migrations.run import migrate


def build(settings: Settings, now: datetime) -> Stage:
    """A demo of one week, which takes a quarter of the time of four."""
    database = Database(settings.database_url)
    migrate(database)
    with database.transaction() as session:
        make_people(session, settings, TEAMS)
    stage = Stage.of(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weeks, "WEEKS", 1)
        patch.setattr(weeks, "AGENDA_DAYS", (1, 2))
        weeks.live_through_weeks(stage, now, lambda _done, _total: None)
    return stage
