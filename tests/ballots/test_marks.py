"""Every column of a box, an envelope and a loose attribute is under its mac: none can be changed alone."""

from typing import Any

import pytest
from sqlalchemy import Row, select

from kopkrakers.ballots.boxes import BOX, ENVELOPE, box_holds, envelope_holds
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE, attribute_holds
from tests.support.polling import KEYS, Polling

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OTHER: dict[type, Any] = {int: 7, str: "anders", bytes: b"anders", bool: True}


class Changed:
    """A row as the database would give it, with one column changed."""

    def __init__(self, row: Row[Any], column: str) -> None:
        self._kept = row._asdict() | {column: OTHER[type(getattr(row, column))]}

    def __getattr__(self, name: str) -> Any:
        return self._kept[name]

    def _asdict(self) -> dict[str, Any]:
        return self._kept


@pytest.mark.parametrize(
    ("table", "holds"),
    [(BOX, box_holds), (ENVELOPE, envelope_holds), (ATTRIBUTE_ENVELOPE, attribute_holds)],
    ids=["box", "envelope", "attribute"],
)
def test_no_column_can_be_changed(polling: Polling, table: Any, holds: Any) -> None:
    polling.cast_all("aaaaabbbcc")
    polling.tick(2)
    polling.cast(polling.people[20])
    with polling.database.reading() as session:
        row = session.connection().execute(select(table)).first()
    assert row is not None
    assert holds(KEYS, row)
    for column in table.columns.keys():  # noqa: SIM118  columns is no dict: walking it gives columns
        assert not holds(KEYS, Changed(row, column)), column
