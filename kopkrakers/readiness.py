"""Conditions for a process to serve; `/klaar` asks."""

from pathlib import Path
from shutil import disk_usage

from sqlmodel import select

from kopkrakers.answers.ready import gemeenten_without_boxes
from kopkrakers.ballots.models import BallotBox
from kopkrakers.base.processes.last_look import Process, last_look
from kopkrakers.migrations.state import is_current
from kopkrakers.web.health import Readiness, Tell
from kopkrakers.web.state import AppState

ROOM = 20 * 1024 * 1024
"""Bytes that must be free beside an embedded database: below it an answer may be refused."""


def database_answers(state: AppState) -> bool:
    """Whether a question to the database comes back."""
    with state.database.reader.connect() as connection:
        return connection.exec_driver_sql("SELECT 1").scalar() == 1


def schema_is_current(state: AppState) -> bool:
    """Whether every migration has run."""
    return is_current(state.database)


def boxes_stand_ready(state: AppState) -> bool:
    """Whether the counter has made boxes, for every gemeente; without one nobody there can vote."""
    with state.database.reading() as session:
        some = session.exec(select(BallotBox.id).limit(1)).first() is not None
        return some and not gemeenten_without_boxes(session, state.today())


def can_be_written(state: AppState) -> bool:
    """Whether there is room to write in; of PostgreSQL only whether it takes writing at all."""
    file = state.settings.sqlite_file
    if file is not None:
        return has_room(file.parent)
    with state.database.writer.connect() as connection:
        return connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "off"


def has_room(folder: Path) -> bool:
    """Whether the disk of a folder has room for what a working day writes."""
    return disk_usage(folder).free >= ROOM


def minutes_since_look(process: Process) -> Tell:
    """Return what tells how long ago a process looked; None when there is none that tells."""

    def tell(state: AppState) -> int | None:
        looked = last_look(state.database, process)
        if looked is None:
            return None
        return int((state.now() - looked).total_seconds() // 60)

    return tell


READINESS = Readiness(
    checks={
        "database": database_answers,
        "migraties": schema_is_current,
        "bussen": boxes_stand_ready,
        "schrijven": can_be_written,
    },
    # the website can go on without these two, so their absence takes no website away
    tells={
        "teller_minuten": minutes_since_look(Process.COUNTER),
        "bode_minuten": minutes_since_look(Process.COURIER),
    },
)
