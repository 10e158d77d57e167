"""The counter's folder of private keys. Nothing but `ballots.counter` may import this."""

import fcntl
import os
import re
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from nacl.public import PrivateKey

from kopkrakers.base.db import ID_LENGTH, new_id
from kopkrakers.base.errors import ConfigurationError

INSTANCE_FILE = "instance"
LOCK_FILE = "counter.lock"
SUFFIX = ".key"
KEY_ID = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
HALF = ".half"
"""A file that is still being written ends in this."""
FileState = tuple[int, int, int]
"""A file's number, size and moment of its last change: other contents give another."""
ORPHAN_HOURS = 1
"""Hours after its making that a key without a box is destroyed: long enough for its box row to be written."""


class KeyFolder:
    """Private keys, one file each, readable by the counter alone; never in the database or its backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._proved: dict[str, tuple[bytes, FileState]] = {}

    def faults(self) -> list[str]:
        """What is wrong with the folder, a sentence each; an empty list when it can be used."""
        if not self.folder.is_dir():
            return [
                f"The key folder {self.folder} does not exist. Make it with mode 0700, for the counter alone."
            ]
        wrong = []
        if stat.S_IMODE(self.folder.stat().st_mode) & 0o077:
            wrong.append(
                f"The key folder {self.folder} is open to others. Type: chmod 700 {self.folder}"
            )
        wrong += [
            f"The key {key.name} is open to others. Type: chmod 600 {key}"
            for key in self.folder.glob("*" + SUFFIX)
            if stat.S_IMODE(key.stat().st_mode) & 0o077
        ]
        if not os.access(self.folder, os.W_OK | os.X_OK):
            wrong.append(f"The key folder {self.folder} cannot be written by the counter.")
        return wrong

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only one counter at a time; the next waits."""
        with (self.folder / LOCK_FILE).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def belong_to(self, instance: str | None) -> str:
        """The instance id that folder and database share; made for a database that has none and an empty folder.

        Raises: ConfigurationError when they belong to different instances; nothing is deleted then.
        """
        path = self.folder / INSTANCE_FILE
        here = path.read_text().strip() if path.exists() else None
        if instance is None and not any(self.folder.glob("*" + SUFFIX)):
            here = here or new_id()
            self._write(path, here)
            return here
        if here is None or here != instance:
            raise ConfigurationError(
                f"The key folder {self.folder} belongs to another database. Nothing was counted or deleted. "
                "Point KOPKRAKERS_KEY_DIR to the right folder; after restoring a backup, run `kopkrakers restore`."
            )
        return here

    def make(self, box_id: str, now: datetime) -> bytes:
        """Make a key pair, bring the private half safely to disk, and give the public half (32 bytes)."""
        private = PrivateKey.generate()
        self._write(self._path(box_id), f"{now.isoformat()} {bytes(private).hex()}")
        return bytes(private.public_key)

    def private(self, box_id: str) -> bytes | None:
        """The private key of a box (32 bytes), or None when it is gone."""
        kept = self._read(box_id)
        return kept[1] if kept else None

    def made_at(self, box_id: str) -> datetime | None:
        """When the key of a box was made, or None when it is gone."""
        kept = self._read(box_id)
        return kept[0] if kept else None

    def opens(self, box_id: str, public_key: bytes) -> bool:
        """Whether the private key of a box is here and belongs to this public key (32 bytes).

        Worked out once for each key; after that it is enough that its file was not touched.
        """
        state = self._state_of(box_id)
        if state is None:
            return False
        if self._proved.get(box_id) != (public_key, state):
            private = self.private(box_id)
            if private is None or bytes(PrivateKey(private).public_key) != public_key:
                return False
            self._proved[box_id] = (public_key, state)
        return True

    def destroy(self, box_id: str) -> None:
        """Overwrite and remove exactly this key."""
        if KEY_ID.fullmatch(box_id):
            self._destroy(self._path(box_id))

    def sweep(self, keep: Collection[str], now: datetime) -> int:
        """Destroy keys that have no box and are older than `ORPHAN_HOURS`; gives how many.

        What a killed counter left half-written or half-destroyed opens nothing and goes at once. To be called
        under the lock: a key that is being written is then nobody's.
        """
        orphans = [path for path in self.folder.glob("*" + SUFFIX) if path.stem not in keep]
        old = [path for path in orphans if self._may_go(path.stem, now)]
        for path in [*old, *self.folder.glob("*" + SUFFIX + HALF)]:
            self._destroy(path)
        return len(old)

    def recall(self, what: str) -> str | None:
        """A line the counter left for itself, such as the last night it counted."""
        path = self.folder / what
        return path.read_text().strip() if path.exists() else None

    def remember(self, what: str, line: str) -> None:
        """Leave a line for the next counter."""
        self._write(self.folder / what, line)

    def _destroy(self, path: Path) -> None:
        self._proved.pop(path.stem, None)
        if not path.exists():
            return
        with path.open("r+b") as file:
            file.write(b"0" * path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        self._sync_folder()

    def _may_go(self, box_id: str, now: datetime) -> bool:
        made = self.made_at(box_id)
        return made is None or now - made > timedelta(hours=ORPHAN_HOURS)

    def _path(self, box_id: str) -> Path:
        if not KEY_ID.fullmatch(box_id):
            raise ValueError("an id that was made up: it could lead out of the folder")
        return self.folder / (box_id + SUFFIX)

    def _state_of(self, box_id: str) -> FileState | None:
        try:
            found = self._path(box_id).stat()
        except (FileNotFoundError, ValueError):
            return None
        return found.st_ino, found.st_size, found.st_ctime_ns

    def _read(self, box_id: str) -> tuple[datetime, bytes] | None:
        """The moment and the key; None also for a made-up id and for what was left of a key being destroyed."""
        try:
            made, private = self._path(box_id).read_text().split()
            return datetime.fromisoformat(made), bytes.fromhex(private)
        except (FileNotFoundError, ValueError):
            return None

    def _write(self, path: Path, text: str) -> None:
        half = path.with_name(path.name + HALF)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
        self._sync_folder()

    def _sync_folder(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
