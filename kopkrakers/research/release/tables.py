"""Turns what was counted into the tables of a dataset; every number leaves by `privacy.release`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kopkrakers.base.typed import by_name
from kopkrakers.privacy import columns
from kopkrakers.privacy.audit import Snapshot, snapshot_audited
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.column_parts import LEANS, NOT_APART, SAID_NOTHING
from kopkrakers.privacy.labels import SOMETHING_ELSE, SOMETHING_ELSE_LABEL
from kopkrakers.privacy.release import (
    ReleasedDistribution,
    ReleasedShares,
    ReleasedTop,
    bounds,
    protect,
    release_local,
    table_bounds,
)
from kopkrakers.privacy.rules import MARGIN
from kopkrakers.privacy.specs import TableSpec
from kopkrakers.research.release.earlier import Earlier
from kopkrakers.research.release.reading import CountedEdition, CountedState
from kopkrakers.tallies.models import NL
from kopkrakers.tallies.reading import OptionCounts

__all__ = ["DataTable", "Row", "TablePart", "make_tables"]

Value = str | int | bool | date | None
Row = tuple[Value, ...]
ATTRIBUTE_OF = {spec.id: attribute for attribute, spec in columns.BY_ATTRIBUTE.items()}
PROTECTED = (*columns.BY_ATTRIBUTE.values(), columns.SHIFT)
"""The tables of an option by something else, which are audited as a whole."""


@dataclass(frozen=True)
class TablePart:
    """The rows of one table about one edition.

    `dilemma` is empty for a table that is not about dilemmas. `snapshot`: of a protected table, as
    it left and with its exact sums; those stay here, for the audit of the next release.
    """

    dilemma: str
    edition: int
    rows: tuple[Row, ...]
    snapshot: Snapshot | None = None


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


def make_tables(state: CountedState, earlier: Earlier) -> tuple[DataTable, ...]:
    """Return all tables of a dataset but that of changes, in the order of `columns.TABLES`.

    `earlier`: the protected tables of earlier releases, as they left.
    """
    gemeenten = by_name(sorted(state.gemeenten.items()), lambda gemeente: gemeente[1])
    tables = [
        _by_edition(columns.CHOICE, state, _choice),
        _by_edition(
            columns.CHOICE_BY_GEMEENTE, state, lambda one: _choice_by_gemeente(one, gemeenten)
        ),
        *(_protected(spec, state, earlier) for spec in PROTECTED),
        _response(state),
        _by_edition(columns.DILEMMAS, state, _dilemma),
        _by_edition(columns.OPTION_TEXTS, state, _options),
    ]
    assert (*[table.spec for table in tables], columns.CHANGES) == columns.TABLES
    return tuple(tables)


def national_cells(counted: CountedEdition) -> Iterator[tuple[str, int | None, int | None, bool]]:
    """Yield of each option its number of people, its percents, and whether it has nearly all.

    What may not be told is None.
    """
    national = counted.national
    if isinstance(national, ReleasedDistribution):
        for option, n, percent in national.cells:
            yield option, n, percent, False
    elif isinstance(national, ReleasedShares):
        for option, percent in national.rows:
            yield option, None, percent, False
    elif national is not None:
        for option in counted.card.option_codes:
            yield option, None, None, option == national.option


def _by_edition(
    spec: TableSpec, state: CountedState, rows_of: Callable[[CountedEdition], Iterable[Row]]
) -> DataTable:
    parts = []
    for counted in state.editions:
        rows = tuple(rows_of(counted))
        if rows:
            parts.append(TablePart(*_key(counted), rows))
    return DataTable(spec, tuple(parts))


def _key(counted: CountedEdition) -> tuple[str, int]:
    return counted.edition.dilemma, counted.edition.number


def _choice(counted: CountedEdition) -> Iterator[Row]:
    labels = _labels(counted)
    for option, *cell in national_cells(counted):
        yield (*_key(counted), option, *cell, not counted.is_exact, labels[option])


def _labels(counted: CountedEdition) -> dict[str, str]:
    """Return the words of every option by its code."""
    labels = {option.code: option.label for option in counted.card.options}
    if not counted.card.is_stelling:
        labels[SOMETHING_ELSE] = SOMETHING_ELSE_LABEL
    return labels


def _choice_by_gemeente(
    counted: CountedEdition, gemeenten: Sequence[tuple[str, str]]
) -> Iterator[Row]:
    codes = counted.card.option_codes
    dilemma, edition = _key(counted)
    for scope, name in gemeenten:
        released = release_local(scope, codes, counted.scopes.get(scope, {}))
        if isinstance(released, ReleasedTop):
            for option in codes:
                yield dilemma, edition, name, option, None, None, option == released.option
            continue
        # fewer than may be told: such a gemeente has no rows, as one where nobody answered
        if released is None:
            continue
        for option, n, percent in released.cells:
            yield dilemma, edition, name, option, n, percent, False


def _protected(spec: TableSpec, state: CountedState, earlier: Earlier) -> DataTable:
    """Return a table of option by something else, as it may leave after the earlier releases."""
    # pairs of a shift are counted together: a single choice after talking has no margin of its own
    if spec is columns.SHIFT:
        margin = 0
    else:
        margin = MARGIN
    parts = []
    for counted in state.editions:
        before = earlier.get((spec.id, *_key(counted)), ())
        snapshot = snapshot_audited(
            counted.card.option_codes, _counts(spec, counted), before, margin=margin
        )
        if snapshot is not None:
            rows = tuple(_cells(counted, snapshot, _codes(spec, counted)))
            if spec is not columns.SHIFT:
                labels = _labels(counted)
                rows = tuple((*row, labels[str(row[2])]) for row in rows)
            parts.append(TablePart(*_key(counted), rows, snapshot))
    return DataTable(spec, tuple(parts))


def _counts(spec: TableSpec, counted: CountedEdition) -> OptionCounts:
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
    attribute = ATTRIBUTE_OF[spec.id]
    values: list[str] = []
    for column in spec.columns:
        if column.id == attribute:
            values = list(column.values)
    if attribute != "expected":
        return values
    # the codebook lists the codes of all cards; this card may have fewer werkwijzen
    possible = {*counted.card.option_codes, SAID_NOTHING}
    return [code for code in values if code in possible]


def _cells(counted: CountedEdition, table: Snapshot, codes: Sequence[str]) -> Iterator[Row]:
    """Yield every cell, none left out: a missing one would give away its neighbours."""
    limits = table_bounds(table.cells)
    # a value without a group is zero, unless rare values were counted with "niet vermeld"
    without_group: Row = ("0", 0, 0)
    if NOT_SAID in table.cells:
        without_group = (NOT_APART, None, None)
    for option in table.by_option:
        for code in codes:
            if code == SAID_NOTHING:
                value = NOT_SAID
            else:
                value = code
            if value in table.cells:
                cell: Row = (table.cells[value][option], *limits[value, option])
            else:
                cell = without_group
            yield (*_key(counted), option, code, *cell)


def _response(state: CountedState) -> DataTable:
    answers = [sum(counted.scopes.get(NL, {}).values()) for counted in state.editions]
    numbers = {
        "invited": state.invited,
        "accounts": state.accounts,
        "given": state.given,
        "counted": sum(answers),
    }
    rows: list[Row] = []
    for measure, n in numbers.items():
        text = protect(n)
        rows.append((measure, text, *bounds(text)))
    return DataTable(columns.RESPONSE, (TablePart("", 0, tuple(rows)),))


def _dilemma(counted: CountedEdition) -> Iterator[Row]:
    card, edition = counted.card, counted.edition
    yield (
        *_key(counted),
        card.title,
        card.theme,
        ", ".join(card.audience),
        edition.opens_on,
        edition.closes_on,
        edition.settled or edition.frozen,
        edition.part_not_counted,
        counted.answers,
        edition.digest,
        card.kind.value,
    )


def _options(counted: CountedEdition) -> Iterator[Row]:
    for option in counted.card.options:
        yield (
            *_key(counted),
            option.code,
            option.label,
            option.line or None,
            ", ".join(ground for ground in LEANS if ground in option.leans_on) or None,
            *_leans(option.leans_on),
        )
    if not counted.card.is_stelling:
        yield (*_key(counted), SOMETHING_ELSE, SOMETHING_ELSE_LABEL, *[None] * 5)


def _leans(leans_on: Sequence[str]) -> Iterator[int | None]:
    """Yield for each ground whether a werkwijze leans on it: 1 or 0, or None where none is said."""
    for ground in LEANS:
        if leans_on:
            yield int(ground in leans_on)
        else:
            yield None
