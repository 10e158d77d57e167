"""Backup of an embedded database, and what must happen after any backup was put back."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from kopkrakers.accounts.models import BROWSER_SESSION
from kopkrakers.accounts.trail.chain import TrailEntry, write
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.ballots.boxes import BOX, ENVELOPE
from kopkrakers.ballots.models import Instance
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database, changed, table
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.processes.progress import Progress
from kopkrakers.base.reasons.database import database_reason
from kopkrakers.base.reasons.system import system_reason
from kopkrakers.catalogue.editions.calendar import plan_calendar
from kopkrakers.catalogue.editions.chair_weeks import plan_chair_weeks
from kopkrakers.catalogue.editions.editions import EDITION, renew_editions
from kopkrakers.catalogue.library import Library, library_of
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.keys import INSTANCE_FILE, LOCK_FILE, KeyFolder
from kopkrakers.counter.loop import tick
from kopkrakers.counter.newest.account_chain import chain_is_behind, continue_chain
from kopkrakers.counter.newest.count_number import catch_up, is_behind
from kopkrakers.counter.newest.trail_head import remember_trail
from kopkrakers.counter.sessions.ends import call_off_after_restore
from kopkrakers.counter.totals import sign_restored_totals
from kopkrakers.migrations.state import is_current
from kopkrakers.operations.sharing import share_with_group
from kopkrakers.pools.service import make_national
from kopkrakers.reminders.service import claim_everything

PAGES_AT_ONCE = 256
"""Pages copied between two reports of progress: a mebibyte, at SQLite's 4 KiB a page."""
IN_USE = (
    "De database is in gebruik. Stop eerst wat hem gebruikt: "
    "systemctl stop kopkrakers-web kopkrakers-teller kopkrakers-bode"
)
NO_BACKUP = "In {file} staat geen database van Kopkrakers. Er is niets veranderd."
NOT_COPIED = "{target} kon niet worden geschreven: {why}. Wat er stond, staat er nog."
OTHER_KEYS = (
    "De back-up staat terug, maar de sleutelmap {folder} hoort bij een andere database. Er is "
    "niets geteld of weggegooid. Laat KOPKRAKERS_KEY_DIR naar de goede map wijzen. Zijn het oude "
    "sleutels van deze server, haal dan alles uit die map weg. Geef daarna dezelfde opdracht nog "
    "een keer. Wat in de back-up nog wacht, wordt zonder zijn sleutels nooit geteld."
)
_OUR_TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
_INSTANCE = table(Instance)
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND usename = current_user AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True)
class RestoreOutcome:
    """The outcome of putting a backup back.

    `doubtful`: the editions whose totals do not hold.
    """

    frozen: int
    without_key: int
    doubtful: int


def copy_database(
    source: Path, target: Path, progress: Progress, *, replaces: Sequence[Path] = ()
) -> None:
    """Copy a SQLite database as it is at one moment, also while it is in use.

    Only the owner can read the copy. `replaces`: files that go at the moment the copy is whole.

    Raises: ConfigurationError when the source is not there or is none of ours, or when the copy
    cannot be written; then nothing of it stays.
    """
    if not source.is_file():
        raise ConfigurationError(f"Er is geen database in {source}.")
    # under another name until it is whole: half a copy must never pass for a backup
    half = target.with_name(target.name + ".half")
    try:
        half.unlink(missing_ok=True)
        # with its rights from the start, before anything stands in it that another user could read
        half.touch(mode=0o600)
        _copy_pages(source, half, progress)
        for leftover in replaces:
            leftover.unlink(missing_ok=True)
        half.replace(target)
    except sqlite3.Error as error:
        raise ConfigurationError(_not_copied(source, target, error)) from None
    except OSError as error:
        raise ConfigurationError(
            NOT_COPIED.format(target=target, why=system_reason(error))
        ) from None
    finally:
        with suppress(OSError):
            half.unlink(missing_ok=True)


def _copy_pages(source: Path, half: Path, progress: Progress) -> None:
    with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(half)) as to:
        # an empty file is a database to SQLite, and so is that of any other program
        if from_.execute(_OUR_TABLE).fetchone() is None:
            raise ConfigurationError(NO_BACKUP.format(file=source))
        from_.backup(
            to, pages=PAGES_AT_ONCE, progress=lambda _code, left, all_: progress(all_ - left, all_)
        )
        # a copy in WAL mode would get a log beside it as soon as somebody looks into it
        to.execute("PRAGMA journal_mode=DELETE")


def _not_copied(source: Path, target: Path, error: sqlite3.Error) -> str:
    if error.sqlite_errorname == "SQLITE_NOTADB":
        return NO_BACKUP.format(file=source)
    why = database_reason(error) or f"SQLite weigert het ({error.sqlite_errorname})."
    return NOT_COPIED.format(target=target, why=why.rstrip("."))


def refuse_while_in_use(database: Database, file: Path | None) -> None:
    """Make sure that nothing else has the database open: a server would go on in what is replaced.

    Raises: ConfigurationError that says what to stop.
    """
    if file is not None:
        in_use = file.is_file() and _is_open_elsewhere(file)
    else:
        with database.reader.connect() as connection:
            in_use = connection.exec_driver_sql(_OTHERS).scalar_one() > 0
    if in_use:
        raise ConfigurationError(IN_USE)


def _is_open_elsewhere(file: Path) -> bool:
    """Whether another process has this file open; a file that is no database is open nowhere."""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        try:
            # in WAL mode a transaction leaves readers alone; this mode needs the file for itself
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            return "locked" in str(error)
        except sqlite3.DatabaseError:
            return False
    return False


def replace_by_backup(backup: Path, settings: Settings, progress: Progress) -> None:
    """Replace the embedded database by a backup. The server must stand still.

    Raises: ConfigurationError when there is no such backup.
    """
    target = settings.sqlite_file
    assert target is not None
    # the log of the old database must not be read into the new one; it stays until that is whole
    logs = [target.with_name(target.name + leftover) for leftover in ("-wal", "-shm")]
    copy_database(backup, target, progress, replaces=logs)
    # the copy is its owner's alone; the website, another user, must get at it again
    share_with_group(target)


def instance_of_both(settings: Settings, database: Database) -> str | None:
    """Return the instance id that key folder and database share; None when they share none.

    Asked before a backup is put back: the folder is then known to be that of this server.
    """
    if settings.key_dir is None:
        return None
    file = settings.sqlite_file
    if file is not None and not file.is_file():
        return None
    # what is put back may take the place of a database that is broken, or not there
    try:
        with database.reading() as session:
            here = session.execute(select(_INSTANCE.c.id)).scalar_one_or_none()
    except SQLAlchemyError:
        return None
    there = KeyFolder(settings.key_dir).recall(INSTANCE_FILE)
    return here if here == there else None


def go_on_after_restore(
    settings: Settings,
    database: Database,
    now: datetime,
    *,
    accept_totals: bool = False,
    instance: str | None = None,
) -> RestoreOutcome:
    """Freeze the editions that were open in the backup, and continue with new ones.

    Otherwise totals of before and after could differ by one person. Envelopes whose key is gone can
    never be opened: this returns their number, and the tick at the end deletes them. On a machine
    with an empty key folder a new instance begins. `accept_totals`: sign the totals as they are,
    for a backup from before they were signed. `instance`: that of the key folder, where it was
    shared by the database whose place the backup took.
    Raises: ConfigurationError when the key folder belongs to another database.
    """
    library = library_of(settings.cards_dir, database)
    _begin_anew_without_keys(settings, database)
    _keep_to_own_keys(settings, database, instance)
    # first: nothing is counted in a database that is behind its keys (D-58)
    _bring_numbers_together(settings, database, amsterdam_day(now))
    counter = make_counter(settings, database, library)
    doubtful = sign_restored_totals(counter, as_they_are=accept_totals)
    with database.transaction() as session:
        # a vote counted a second time, with one person more or less, would tell that person (D-30)
        call_off_after_restore(session, now)
        # a browser that was signed out since the backup must not be signed in again
        session.execute(delete(BROWSER_SESSION))
        claim_everything(session, amsterdam_day(now))
        frozen = session.connection().execute(
            update(EDITION)
            .where(EDITION.c.closes_on > amsterdam_day(now), ~EDITION.c.frozen, ~EDITION.c.settled)
            .values(frozen=True)
        )
        without_key = _count_without_key(session, counter.folder)
    _open_nationally(counter, library, now)
    tick(counter, library, now)
    return RestoreOutcome(frozen=changed(frozen), without_key=without_key, doubtful=doubtful)


def _count_without_key(session: Session, folder: KeyFolder) -> int:
    """Return the number of envelopes in boxes whose key is gone."""
    waiting = session.connection().execute(
        select(BOX.c.id, func.count())
        .join(ENVELOPE, ENVELOPE.c.box_id == BOX.c.id)
        .group_by(BOX.c.id)
    )
    without_key = 0
    for box_id, envelopes in waiting:
        if folder.made_at(box_id) is None:
            without_key += envelopes
    return without_key


def is_behind_keys(settings: Settings, database: Database) -> bool:
    """Whether the database was put back by other means: counts that the keys know are not in it."""
    if settings.key_dir is None or not is_current(database):
        return False
    with database.reading() as session:
        folder = KeyFolder(settings.key_dir)
        return is_behind(session, folder) or chain_is_behind(session, folder)


def _bring_numbers_together(settings: Settings, database: Database, today: date) -> None:
    """Let a database that was put back go on at the numbers that its keys know."""
    if settings.key_dir is None:
        return
    folder, keys = KeyFolder(settings.key_dir), mac_keys(settings)
    with database.transaction() as session:
        catch_up(session, folder, keys)
        continue_chain(session, folder, keys)
        write(session, keys, TrailEntry(Deed.RESTORED, None), today)
        remember_trail(session, folder)


def _open_nationally(counter: Counter, library: Library, now: datetime) -> None:
    """Open what is due, without pools.

    What was opened after the backup is not in it, and would look as if nobody had answered it yet.
    """
    today = amsterdam_day(now)
    with counter.database.transaction() as session:
        plan_calendar(session, library, today)
        plan_chair_weeks(session, library, today)
        renew_editions(session, library, today)
        make_national(session, counter.keys, today)


def _begin_anew_without_keys(settings: Settings, database: Database) -> None:
    """An empty key folder belongs to nobody yet: let the restored database take it."""
    if settings.key_dir is None or not settings.key_dir.is_dir():
        return
    names = {path.name for path in settings.key_dir.iterdir()}
    if names <= {LOCK_FILE}:
        with database.transaction() as session:
            session.connection().execute(delete(_INSTANCE))


# D-174
def _keep_to_own_keys(settings: Settings, database: Database, instance: str | None) -> None:
    """Let a backup from before the keys of this server go on with those keys.

    Raises: ConfigurationError when the keys belong to another database, as far as is known.
    """
    if settings.key_dir is None:
        return
    there = KeyFolder(settings.key_dir).recall(INSTANCE_FILE)
    with database.transaction() as session:
        here = session.execute(select(_INSTANCE.c.id)).scalar_one_or_none()
        if here is None or there is None or here == there:
            return
        if instance != there:
            raise ConfigurationError(OTHER_KEYS.format(folder=settings.key_dir))
        session.connection().execute(update(_INSTANCE).values(id=there))
