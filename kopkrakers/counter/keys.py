"""The counter's folder of private keys, one file for each box."""

import fcntl
import os
import re
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from nacl.public import PrivateKey

from kopkrakers.base.db import ID_LENGTH, new_id
from kopkrakers.base.errors import ConfigurationError

INSTANCE_FILE = "instance"
LOCK_FILE = "counter.lock"
SUFFIX = ".key"
KEY_ID = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
UNFINISHED = ".half"
"""The ending of a file that is still being written."""
FileState = tuple[int, int, int]
"""The inode, size and time of change of a file: other contents give another."""
ORPHAN_HOURS = 1
"""Hours that a key may be without a box: long enough for the transaction that writes its row."""


class _KeyFile(NamedTuple):
    """The contents of a key file."""

    made: datetime
    private: bytes
    born: datetime


class KeyFolder:
    """Private keys in files of the counter alone, never in the database or its backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._checked: dict[str, tuple[bytes, FileState]] = {}

    def faults(self) -> list[str]:
        """Return a sentence for each fault; an empty list when the folder can be used."""
        if not self.folder.is_dir():
            return [
                f"De sleutelmap {self.folder} bestaat niet. "
                "Maak hem met rechten 0700, alleen voor de teller."
            ]
        wrong = []
        if _open_to_others(self.folder):
            wrong.append(
                f"De sleutelmap {self.folder} staat open voor anderen. Typ: chmod 700 {self.folder}"
            )
        for key in self.folder.glob("*" + SUFFIX):
            if _open_to_others(key):
                wrong.append(f"De sleutel {key.name} staat open voor anderen. Typ: chmod 600 {key}")
        if not os.access(self.folder, os.W_OK | os.X_OK):
            wrong.append(f"De teller kan niet schrijven in de sleutelmap {self.folder}.")
        return wrong

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other counters out until the block ends; the next one waits."""
        with (self.folder / LOCK_FILE).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def belong_to(self, instance: str | None) -> str:
        """Return the instance id that folder and database share.

        `instance`: the id in the database. A new database without one and a folder without keys
        get an id together.
        Raises: ConfigurationError when they belong to different instances; nothing is deleted. A
        counter with the wrong folder would give up every box for want of its key.
        """
        here = self.recall(INSTANCE_FILE)
        # a new database and a folder without keys: no box can be lost by taking them together
        if instance is None and not any(self.folder.glob("*" + SUFFIX)):
            here = here or new_id()
            self.remember(INSTANCE_FILE, here)
            return here
        if here is None or here != instance:
            raise ConfigurationError(
                f"De sleutelmap {self.folder} hoort bij een andere database. Er is niets geteld of "
                "weggegooid. Laat KOPKRAKERS_KEY_DIR naar de goede map wijzen; is er een back-up "
                "teruggezet, draai dan `kopkrakers restore`."
            )
        return here

    def make(self, box_id: str, now: datetime, *, born: datetime | None = None) -> bytes:
        """Make a key pair and write the private key to disk. Return the public key (32 bytes).

        `born`: since when what lies in the box waits, where that is longer than this key is there.
        """
        private = PrivateKey.generate()
        parts = [now.isoformat(), bytes(private).hex()]
        if born is not None:
            parts.append(born.isoformat())
        self._write(self._path(box_id), " ".join(parts))
        return bytes(private.public_key)

    def private(self, box_id: str) -> bytes | None:
        """Return the private key of a box (32 bytes), or None when it is gone."""
        entry = self._read(box_id)
        return None if entry is None else entry.private

    def made_at(self, box_id: str) -> datetime | None:
        """Return when the key of a box was made, or None when it is gone."""
        entry = self._read(box_id)
        return None if entry is None else entry.made

    def born_at(self, box_id: str) -> datetime | None:
        """Return since when a box waits, also under earlier keys, or None when its key is gone.

        It stands here and not in the database: rows there have no age.
        """
        entry = self._read(box_id)
        return None if entry is None else entry.born

    def opens(self, box_id: str, public_key: bytes) -> bool:
        """Whether the private key of a box is here and belongs to this public key (32 bytes).

        Computed once for each key; after that an unchanged file and public key are enough.
        """
        state = self._state_of(box_id)
        # destroyed, or an id that somebody made up
        if state is None:
            return False
        if self._checked.get(box_id) != (public_key, state):
            private = self.private(box_id)
            if private is None or bytes(PrivateKey(private).public_key) != public_key:
                return False
            self._checked[box_id] = (public_key, state)
        return True

    def destroy(self, box_id: str) -> None:
        """Overwrite and remove the key of a box. An id that is not one of ours does nothing."""
        if KEY_ID.fullmatch(box_id):
            self._destroy(self._path(box_id))

    def sweep(self, keep: Collection[str], now: datetime) -> int:
        """Destroy keys that have no box and are older than `ORPHAN_HOURS`. Return their number.

        `keep`: the ids of all boxes. Files that a killed counter left unfinished open nothing and
        go at once. The caller holds the lock, so no key is being written meanwhile.
        """
        swept = 0
        for path in self.folder.glob("*" + SUFFIX):
            if path.stem not in keep and self._is_old(path.stem, now):
                self._destroy(path)
                swept += 1
        for path in self.folder.glob("*" + SUFFIX + UNFINISHED):
            self._destroy(path)
        return swept

    def recall(self, name: str) -> str | None:
        """Return a line that the counter wrote for itself, such as the last night it counted."""
        path = self.folder / name
        return path.read_text().strip() if path.exists() else None

    def remember(self, name: str, line: str) -> None:
        """Write a line for `recall`."""
        self._write(self.folder / name, line)

    def raise_to(self, name: str, number: int) -> None:
        """Write a number for `recall`, unless a higher one stands there, also beside another."""
        if int(self.recall(name) or 0) >= number:
            return
        with (self.folder / (name + ".lock")).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # asked again: another may have raised it while this one waited
            if int(self.recall(name) or 0) < number:
                self.remember(name, str(number))

    def _destroy(self, path: Path) -> None:
        self._checked.pop(path.stem, None)
        if not path.exists():
            return
        # overwritten first: the blocks of a file that is only removed can be read from the disk
        with path.open("r+b") as file:
            file.write(b"0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        self._sync_folder()

    def _is_old(self, box_id: str, now: datetime) -> bool:
        made = self.made_at(box_id)
        # one that cannot be read opens nothing, so it need not wait
        return made is None or now - made > timedelta(hours=ORPHAN_HOURS)

    def _path(self, box_id: str) -> Path:
        if not KEY_ID.fullmatch(box_id):
            # ids come from the database: one that someone made up could lead out of the folder
            raise ValueError("an id that was made up: it could lead out of the folder")
        return self.folder / (box_id + SUFFIX)

    def _state_of(self, box_id: str) -> FileState | None:
        try:
            status = self._path(box_id).stat()
        except (FileNotFoundError, ValueError):
            return None
        return status.st_ino, status.st_size, status.st_ctime_ns

    def _read(self, box_id: str) -> _KeyFile | None:
        """Read a key file; None for a made-up id, and for a key that is half destroyed."""
        try:
            made, private, *born = self._path(box_id).read_text().split()
            dates = list(map(datetime.fromisoformat, (made, *born)))
            return _KeyFile(dates[0], bytes.fromhex(private), dates[-1])
        except (FileNotFoundError, ValueError):
            return None

    def _write(self, path: Path, text: str) -> None:
        """Write a file that after a power cut is there whole or not at all."""
        unfinished = path.with_name(path.name + UNFINISHED)
        # in this mode from its first byte: what is narrowed afterwards was open for a moment
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(path)
        self._sync_folder()

    def _sync_folder(self) -> None:
        """Write the names in the folder to disk; without this a new file can still be lost."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
