"""The first release of the demo, made while the site runs, once polars is installed."""

import subprocess
from importlib.util import find_spec
from tempfile import TemporaryDirectory
from threading import Event

from kopkrakers.base.db import Database
from kopkrakers.operations.running.keeping import own_command
from kopkrakers.research.release.releases import latest_number

# D-36
NEEDED = ("polars", "pyreadstat")
PAUSE = 2.0
"""Seconds between two looks at whether a release can be made."""
LOOKS = 300
TRIES = 5
"""Tries, for `make demo` may still be installing what a release needs."""


def keep_trying(database: Database, stop: Event) -> None:
    """Make the first release, unless there is one. Give up when packages stay missing."""
    tried = 0
    for _ in range(LOOKS):
        if stop.wait(PAUSE) or tried == TRIES or _is_there(database):
            return
        if all(map(find_spec, NEEDED)):
            with TemporaryDirectory() as folder:
                command = own_command("export", "--release", "new", "--out", folder)
                # a process of its own, so that its memory is freed
                subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
            tried += 1


def _is_there(database: Database) -> bool:
    with database.reading() as session:
        return latest_number(session) is not None
