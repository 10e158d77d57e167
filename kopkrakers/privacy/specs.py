"""Descriptions of a table of a dataset and of its columns."""

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

    `values`: code and meaning, where only these can occur; `ordered`: whether they stand in order,
    from little to much. `question`: as people were asked it. `label`: its name in a few words.
    """

    id: str
    kind: ColumnKind
    meaning: str
    protection: str
    values: Mapping[str, str] = field(default_factory=dict)
    question: str | None = None
    may_be_empty: bool = False
    label: str = ""
    ordered: bool = False

    @property
    def name(self) -> str:
        """Return what it is called in a few words."""
        return self.label or self.id


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

    def column(self, column_id: str) -> ColumnSpec:
        """Return one of its columns."""
        return next(column for column in self.columns if column.id == column_id)

    @property
    def of_dilemmas(self) -> bool:
        """Whether each row is about one edition that the table of dilemmas describes."""
        return "dilemma" in self.names and self.id not in ("dilemmas", "changes")
