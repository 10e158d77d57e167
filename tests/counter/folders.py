"""A key folder that fails: full, or not to be written."""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def full_disk(bytes_left: int = 40) -> Iterator[None]:
    """No file grows beyond a few bytes, as on a full disk: a key (97 bytes) breaks off halfway."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_left, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing can be written in this folder.

    Root can write anywhere, so root becomes nobody for a while.
    """
    mode, root = folder.stat().st_mode, os.geteuid() == 0
    folder.chmod(0o500)
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(mode)
