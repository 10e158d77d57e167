"""Turns what was counted into the tables of a dataset; every number leaves by `privacy.release`."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from kopkrakers.base.typed import by_name
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.privacy import card_columns, chapter_columns, columns
from kopkrakers.privacy.column_parts import LEANS
from kopkrakers.privacy.labels import SOMETHING_ELSE, SOMETHING_ELSE_LABEL
from kopkrakers.privacy.release import (
    ReleasedDistribution,
    ReleasedNational,
    ReleasedShares,
    ReleasedTop,
    bounds,
    coarser,
    protect,
    release_local,
)
from kopkrakers.privacy.specs import TableSpec
from kopkrakers.research.protected.earlier import Earlier
from kopkrakers.research.protected.sums import protected_tables
from kopkrakers.research.reading import CountedEdition, CountedState
from kopkrakers.research.rows import DataTable, Row, TablePart, specs_of
from kopkrakers.tallies.models import NL


def make_tables(state: CountedState, earlier: Earlier) -> tuple[DataTable, ...]:
    """Return all tables of a dataset but that of changes, in the order of `columns.TABLES`.

    `earlier`: the protected tables of earlier releases, as they left.
    """
    gemeenten = by_name(sorted(state.gemeenten.items()), lambda gemeente: gemeente[1])
    by_gemeente = _by_edition(
        columns.CHOICE_BY_GEMEENTE, state, lambda one: _choice_by_gemeente(one, gemeenten)
    )
    tables = [
        _by_edition(columns.CHOICE, state, _choice),
        by_gemeente,
        _by_edition(chapter_columns.CHAPTERS, state, _first_and_last),
        *protected_tables(state, earlier),
        _response(state),
        _by_edition(card_columns.DILEMMAS, state, _dilemma),
        _by_edition(card_columns.OPTION_TEXTS, state, _options),
        _gemeenten(state, gemeenten, by_gemeente),
    ]
    # the order is part of what leaves: a reader of files counts on it, and so do the tests
    assert (*specs_of(tables), columns.CHANGES) == columns.TABLES
    return tuple(tables)


def national_cells(counted: CountedEdition) -> Iterator[tuple[str, int | None, int | None, bool]]:
    """Return of each option its number of people, its percents, and whether it has nearly all.

    What may not be told is None.
    """
    return _cells(counted.card, counted.national)


def _cells(
    card: Card, national: ReleasedNational | None
) -> Iterator[tuple[str, int | None, int | None, bool]]:
    if isinstance(national, ReleasedDistribution):
        for option, n, percent in national.cells:
            yield option, n, percent, False
    elif isinstance(national, ReleasedShares):
        for option, percent in national.rows:
            yield option, None, percent, False
    elif national is not None:
        # every option, in the order of the card, also where only the largest is told
        for option in card.option_codes:
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
    labels = counted.labels
    for option, *cell in national_cells(counted):
        yield (*_key(counted), option, *cell, not counted.is_exact, labels[option])


# D-152
def _first_and_last(counted: CountedEdition) -> Iterator[Row]:
    """Yield the shares at first and after the last chapter, where both may be told."""
    last = counted.last_chapter
    if last is None or counted.national is None or last.national is None:
        return
    labels = counted.labels
    for chapter, national in ((0, counted.national), (last.edition.chapter, last.national)):
        for option, _, percent, top in _cells(counted.card, coarser(national)):
            yield (*_key(counted), option, chapter, percent, top, labels[option])


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


def _gemeenten(
    state: CountedState, gemeenten: Sequence[tuple[str, str]], by_gemeente: DataTable
) -> DataTable:
    """Return what CBS calls the gemeenten that have figures, and those alone."""
    told = set()
    for part in by_gemeente.parts:
        for row in part.rows:
            told.add(row[2])
    rows: list[Row] = []
    for scope, name in gemeenten:
        if name not in told:
            continue
        code = state.codes.get(scope)
        if code is None:
            rows.append((name, None, None, None))
        else:
            rows.append((name, code.code, code.province, code.year))
    return DataTable(card_columns.GEMEENTEN, (TablePart("", 0, tuple(rows)),))


def _response(state: CountedState) -> DataTable:
    answers = []
    for counted in state.editions:
        answers.append(sum(counted.scopes.get(NL, {}).values()))
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
