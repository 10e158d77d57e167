"""What changed in live sessions reaches the dataset once it is counted, every cell protected."""

from pathlib import Path

from kopkrakers.base.db import Database
from kopkrakers.research.release.releases import parts_of
from kopkrakers.tallies.models import ShiftTally
from tests.research.small import OPTIONS, SLUG, release_of
from tests.support.signed_totals import sign_by_hand

PAIRS = {("a", "a"): 13, ("a", "b"): 6, ("b", "b"): 9, ("b", "c"): 7, ("c", "a"): 3, ("c", "c"): 8}


def test_pairs_before_and_after_are_protected(filled: Database, cards_dir: Path) -> None:
    with filled.transaction() as session:
        for before in OPTIONS:
            for after in OPTIONS:
                n = PAIRS.get((before, after), 0)
                session.add(ShiftTally(dilemma=SLUG, edition=1, before=before, after=after, n=n))
    sign_by_hand(filled)
    release_of(filled, cards_dir)
    with filled.reading() as session:
        [(_, _, rows)] = parts_of(session, 1, "shift")
    cells = {(row[2], row[3]): row[4] for row in rows}
    assert len(cells) == 16
    assert cells["a", "a"] == "15"
    assert cells["c", "a"] in ("<5", "0-4", "0-9")
