"""The protected tables of one edition: an option by something else, as they may leave."""

from collections.abc import Iterator, Mapping, Sequence

from kopkrakers.privacy import columns
from kopkrakers.privacy.audit import Snapshot, snapshot_audited
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.column_parts import NOT_APART, SAID_NOTHING
from kopkrakers.privacy.knowledge import SumTables, hold_back
from kopkrakers.privacy.pooled_columns import AFTER, BEFORE, SHIFT_TOTALS, VALUE_TOTALS
from kopkrakers.privacy.release import bounds, protect, table_bounds
from kopkrakers.privacy.rules import MARGIN
from kopkrakers.privacy.specs import ColumnSpec, TableSpec
from kopkrakers.privacy.sums import Of
from kopkrakers.privacy.worlds import TableWorlds
from kopkrakers.research.protected.earlier import Earlier, kept_of
from kopkrakers.research.reading import CountedEdition, CountedState
from kopkrakers.research.rows import DataTable, Row, TablePart
from kopkrakers.tallies.reading import OptionCounts

ATTRIBUTE_OF = {spec.id: attribute for attribute, spec in columns.BY_ATTRIBUTE.items()}
Snapshots = Mapping[Of, Sequence[Snapshot]]
"""The snapshots of each edition until now; the last one stands in this release."""


def margin_of(spec: TableSpec) -> int:
    """Return how many people of every value did not choose its largest option, at least."""
    # pairs of a shift are counted together: a single choice after talking has no margin of its own
    if spec is columns.SHIFT:
        return 0
    return MARGIN


def tables_that_leave(
    spec: TableSpec, state: CountedState, earlier: Earlier, sums: SumTables
) -> tuple[Snapshots, Mapping[Of, TableWorlds]]:
    """Return a table of every edition as it may leave after the earlier releases.

    Beside it the worlds of all that left and leaves. `sums`: the sums of it that left before,
    beside which it must not tell too much either.
    """
    margin = margin_of(spec)
    before = earlier.tables.get(spec.id, {})
    snapshots: dict[Of, Sequence[Snapshot]] = {}
    new = set()
    for counted in state.editions:
        of = of_edition(counted)
        series = before.get(of, ())
        snapshot = snapshot_audited(
            counted.card.option_codes, counts_of(spec, counted), series, margin=margin
        )
        if snapshot is None:
            continue
        snapshots[of] = series
        if not series or snapshot != series[-1]:
            snapshots[of] = [*series, snapshot]
            new.add(of)
    # editions that are no longer in a release were told of all the same
    known = {of: series for of, series in {**before, **snapshots}.items() if has_numbers(series)}
    held = hold_back(known, new & known.keys(), sums, margin)
    left: dict[Of, Sequence[Snapshot]] = {}
    for of, series in snapshots.items():
        # those of before without their numbers are not proved; they stand as they left
        if of not in known:
            left[of] = series
        elif of in held:
            left[of] = held[of].snapshots
    return left, held


def has_numbers(series: Sequence[Snapshot]) -> bool:
    """Whether the numbers behind all snapshots were kept."""
    return all(snapshot.counts is not None for snapshot in series)


def single_table(spec: TableSpec, state: CountedState, tables: Snapshots) -> DataTable:
    """Return a table of option by something else."""
    parts = []
    for counted in state.editions:
        of = of_edition(counted)
        if of not in tables:
            continue
        snapshot = tables[of][-1]
        rows = tuple(_cells(counted, snapshot, _codes(spec, counted)))
        if spec is not columns.SHIFT:
            labels = counted.labels
            rows = tuple((*row, labels[str(row[2])]) for row in rows)
        parts.append(TablePart(*of, rows, kept_of(snapshot)))
    return DataTable(spec, tuple(parts))


def shift_totals(state: CountedState, tables: Snapshots) -> DataTable:
    """Return how often each option was chosen before and after, of the same people as the shift."""
    parts = []
    for counted in state.editions:
        of = of_edition(counted)
        if of not in tables:
            continue
        by_after, by_before = tables[of][-1].sums
        rows: list[Row] = []
        for moment, totals in ((BEFORE, by_before), (AFTER, by_after)):
            for option, label in counted.labels.items():
                text = protect(totals[option])
                rows.append((*of, moment, option, text, *bounds(text), label))
        parts.append(TablePart(*of, tuple(rows)))
    return DataTable(SHIFT_TOTALS, tuple(parts))


# D-155
def value_totals(state: CountedState, tables: Mapping[str, Snapshots]) -> DataTable:
    """Return how many people gave each value of each attribute, of the same people as its table.

    `tables`: of every attribute, in the order of the dataset.
    """
    parts = []
    for counted in state.editions:
        of = of_edition(counted)
        rows: list[Row] = []
        for attribute, leaving in tables.items():
            if of in leaving:
                rows += _sums_by_value(counted, attribute, leaving[of][-1])
        if rows:
            parts.append(TablePart(*of, tuple(rows)))
    return DataTable(VALUE_TOTALS, tuple(parts))


def _sums_by_value(counted: CountedEdition, attribute: str, snapshot: Snapshot) -> Iterator[Row]:
    spec = columns.BY_ATTRIBUTE[attribute]
    labels: Mapping[str, str] = _column_of(spec).values
    if attribute == "expected":
        labels = {**labels, **counted.labels}
    for code in _codes(spec, counted):
        value = _value_of(code)
        cell = _without_group(snapshot)
        if value in snapshot.by_value:
            text = protect(snapshot.by_value[value])
            cell = (text, *bounds(text))
        yield (*of_edition(counted), attribute, code, *cell, labels[code])


def of_edition(counted: CountedEdition) -> Of:
    """Return which edition this is."""
    return Of(counted.edition.dilemma, counted.edition.number)


def counts_of(spec: TableSpec, counted: CountedEdition) -> OptionCounts:
    """Return totals per value and option; of the shift per option after and option before."""
    if spec is not columns.SHIFT:
        return counted.attributes.get(ATTRIBUTE_OF[spec.id], {})
    codes = counted.card.option_codes
    counts: dict[str, dict[str, int]] = {after: {} for after in codes}
    for before in codes:
        by_after = counted.shift.get(before, {})
        for after in codes:
            counts[after][before] = by_after.get(after, 0)
    return counts


def _codes(spec: TableSpec, counted: CountedEdition) -> Sequence[str]:
    """Return the values that a table of this card has, in order."""
    if spec is columns.SHIFT:
        return counted.card.option_codes
    values = list(_column_of(spec).values)
    if ATTRIBUTE_OF[spec.id] != "expected":
        return values
    # the codebook lists the codes of all cards; this card may have fewer werkwijzen
    possible = {*counted.card.option_codes, SAID_NOTHING}
    return [code for code in values if code in possible]


def _column_of(spec: TableSpec) -> ColumnSpec:
    """Return the column of an attribute in its table."""
    return spec.column(ATTRIBUTE_OF[spec.id])


def _value_of(code: str) -> str:
    """Return the value in the totals that has this code in a dataset."""
    if code == SAID_NOTHING:
        return NOT_SAID
    return code


def _without_group(table: Snapshot) -> Row:
    """Return the cell of a value without a group.

    It is zero, unless rare values were counted with "niet vermeld".
    """
    if NOT_SAID in table.cells:
        return NOT_APART, None, None
    return "0", 0, 0


def _cells(counted: CountedEdition, table: Snapshot, codes: Sequence[str]) -> Iterator[Row]:
    """Yield every cell, none left out: a missing one would give away its neighbours."""
    limits = table_bounds(table.cells)
    without_group = _without_group(table)
    for option in table.by_option:
        for code in codes:
            value = _value_of(code)
            if value in table.cells:
                cell: Row = (table.cells[value][option], *limits[value, option])
            else:
                cell = without_group
            yield (*of_edition(counted), option, code, *cell)
