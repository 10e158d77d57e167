"""The tables of sums: cells of protected tables added up first and rounded after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kopkrakers.privacy import columns
from kopkrakers.privacy.audit import Cell, Snapshot
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.column_parts import SAID_NOTHING
from kopkrakers.privacy.knowledge import AllKnown, SumTables, all_known, first_safe
from kopkrakers.privacy.labels import CONSIDERATIONS, SOMETHING_ELSE
from kopkrakers.privacy.pooled_columns import (
    CHANGED,
    NO,
    NO_GROUND,
    POOLED_BY_ATTRIBUTE,
    POOLED_EXPECTATION,
    POOLED_SHIFT,
    SEVERAL,
    SHIFT_MOVED,
    STAYED,
    YES,
)
from kopkrakers.privacy.release import ReleasedTop
from kopkrakers.privacy.specs import TableSpec
from kopkrakers.privacy.sums import STEPS, Addends, Name, Of, SumTable, drafts_of
from kopkrakers.privacy.worlds import TableWorlds
from kopkrakers.research.protected.earlier import ALL, Earlier, kept_of_sums
from kopkrakers.research.protected.singles import (
    Snapshots,
    of_edition,
    shift_totals,
    single_table,
    tables_that_leave,
    value_totals,
)
from kopkrakers.research.reading import CountedEdition, CountedState
from kopkrakers.research.rows import DataTable, Row, TablePart

Names = Mapping[Cell, Name]
"""The sum in which each cell of a table goes."""
Parts = Mapping[Of, Addends]
TOGETHER = "all"
"""The one row of a sum table that has no column for it."""
CODE_OF = {words.lower(): code for code, words in CONSIDERATIONS.items()}
"""The code of each ground, as it is that of a doorslag."""
POOLED_OF = {columns.BY_ATTRIBUTE[one].id: spec for one, spec in POOLED_BY_ATTRIBUTE.items()}


def protected_tables(state: CountedState, earlier: Earlier) -> list[DataTable]:
    """Return every table in which all cells are protected, in the order of `columns.TABLES`."""
    singles, pooled = [], []
    by_attribute = {}
    for attribute, spec in columns.BY_ATTRIBUTE.items():
        summed = POOLED_OF.get(spec.id, POOLED_EXPECTATION)
        known = _Known.of(spec, state, earlier, (summed,))
        singles.append(single_table(spec, state, known.tables))
        pooled.append(known.pooled(summed, state))
        by_attribute[attribute] = known.tables
    singles.append(value_totals(state, by_attribute))
    shift = _Known.of(columns.SHIFT, state, earlier, (SHIFT_MOVED, POOLED_SHIFT))
    singles.append(single_table(columns.SHIFT, state, shift.tables))
    singles.append(shift.moved(state))
    singles.append(shift_totals(state, shift.tables))
    pooled.append(shift.pooled(POOLED_SHIFT, state))
    return [*singles, *sorted(pooled, key=lambda table: columns.TABLES.index(table.spec))]


@dataclass
class _Known:
    """A table of every edition as it leaves, and all that is told of it and of its sums.

    `tables`: of the editions in this release. `sums`: as they left before.
    """

    tables: Snapshots
    sums: SumTables
    worlds: Mapping[Of, TableWorlds]
    told: AllKnown

    @classmethod
    def of(
        cls,
        spec: TableSpec,
        state: CountedState,
        earlier: Earlier,
        summed: Sequence[TableSpec],
    ) -> "_Known":
        """Return what is known of a table before its sums of this release are told."""
        sums = {one.id: earlier.sums.get(one.id, ()) for one in summed}
        tables, worlds = tables_that_leave(spec, state, earlier, sums)
        return cls(tables, sums, worlds, all_known(worlds, sums))

    def pooled(self, spec: TableSpec, state: CountedState) -> DataTable:
        """Return a table of all dilemmas together."""
        parts = {}
        for counted in state.editions:
            of = of_edition(counted)
            if of not in self.tables or of not in self.worlds:
                continue
            names = _names(spec, counted, self.tables[of][-1])
            if names is not None:
                parts[of] = Addends(len(self.tables[of]) - 1, names)
        summed = self._left(spec, parts)
        if summed is None:
            return DataTable(spec, ())
        rows = tuple(_rows(summed, has_rows=spec is not POOLED_SHIFT))
        return DataTable(spec, (TablePart(*ALL, rows, kept_of_sums(summed)),))

    def _left(self, spec: TableSpec, parts: Parts) -> SumTable | None:
        """Return a sum table as it may leave, or as it left before."""
        before = self.sums[spec.id]
        # the same people once more: another way to write them would narrow what the first one left
        if before and before[-1].parts == parts:
            return before[-1]
        if parts:
            drafts = drafts_of(_shape(spec), parts, self.tables)
            summed = first_safe(self.told, spec.id, drafts)
            if summed is not None:
                # what was told of one narrows what the next may tell, so each is added as it leaves
                self.told = self.told.beside(spec.id, summed)
                return summed
        return before[-1] if before else None

    def moved(self, state: CountedState) -> DataTable:
        """Return how many people stayed with their choice and how many changed it, by edition."""
        summed = self._moved()
        parts = []
        for counted in state.editions:
            of = of_edition(counted)
            if summed is None or of.name not in summed.cells:
                continue
            alone = _row_of(summed, of)
            rows = tuple((*of, *row) for row in _rows(alone, has_rows=False))
            parts.append(TablePart(*of, rows, kept_of_sums(alone)))
        return DataTable(SHIFT_MOVED, tuple(parts))

    def _moved(self) -> SumTable | None:
        """Return the sum table with a row for each edition, each as precise as it may be."""
        before = self.sums[SHIFT_MOVED.id]
        last = before[-1] if before else SumTable({}, {})
        ways: dict[Of, list[SumTable]] = {}
        for of, series in self.tables.items():
            if of not in self.worlds:
                continue
            part = Addends(len(series) - 1, _stayed(series[-1], of.name))
            if last.parts.get(of) != part:
                shape = {of.name: (STAYED, CHANGED)}
                ways[of] = list(drafts_of(shape, {of: part}, self.tables))
        if not ways:
            return before[-1] if before else None
        summed = first_safe(self.told, SHIFT_MOVED.id, self._drafts(last, ways))
        if summed is None:
            return before[-1] if before else None
        self.told = self.told.beside(SHIFT_MOVED.id, summed)
        return summed

    def _drafts(self, last: SumTable, ways: Mapping[Of, Sequence[SumTable]]) -> Iterator[SumTable]:
        """Yield the rows of `last` with new ones: each as it may leave alone, or coarser."""
        finest = {of: self._finest(of, drafts) for of, drafts in ways.items()}
        for step in range(len(STEPS)):
            cells, parts = dict(last.cells), dict(last.parts)
            for of, drafts in ways.items():
                # where even the coarsest would tell too much alone, it stays as it was
                if finest[of] < len(drafts):
                    draft = drafts[max(step, finest[of])]
                    cells.update(draft.cells)
                    parts.update(draft.parts)
            yield SumTable(cells, parts)

    def _finest(self, of: Of, drafts: Sequence[SumTable]) -> int:
        alone = AllKnown({of: self.worlds[of]})
        for summed in self.sums[SHIFT_MOVED.id]:
            if of in summed.parts:
                alone.add(SHIFT_MOVED.id, _row_of(summed, of))
        for step, draft in enumerate(drafts):
            if alone.beside(SHIFT_MOVED.id, draft).is_safe:
                return step
        return len(drafts)


def _row_of(summed: SumTable, of: Of) -> SumTable:
    """Return the row of one edition of a sum table that has one for each."""
    return SumTable({of.name: summed.cells[of.name]}, {of: summed.parts[of]})


def _rows(summed: SumTable, *, has_rows: bool) -> Iterator[Row]:
    limits = summed.limits
    for row, cells in summed.cells.items():
        start = (row,) if has_rows else ()
        for column, text in cells.items():
            yield (*start, column, text, *limits[row, column])


def _shape(spec: TableSpec) -> dict[str, Sequence[str]]:
    """Return the columns of every row of a sum table, in order."""
    if spec is POOLED_SHIFT:
        return {TOGETHER: (STAYED, CHANGED)}
    rows, across, *_ = spec.columns
    return {row: tuple(across.values) for row in rows.values}


def _names(spec: TableSpec, counted: CountedEdition, snapshot: Snapshot) -> Names | None:
    """Return in which sum each cell goes; None of an edition that has none."""
    if spec is POOLED_SHIFT:
        return _stayed(snapshot, TOGETHER)
    if spec is POOLED_EXPECTATION:
        return _foreseen(counted, snapshot)
    # a stelling leans on nothing
    if counted.card.is_stelling:
        return None
    grounds = _grounds(counted)
    names = {}
    for value, option in _all_cells(snapshot):
        code = SAID_NOTHING if value == NOT_SAID else value
        names[value, option] = grounds[option], code
    return names


def _stayed(snapshot: Snapshot, row: str) -> Names:
    names = {}
    for after, before in _all_cells(snapshot):
        column = STAYED if after == before else CHANGED
        names[after, before] = row, column
    return names


def _foreseen(counted: CountedEdition, snapshot: Snapshot) -> Names | None:
    most = majority_of(counted)
    if most is None:
        return None
    names = {}
    for value, option in _all_cells(snapshot):
        if value == NOT_SAID:
            row = SAID_NOTHING
        else:
            row = YES if value == most else NO
        names[value, option] = row, YES if option == most else NO
    return names


def majority_of(counted: CountedEdition) -> str | None:
    """Return the option that was chosen most, as far as this release tells it."""
    if counted.national is None:
        return None
    if isinstance(counted.national, ReleasedTop):
        return counted.national.option
    return counted.national.majority


def _grounds(counted: CountedEdition) -> dict[str, str]:
    """Return by option on what it leans: one ground, several, or none that the card tells."""
    grounds = {SOMETHING_ELSE: NO_GROUND}
    for option in counted.card.options:
        if len(option.leans_on) == 1:
            grounds[option.code] = CODE_OF[option.leans_on[0]]
        else:
            grounds[option.code] = SEVERAL if option.leans_on else NO_GROUND
    return grounds


def _all_cells(snapshot: Snapshot) -> Iterator[Cell]:
    for value, row in snapshot.cells.items():
        for option in row:
            yield value, option
