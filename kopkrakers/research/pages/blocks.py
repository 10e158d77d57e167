"""One table of `/onderzoek`: rows of a release as lines of cells in words, with bars."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kopkrakers.privacy import column_parts, columns
from kopkrakers.privacy.column_parts import NOT_APART
from kopkrakers.privacy.release import bounds
from kopkrakers.privacy.rules import ROUNDING, TOP_SHARE
from kopkrakers.privacy.specs import TableSpec
from kopkrakers.research.selection import ReleasedDilemma

ANSWERS = "counted"
"""The measure of `response` that counts answers, where the others count people."""
WIDEST_BAR = 100
WERKWIJZEN = ("option", "before", "after")
"""The columns whose values are werkwijzen."""
TOGETHER = "Samen, eerst opgeteld"
"""The line of the sums of every value, which are rounded after; those of the cells differ."""
PLAIN = "a"
"""The colour of a bar that stands for no werkwijze."""


@dataclass(frozen=True)
class Cell:
    """A cell in words, with a bar in the colour of an option.

    `width`: at most `WIDEST_BAR`; None where no number stands.
    """

    text: str
    width: int | None
    letter: str


@dataclass(frozen=True)
class Line:
    """A row: its name, its cells and, where it is known, its exact total."""

    label: str
    cells: tuple[Cell, ...]
    total: int | None


@dataclass(frozen=True)
class Block:
    """One table on the page: of one edition of one dilemma.

    `rare`: whether some value was too rare to count apart. `key`: of the edition shown.
    """

    title: str
    total: int | None
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    rare: bool = False
    key: str = ""


class _Figure(NamedTuple):
    """A cell; `n` is None beside a share of which only is told that it is large (`top`)."""

    n: int | str | None
    percent: int | None
    top: bool = False


class Axes(NamedTuple):
    """The column whose values stand at the side, and the one whose values stand across."""

    side: str
    across: str | None


_Grid = Mapping[str, Mapping[str, _Figure]]
"""Figures by the value at the side and the value across."""


def block_of(
    spec: TableSpec,
    dilemma: ReleasedDilemma,
    rows: Sequence[Sequence[Any]],
    labels: Mapping[str, str],
    sums: Mapping[str, str],
) -> Block:
    """Return the table of one edition.

    `labels`: the texts of its werkwijzen. `sums`: of every value across, where they are told.
    """
    axes = axes_of(spec)
    grid = _grid_of(spec, axes, rows)
    figures = _figures_in(grid)
    largest = _largest(figures)
    # a dictionary and no set: values stay in the order in which they first occur
    across: dict[str, None] = {}
    for line in grid.values():
        across.update(dict.fromkeys(line))
    lines = []
    for side, line in grid.items():
        letter = side if axes.side in WERKWIJZEN else ""
        cells = []
        for value in across:
            # bars have the colour of a werkwijze, at the side or, by gemeente, across
            colour = value if axes.across in WERKWIJZEN else PLAIN
            cells.append(_cell(line[value], letter or colour, largest))
        total = _total_of(spec, line)
        lines.append(Line(_side(spec, dilemma, side, labels), tuple(cells), total))
    if sums:
        lines.append(_bottom(sums, across))
    return Block(
        title=f"{dilemma.title} · editie {dilemma.edition}",
        total=dilemma.total,
        heads=tuple(_head(spec, dilemma, value, labels) for value in across),
        lines=tuple(lines),
        rare=any(figure.n == NOT_APART for figure in figures),
        key=dilemma.key,
    )


def _bottom(sums: Mapping[str, str], across: Iterable[str]) -> Line:
    """Return the line of sums, without bars: a sum is larger than every cell above it."""
    cells = tuple(_cell(_Figure(sums[value], None), "", 0) for value in across)
    return Line(TOGETHER, cells, None)


def pooled_block(spec: TableSpec, rows: Sequence[Sequence[Any]]) -> Block:
    """Return a table of all dilemmas together."""
    axes = axes_of(spec)
    grid = _grid_of(spec, axes, rows)
    largest = _largest(_figures_in(grid))
    words = _words_of(spec, axes.side)
    heads: dict[str, None] = {}
    lines = []
    for side, line in grid.items():
        heads.update(dict.fromkeys(line))
        cells = tuple(_cell(figure, PLAIN, largest) for figure in line.values())
        lines.append(Line(words.get(side, side), cells, None))
    return Block(
        spec.title, None, tuple(_head(spec, None, value, {}) for value in heads), tuple(lines)
    )


def response_block(rows: Sequence[Sequence[Any]]) -> Block:
    """Return the table of who takes part. Answers are of another kind than people: no bar."""
    words = columns.RESPONSE.columns[0].values
    people = []
    for measure, n, *_ in rows:
        if measure != ANSWERS:
            people.append(_Figure(n, None))
    largest = _largest(people)
    lines = []
    for measure, n, *_ in rows:
        # beside nothing there is no bar
        if measure == ANSWERS:
            beside = 0
        else:
            beside = largest
        cell = _cell(_Figure(n, None), PLAIN, beside)
        lines.append(Line(words.get(measure, measure), (cell,), None))
    return Block(columns.RESPONSE.title, None, ("Aantal",), tuple(lines))


def axes_of(spec: TableSpec) -> Axes:
    """Return the columns that name a row, beside those of the edition: one, or two."""
    side, *across = [name for name in spec.key if name not in ("dilemma", "edition")]
    return Axes(side, across[0] if across else None)


def _grid_of(spec: TableSpec, axes: Axes, rows: Sequence[Sequence[Any]]) -> _Grid:
    grid: dict[str, dict[str, _Figure]] = {}
    for row in rows:
        values = dict(zip(spec.names, row, strict=True))
        if axes.across:
            across = values[axes.across]
        else:
            across = ""
        figure = _Figure(values.get("n"), values.get("percent"), bool(values.get("top")))
        grid.setdefault(values[axes.side], {})[across] = figure
    return grid


def _figures_in(grid: _Grid) -> list[_Figure]:
    figures: list[_Figure] = []
    for line in grid.values():
        figures += line.values()
    return figures


def _largest(figures: Iterable[_Figure]) -> int:
    """Return the size of the widest bar; 0 where there is no figure."""
    return max((_size(figure.n) for figure in figures), default=0)


def _total_of(spec: TableSpec, line: Mapping[str, _Figure]) -> int | None:
    """Return the sum of a row where it is exact, which it is of a gemeente alone.

    Protected cells are rounded each for itself, so no sum of them is a total; and that of the
    choice is of more people, for loose attributes are counted apart.
    """
    if spec is not columns.CHOICE_BY_GEMEENTE:
        return None
    total = 0
    for figure in line.values():
        # above the limit no number is told (D-62), so there is no sum either
        if figure.n is None:
            return None
        total += int(figure.n)
    return total


def _side(spec: TableSpec, dilemma: ReleasedDilemma, value: str, labels: Mapping[str, str]) -> str:
    column = axes_of(spec).side
    if column not in WERKWIJZEN:
        return _words_of(spec, column).get(value, value)
    name = dilemma.short_name(value, labels)
    # beside a letter stands what it is; a name that is a word already says so
    if len(name) == 1:
        return f"{name} · {labels.get(value, value)}"
    return name


def _head(
    spec: TableSpec, dilemma: ReleasedDilemma | None, value: str, labels: Mapping[str, str]
) -> str:
    """Return what stands above a column. `dilemma`: None in a table of all of them."""
    axes = axes_of(spec)
    if axes.across is None:
        return "Antwoorden" if spec is columns.CHOICE else "Aantal"
    if axes.across == "chapter":
        return f"Na feit {value}" if int(value) else "Eerst"
    if dilemma and value in labels and axes.across in ("option", "after", "expected"):
        return dilemma.short_name(value, labels)
    if value == column_parts.SAID_NOTHING:
        return "Niet vermeld"
    return _words_of(spec, axes.across).get(value, value)


def _words_of(spec: TableSpec, column_id: str) -> Mapping[str, str]:
    """Return the words of the values of a column."""
    return spec.column(column_id).values


def _cell(figure: _Figure, letter: str, largest: int) -> Cell:
    n, percent, top = figure
    if n is None and percent is not None:
        return Cell(f"ongeveer {percent}%", None, letter)
    if n is None:
        return Cell(f"ruim {TOP_SHARE}%" if top else "niet verteld", None, letter)
    if n == NOT_APART:
        return Cell("niet apart geteld", None, letter)
    if isinstance(n, str) and n.startswith("<"):
        return Cell(f"minder dan {ROUNDING}", None, letter)
    if isinstance(n, str) and "-" in n:
        return Cell(f"tussen {n.replace('-', ' en ')}", None, letter)
    text = f"{int(n):,}".replace(",", ".")
    if percent is not None:
        text += f" ({percent}%)"
    width = None
    if largest:
        width = round(WIDEST_BAR * _size(n) / largest)
    return Cell(text, width, letter)


def _size(n: int | str | None) -> int:
    """Return how much of a bar a cell takes: the middle of what it can stand for."""
    if isinstance(n, int):
        return n
    if n is None or n == NOT_APART:
        return 0
    return sum(bounds(n)) // 2
