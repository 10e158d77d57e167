"""Words beside codes: a table of a release with a column more for each column of codes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kopkrakers.privacy.column_parts import WERKWIJZEN
from kopkrakers.privacy.specs import ColumnSpec, TableSpec
from kopkrakers.research.selection import Texts


def labelled(
    spec: TableSpec, rows: Sequence[Sequence[Any]], texts: Texts
) -> tuple[TableSpec, list[list[Any]]]:
    """Return a table with its codes in words, in columns after its own.

    A werkwijze has the words of its card; another code has those of the codebook.
    """
    coded = [column for column in spec.columns if column.values]
    wider = replace(spec, columns=(*spec.columns, *map(_label_of, coded)))
    lines = []
    for row in rows:
        values = dict(zip(spec.names, row, strict=True))
        own = texts.get((values.get("dilemma", ""), values.get("edition", 0)), {})
        words = []
        for column in coded:
            words.append(_words(column, values[column.id], own))
        lines.append([*row, *words])
    return wider, lines


def _label_of(column: ColumnSpec) -> ColumnSpec:
    return ColumnSpec(
        f"{column.id}_label",
        column.kind,
        f"{column.name}, in woorden.",
        column.protection,
        may_be_empty=True,
    )


def _words(column: ColumnSpec, code: Any, own: Mapping[str, str]) -> str | None:
    if WERKWIJZEN.keys() <= column.values.keys() and code in own:
        return own[code]
    return column.values.get(code)
