"""Turns what was counted into the tables of a dataset. Every number passes `privacy.release` on its way out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kopkrakers.privacy import columns
from kopkrakers.privacy.audit import Snapshot, snapshot_audited
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.columns import NOT_APART, SAID_NOTHING, TableSpec
from kopkrakers.privacy.labels import SOMETHING_ELSE, SOMETHING_ELSE_LABEL
from kopkrakers.privacy.release import (
    ReleasedDistribution,
    bounds,
    protect,
    release_distribution,
    table_bounds,
)
from kopkrakers.research.release.earlier import Earlier
from kopkrakers.research.release.reading import CountedEdition, CountedState, Counts
from kopkrakers.tallies.models import NL

__all__ = ["DataTable", "Part", "Row", "make_tables"]

Value = str | int | bool | date | None
Row = tuple[Value, ...]
ATTRIBUTE_OF = {spec.id: attribute for attribute, spec in columns.BY_ATTRIBUTE.items()}


@dataclass(frozen=True)
class Part:
    """The rows of one table about one edition; an empty dilemma for a table that is not about dilemmas."""

    dilemma: str
    edition: int
    rows: tuple[Row, ...]
    snapshot: Snapshot | None = None
    """Of a protected table: what left, and its exact sums, which stay here for the look at the next release."""


@dataclass(frozen=True)
class DataTable:
    """A table of the dataset: released rows only."""

    spec: TableSpec
    parts: tuple[Part, ...]

    @property
    def rows(self) -> Iterator[Row]:
        """Every row, in order."""
        return (row for part in self.parts for row in part.rows)


def make_tables(state: CountedState, earlier: Earlier) -> tuple[DataTable, ...]:
    """All tables of a dataset, in the order of `columns.TABLES`. `earlier`: what left in earlier releases."""
    by_name = sorted(state.gemeenten.items(), key=lambda gemeente: (gemeente[1], gemeente[0]))
    makers: dict[str, Callable[[CountedEdition], Iterable[Row]]] = {
        "choice": _choice,
        "choice_by_gemeente": lambda one: _choice_by_gemeente(one, by_name),
        "dilemmas": _dilemma,
        "options": _options,
    }
    made = {columns.RESPONSE.id: DataTable(columns.RESPONSE, _response(state))}
    made |= {
        spec.id: _protected(spec, state, earlier)
        for spec in (*columns.BY_ATTRIBUTE.values(), columns.SHIFT)
    }
    return tuple(
        made.get(spec.id) or _by_edition(spec, state, makers[spec.id]) for spec in columns.TABLES
    )


def land_of(one: CountedEdition) -> ReleasedDistribution | None:
    """The totals of the land."""
    return release_distribution(NL, one.card.option_codes, one.scopes.get(NL, {}))


def _by_edition(
    spec: TableSpec, state: CountedState, maker: Callable[[CountedEdition], Iterable[Row]]
) -> DataTable:
    parts = (
        Part(one.edition.dilemma, one.edition.number, tuple(maker(one))) for one in state.editions
    )
    return DataTable(spec, tuple(part for part in parts if part.rows))


def _key(one: CountedEdition) -> tuple[str, int]:
    return one.edition.dilemma, one.edition.number


def _choice(one: CountedEdition) -> Iterator[Row]:
    land = land_of(one)
    for cell in land.cells if land else ():
        yield (*_key(one), *cell)


def _choice_by_gemeente(one: CountedEdition, gemeenten: Sequence[tuple[str, str]]) -> Iterator[Row]:
    codes, (dilemma, edition) = one.card.option_codes, _key(one)
    for scope, name in gemeenten:
        released = release_distribution(scope, codes, one.scopes.get(scope, {}))
        for option, n, share in released.cells if released else ():
            yield dilemma, edition, name, option, n, share


def _protected(spec: TableSpec, state: CountedState, earlier: Earlier) -> DataTable:
    """A table of option by something else, as it may leave after the earlier releases."""
    parts = []
    for one in state.editions:
        before = earlier.get((spec.id, *_key(one)), ())
        snapshot = snapshot_audited(one.card.option_codes, _counts(spec, one), before)
        if snapshot is not None:
            parts.append(
                Part(*_key(one), tuple(_cells(one, snapshot, _codes(spec, one))), snapshot)
            )
    return DataTable(spec, tuple(parts))


def _counts(spec: TableSpec, one: CountedEdition) -> Counts:
    """Totals per value and option; of the shift per option after and option before."""
    if spec is columns.SHIFT:
        codes = one.card.option_codes
        return {
            after: {before: one.shift.get(before, {}).get(after, 0) for before in codes}
            for after in codes
        }
    return one.attributes.get(ATTRIBUTE_OF[spec.id], {})


def _codes(spec: TableSpec, one: CountedEdition) -> Sequence[str]:
    """The values that a table of this card has, in order."""
    if spec is columns.SHIFT:
        return one.card.option_codes
    attribute = ATTRIBUTE_OF[spec.id]
    values = next(column for column in spec.columns if column.id == attribute).values
    return [code for code in values if _can_be_chosen(attribute, code, one)]


def _can_be_chosen(attribute: str, code: str, one: CountedEdition) -> bool:
    return attribute != "expected" or code == SAID_NOTHING or code in one.card.option_codes


def _cells(one: CountedEdition, table: Snapshot, codes: Sequence[str]) -> Iterator[Row]:
    """Every cell, none left out: a missing one would give away its neighbours."""
    known = table_bounds(table.cells)
    for option in table.by_option:
        for code in codes:
            value = NOT_SAID if code == SAID_NOTHING else code
            if value in table.cells:
                yield (*_key(one), option, code, table.cells[value][option], *known[value, option])
            else:
                yield (*_key(one), option, code, *_without_a_group(table))


def _without_a_group(table: Snapshot) -> tuple[str, int | None, int | None]:
    """A value without a group is zero, unless rare values were counted with "niet vermeld"."""
    return (NOT_APART, None, None) if NOT_SAID in table.cells else ("0", 0, 0)


def _response(state: CountedState) -> tuple[Part, ...]:
    counted = sum(land.total for one in state.editions if (land := land_of(one)) is not None)
    numbers = {
        "invited": state.invited,
        "accounts": state.accounts,
        "answered": state.took_part,
        "counted": counted,
    }
    written = {measure: protect(n) for measure, n in numbers.items()}
    return (
        Part("", 0, tuple((measure, text, *bounds(text)) for measure, text in written.items())),
    )


def _dilemma(one: CountedEdition) -> Iterator[Row]:
    card, edition, land = one.card, one.edition, land_of(one)
    yield (
        *_key(one),
        card.title,
        card.theme,
        ", ".join(card.audience),
        edition.opens_on,
        edition.closes_on,
        edition.settled or edition.frozen,
        edition.part_not_counted,
        land.total if land else 0,
        edition.digest,
    )


def _options(one: CountedEdition) -> Iterator[Row]:
    for option in one.card.options:
        yield (
            *_key(one),
            option.code,
            option.label,
            option.line or None,
            ", ".join(option.leans_on) or None,
        )
    yield (*_key(one), SOMETHING_ELSE, SOMETHING_ELSE_LABEL, None, None)
