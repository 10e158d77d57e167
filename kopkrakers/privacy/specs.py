"""How a table of a dataset and its columns are described."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ColumnKind(StrEnum):
    """A type of column, by its name in Table Schema."""

    TEXT = "string"
    WHOLE = "integer"
    DAY = "date"
    YES_NO = "boolean"


@dataclass(frozen=True)
class ColumnSpec:
    """One column.

    `values`: code and meaning, where only these can occur. `question`: as people were asked it.
    """

    id: str
    kind: ColumnKind
    meaning: str
    protection: str
    values: Mapping[str, str] = field(default_factory=dict)
    question: str | None = None
    may_be_empty: bool = False


@dataclass(frozen=True)
class TableSpec:
    """One table. `key`: the columns that name a row."""

    id: str
    title: str
    about: str
    columns: tuple[ColumnSpec, ...]
    key: tuple[str, ...]
    rounded: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the columns, in order."""
        return tuple(column.id for column in self.columns)
