"""A release is made and fetched whole or not at all, also when stopped or on a full disk."""

import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kopkrakers.base.db import Database
from kopkrakers.privacy import columns
from kopkrakers.research.release import releases
from tests.research.small import bytes_of, release_of

MAKING = """
import sys, time
from datetime import date
from pathlib import Path
from kopkrakers.catalogue.library import Library
from kopkrakers.base.db import Database
from kopkrakers.research.release.releases import make_release
from tests.research.small import ORIGIN
from tests.support.world import ROW_KEYS

def wait(done, all_):
    if done == all_ == int(sys.argv[3]):
        print("halfway", flush=True)
        time.sleep(60)

library = Library(Path(sys.argv[2]))
make_release(Database(sys.argv[1]), library, ROW_KEYS, ORIGIN, date(2026, 11, 23), wait)
"""
WRITING = """
import sys
from pathlib import Path
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.research.commands import write_whole
try:
    write_whole(Path(sys.argv[1]), b"x" * 100_000)
except ConfigurationError as error:
    print(error)
"""
READING, PACKING = 2, len(columns.TABLES)
"""At how many of how many the progress stands when reading, and when packing, is done."""


@pytest.mark.parametrize(("stop", "when"), [(signal.SIGTERM, READING), (signal.SIGKILL, PACKING)])
def test_a_stopped_process_keeps_nothing_of_a_release(
    filled: Database, cards_dir: Path, stop: signal.Signals, when: int
) -> None:
    command = [sys.executable, "-c", MAKING, filled.url, str(cards_dir), str(when)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as making:
        assert making.stdout is not None
        assert making.stdout.readline() == "halfway\n"
        making.send_signal(stop)
        making.wait(timeout=60)
    with filled.reading() as session:
        assert releases.releases(session) == []
    assert release_of(filled, cards_dir).name.number == 1
    assert bytes_of(filled)


def test_a_disk_that_takes_no_more_leaves_no_partial_file(tmp_path: Path) -> None:
    """The system itself refuses to write on, after four kilobytes."""
    (tmp_path / "u.zip").write_bytes(b"earlier")
    refused = subprocess.run(
        [sys.executable, "-c", WRITING, str(tmp_path / "u.zip")],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert "kon niet geschreven worden" in refused.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["u.zip"]
    assert (tmp_path / "u.zip").read_bytes() == b"earlier"
