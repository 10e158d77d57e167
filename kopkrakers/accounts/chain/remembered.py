"""Remember that exactly these accounts or links were verified, by a digest of them all."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy.engine import Row

from kopkrakers.base.keys import Keys
from kopkrakers.base.memory import Memory

REMEMBERED_SECONDS = 3600.0
"""How long an outcome is remembered; a row that somebody changed makes another digest at once."""
KINDS_OF_ROWS = 4
_OUTCOMES: Memory[tuple[str, Keys, bytes], tuple[int, ...]] = Memory(
    seconds=REMEMBERED_SECONDS, most=KINDS_OF_ROWS
)


# D-104
def verified_once(
    kind: str, keys: Keys, rows: Sequence[Row[Any]], verify: Callable[[], tuple[int, ...]]
) -> tuple[int, ...]:
    """Return what `verify` finds in these rows, which depends on them and the keys alone.

    What it raises is not remembered.
    """
    every_row = [tuple(row) for row in rows]
    known = (kind, keys, sha256(repr(every_row).encode()).digest())
    found = _OUTCOMES.get(known)
    if found is None:
        found = verify()
        _OUTCOMES.put(known, found)
    return found
