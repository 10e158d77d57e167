"""The MAC of a box, an envelope and a loose attribute covers every column: none changes alone."""

from typing import Any

import pytest
from sqlalchemy import Row, select

from kopkrakers.ballots.boxes import BOX, ENVELOPE, verify_box, verify_envelope
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE, verify_attribute
from tests.support.polling import KEYS, Polling

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OTHER: dict[type, Any] = {int: 7, str: "anders", bytes: b"anders", bool: True}


class AlteredRow:
    """A row as the database would give it, with one column changed."""

    def __init__(self, row: Row[Any], column: str) -> None:
        self._columns = row._asdict() | {column: OTHER[type(getattr(row, column))]}

    def __getattr__(self, name: str) -> Any:
        return self._columns[name]

    def _asdict(self) -> dict[str, Any]:
        return self._columns


@pytest.mark.parametrize(
    ("table", "verify"),
    [(BOX, verify_box), (ENVELOPE, verify_envelope), (ATTRIBUTE_ENVELOPE, verify_attribute)],
    ids=["box", "envelope", "attribute"],
)
def test_no_column_can_be_changed(polling: Polling, table: Any, verify: Any) -> None:
    polling.cast_all("aaaaabbbcc")
    polling.tick(2)
    polling.cast(polling.people[20])
    with polling.database.reading() as session:
        row = session.connection().execute(select(table)).first()
    assert row is not None
    assert verify(KEYS, row)
    for column in table.columns.keys():  # noqa: SIM118  columns is no dict: walking it gives columns
        assert not verify(KEYS, AlteredRow(row, column)), column
