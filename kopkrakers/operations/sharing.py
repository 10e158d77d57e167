"""Rights of the files of an embedded database, which the users of website and counter share."""

import stat
from contextlib import suppress
from pathlib import Path

from kopkrakers.base.db import QUEUE, rights_of

OF_GROUP = stat.S_IRGRP | stat.S_IWGRP
BESIDE = ("-wal", "-shm")
"""Files that SQLite puts beside a database, with the rights that the database has."""


def is_for_group(folder: Path) -> bool:
    """Whether a group, but not everyone, may write in a folder."""
    mode = folder.stat().st_mode
    return bool(mode & stat.S_IWGRP) and not mode & stat.S_IWOTH


def closed_to_group(file: Path) -> bool:
    """Whether a database is there that its group cannot write, in a folder where it may."""
    if not file.is_file() or not is_for_group(file.parent):
        return False
    return rights_of(file) & OF_GROUP != OF_GROUP


def share_with_group(file: Path) -> None:
    """Make a database file where there is none, and let the group of its folder write in it.

    By itself SQLite makes a file that only its owner can write, whatever the umask.
    Raises: PermissionError when the file is another user's.
    """
    file.touch(mode=0o600)
    if not closed_to_group(file):
        return
    file.chmod(rights_of(file) | OF_GROUP)
    for ending in (*BESIDE, QUEUE):
        _share(file.with_name(file.name + ending))


def _share(beside: Path) -> None:
    with suppress(FileNotFoundError):
        try:
            beside.chmod(rights_of(beside) | OF_GROUP)
        except PermissionError:
            # of the other user, and empty when nobody works: whoever comes first makes it anew
            if beside.name.endswith(QUEUE):
                beside.unlink()
