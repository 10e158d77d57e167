"""The folder of sealed backups: writing one, and taking away those whose time is over."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kopkrakers.base.config import Settings
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.processes.progress import Progress
from kopkrakers.base.reasons.system import system_reason
from kopkrakers.operations.backup import postgres
from kopkrakers.operations.backup.sealed import (
    PIECE,
    DatabaseKind,
    database_kind_of,
    opened_pieces,
    seal_stream,
)
from kopkrakers.operations.backups import copy_database, replace_by_backup

NO_KEY = "Er is nog geen sleutel voor back-ups. Typ: kopkrakers backup-key"
NO_FOLDER = "De map {folder} bestaat niet. Maak hem eerst."
BESIDE_KEYS = (
    "In {folder} staan de sleutels van de teller. Sleutels en back-up horen nooit bij elkaar: "
    "wie ze samen heeft, opent wat nog wacht. Kies een andere map."
)
NOT_WRITTEN = "De back-up in {folder} is niet gelukt: {reason}. Wat er stond, staat er nog."
OF_OTHER_DATABASE = "Dit is een back-up van {kind}. KOPKRAKERS_DATABASE_URL noemt een andere soort."
_NAME = "kopkrakers-%Y%m%d-%H%M%S.backup"
_OURS = re.compile(r"kopkrakers-\d{8}-\d{6}\.backup")


@dataclass(frozen=True)
class WrittenBackup:
    """The file of a backup, and how many older ones went."""

    file: Path
    removed: int


def write_backup(
    settings: Settings, folder: Path, now: datetime, *, keep: timedelta, progress: Progress
) -> WrittenBackup:
    """Write a sealed backup to a folder; then take away what is older than `keep`.

    Raises: ConfigurationError when it cannot be done; the folder is then as it was.
    """
    _hold_folder(settings, folder)
    file = folder / now.astimezone(UTC).strftime(_NAME)
    # under another name until it is whole: half of one must never pass for a backup
    half = file.with_name(file.name + ".half")
    try:
        _write(settings, half, progress)
        half.replace(file)
    except OSError as error:
        refused = NOT_WRITTEN.format(folder=folder, reason=system_reason(error))
        raise ConfigurationError(refused) from None
    finally:
        half.unlink(missing_ok=True)
    return WrittenBackup(file, _remove_old(folder, file, now - keep))


def restore_sealed(settings: Settings, file: Path, private: str, progress: Progress) -> None:
    """Replace the database by a sealed backup. The server must stand still.

    Raises: ConfigurationError when it is not whole or not ours; the database is then as it was.
    """
    keys = keys_for(Use.BACKUPS, settings)
    wanted = DatabaseKind.POSTGRESQL
    if settings.sqlite_file is not None:
        wanted = DatabaseKind.SQLITE
    with file.open("rb") as source:
        kind = database_kind_of(source, file.name, keys)
        if kind is not wanted:
            name = "PostgreSQL"
            if kind is DatabaseKind.SQLITE:
                name = "SQLite"
            raise ConfigurationError(OF_OTHER_DATABASE.format(kind=name))

        def opened() -> Iterator[bytes]:
            source.seek(0)
            return opened_pieces(source, file.name, private, keys)

        # to the end, before anything is replaced by what may turn out to be half of it
        for _ in opened():
            pass
        if settings.sqlite_file is None:
            postgres.run_dump(settings.database_url, opened())
        else:
            _put_back_file(settings, settings.sqlite_file, opened, progress)


def _hold_folder(settings: Settings, folder: Path) -> None:
    if settings.backup_key is None:
        raise ConfigurationError(NO_KEY)
    if not folder.is_dir():
        raise ConfigurationError(NO_FOLDER.format(folder=folder))
    if settings.key_dir is None:
        return
    here, keys = folder.resolve(), settings.key_dir.resolve()
    if here.is_relative_to(keys) or keys.is_relative_to(here):
        raise ConfigurationError(BESIDE_KEYS.format(folder=folder))


def _write(settings: Settings, half: Path, progress: Progress) -> None:
    assert settings.backup_key is not None
    keys = keys_for(Use.BACKUPS, settings)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        if settings.sqlite_file is None:
            pieces: Iterable[bytes] = postgres.dump_database(settings.database_url)
            kind = DatabaseKind.POSTGRESQL
        else:
            pieces = _copied(settings.sqlite_file, progress)
            kind = DatabaseKind.SQLITE
        seal_stream(pieces, target, kind, settings.backup_key, keys)
        target.flush()
        # on the disk, before older ones go
        os.fsync(target.fileno())


def _copied(database: Path, progress: Progress) -> Iterator[bytes]:
    """Yield a SQLite database as it is at one moment.

    The copy stands beside the database, where all of it can be read anyway, and goes at once.
    """
    copy = database.with_name(database.name + ".kopie")
    try:
        copy_database(database, copy, progress)
        with copy.open("rb") as source:
            while piece := source.read(PIECE):
                yield piece
    finally:
        copy.unlink(missing_ok=True)


def _put_back_file(
    settings: Settings, database: Path, opened: Callable[[], Iterator[bytes]], progress: Progress
) -> None:
    copy = database.with_name(database.name + ".kopie")
    try:
        copy.unlink(missing_ok=True)
        copy.touch(mode=0o600)
        with copy.open("wb") as target:
            target.writelines(opened())
        replace_by_backup(copy, settings, progress)
    finally:
        copy.unlink(missing_ok=True)


def _remove_old(folder: Path, newest: Path, before: datetime) -> int:
    """Take away backups of ours from before a moment, never the newest; return how many."""
    removed = 0
    for path in folder.iterdir():
        if not _OURS.fullmatch(path.name) or path == newest:
            continue
        # a name like ours with a day that does not exist is not ours
        with suppress(ValueError):
            made = datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)
            if made < before:
                path.unlink()
                removed += 1
    return removed
