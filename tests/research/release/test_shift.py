"""What changed in live sessions reaches the dataset once it is counted, every cell protected."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kopkrakers.base.db import Database
from kopkrakers.intervisie.session.models import ShiftTally
from kopkrakers.research.release import reading
from kopkrakers.research.release.releases import parts_of
from kopkrakers.tallies.reading import read_shift
from tests.research.small import OPTIONS, SLUG, release_of

PAIRS = {("a", "a"): 13, ("a", "b"): 6, ("b", "b"): 9, ("b", "c"): 7, ("c", "a"): 3, ("c", "c"): 8}


@pytest.fixture(autouse=True)
def reader() -> Iterator[None]:
    before = list(reading._shift_readers)
    reading.register_shift(read_shift)
    yield
    reading._shift_readers[:] = before


def test_pairs_before_and_after_are_protected(filled: Database, cards_dir: Path) -> None:
    with filled.transaction() as session:
        for before in OPTIONS:
            for after in OPTIONS:
                n = PAIRS.get((before, after), 0)
                session.add(ShiftTally(dilemma=SLUG, edition=1, before=before, after=after, n=n))
    release_of(filled, cards_dir)
    with filled.reading() as session:
        [(_, _, rows)] = parts_of(session, 1, "shift")
    cells = {(row[2], row[3]): row[4] for row in rows}
    assert len(cells) == 16
    assert cells["a", "a"] == "15"
    assert cells["c", "a"] in ("<5", "0-4", "0-9")
