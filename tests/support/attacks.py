"""What someone who can write to the database, but holds no key, can do to boxes,
envelopes and turns.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from nacl.exceptions import CryptoError
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Row

from kopkrakers.ballots import sealing
from kopkrakers.ballots.boxes import BOX, ENVELOPE, refusals
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.loop import tick
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE
from tests.support.polling import SLUG, Polling

OTHER_SLUG = "paar-uur"


@dataclass
class Attacker:
    """Someone with the database in hand, and the counter's process that goes on with its work."""

    polling: Polling
    library: Library

    def rows(self, table: Any, *where: Any) -> list[Row[Any]]:
        with self.polling.database.reading() as session:
            return list(session.connection().execute(select(table).where(*where)))

    def change(self, table: Any, *where: Any, **values: Any) -> None:
        with self.polling.database.transaction() as session:
            changed: Any = session.connection().execute(
                update(table).where(*where).values(**values)
            )
        assert changed.rowcount > 0

    def put(self, table: Any, row: dict[str, Any]) -> None:
        with self.polling.database.transaction() as session:
            session.connection().execute(insert(table), row)

    def remove(self, table: Any, *where: Any) -> None:
        with self.polling.database.transaction() as session:
            session.connection().execute(delete(table).where(*where))

    def box(self, kind: str, pool: str | int) -> Row[Any]:
        return self.rows(BOX, BOX.c.kind == kind, BOX.c.pool == str(pool), BOX.c.subject == SLUG)[0]

    def envelope(self, user_id: int) -> Row[Any]:
        return self.rows(ENVELOPE, ENVELOPE.c.voter == self.polling.pseudonym(user_id))[0]

    def change_envelope(self, user_id: int, **values: Any) -> None:
        its_row = ENVELOPE.c.voter == self.polling.pseudonym(user_id)
        self.change(ENVELOPE, its_row, **values)

    def piles(self) -> list[tuple[str, list[str]]]:
        """Every pile of loose attributes: its attribute, and its codes."""
        return piles_of(self.polling)

    def refused(self) -> int:
        with self.polling.database.reading() as session:
            return refusals(session)

    def tick(self, times: int = 1, *, counter: Counter | None = None) -> None:
        """All that the counter's process does every quarter."""
        for _ in range(times):
            self.polling.now += timedelta(minutes=15)
            tick(counter or self.polling.counter, self.library, self.polling.now)


def unseal(private_key: bytes, sealed: bytes) -> str:
    """Open one vote sealed to this key (32 bytes), as someone who got hold of the key would."""
    codes = sealing.opener(private_key)(sealed)
    if codes is None:
        raise CryptoError
    return codes


def open_pile(private_key: bytes, sealed: bytes) -> list[str]:
    """Open a pile of loose attributes, as someone who got hold of the key (32 bytes) would."""
    codes = sealing.pile_opener(private_key)(sealed)
    if codes is None:
        raise CryptoError
    return codes


def piles_of(polling: Polling) -> list[tuple[str, list[str]]]:
    """Every pile of loose attributes that waits: its attribute, and its codes."""
    private = polling.counter.folder.private
    rows = select(BOX.c.pool, ATTRIBUTE_ENVELOPE).join(BOX, BOX.c.id == ATTRIBUTE_ENVELOPE.c.box_id)
    with polling.database.reading() as session:
        found = session.connection().execute(rows.order_by(BOX.c.pool)).all()
    return [(row.pool, open_pile(private(row.box_id) or b"", row.sealed)) for row in found]


def loose_in(polling: Polling) -> dict[str, int]:
    """Return the number of loose attributes that wait, by attribute."""
    number: dict[str, int] = {}
    for attribute, codes in piles_of(polling):
        number[attribute] = number.get(attribute, 0) + len(codes)
    return number
