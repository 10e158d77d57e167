"""The rows of a dataset: a table of it, in parts of one edition each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from kopkrakers.privacy.specs import TableSpec

Value = str | int | bool | date | None
Row = tuple[Value, ...]


@dataclass(frozen=True)
class TablePart:
    """The rows of one table about one edition.

    `dilemma` is empty for a table that is not about dilemmas. `kept`: of a protected table, what
    stays here for the audit of the next release (JSON).
    """

    dilemma: str
    edition: int
    rows: tuple[Row, ...]
    kept: str | None = None


@dataclass(frozen=True)
class DataTable:
    """A table of the dataset: released rows only."""

    spec: TableSpec
    parts: tuple[TablePart, ...]

    @property
    def rows(self) -> Iterator[Row]:
        """Yield every row, in order."""
        for part in self.parts:
            yield from part.rows


def specs_of(tables: Iterable[DataTable]) -> list[TableSpec]:
    """Return the descriptions of tables, in order."""
    return [table.spec for table in tables]


def by_id(tables: Iterable[DataTable]) -> dict[str, DataTable]:
    """Return tables by the id of their description."""
    return {table.spec.id: table for table in tables}
