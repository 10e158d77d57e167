"""What the pages of a live session draw: QR, comparison after a reveal, slope of a shift, the next button."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kopkrakers.intervisie.pages.views import Move, RoundNow, SessionNow
from kopkrakers.intervisie.session.cases import CaseOption
from kopkrakers.intervisie.session.reports import ReportView
from kopkrakers.intervisie.session.states import clean_code
from kopkrakers.intervisie.werkvormen.reading import REVEALS, VOTES
from kopkrakers.privacy.release import ReleasedDistribution, ReleasedRow
from kopkrakers.web.state import state

CHART_TOP, CHART_HEIGHT, LINE_HEIGHT = 74, 292, 46
"""In the units of the slope chart, in which a letter of its text is 36.5 high."""
REVEAL_MOVES = (Move.REVEAL_1, Move.REVEAL_2)
FIRST_OF = (
    *(Move.OPEN_LOBBY, Move.START, Move.CLOSE_1, Move.CLOSE_2, Move.OPEN_1, Move.OPEN_2),
    *(*REVEAL_MOVES, Move.NEXT, Move.END),
)
"""Which button is the large one: the first of these that makes sense now."""


def clean_codes(_endpoint: str | None, values: dict[str, str] | None) -> None:
    """For every address of a session: its code may be typed in any way."""
    if values and "code" in values:
        values["code"] = clean_code(values["code"])


@dataclass(frozen=True)
class Column:
    """One group in the comparison: what it is called and how many there are in it."""

    name: str
    total: int


@dataclass(frozen=True)
class CompareRow:
    """A werkwijze with its share in each column."""

    option: CaseOption
    cells: tuple[ReleasedRow, ...]


@dataclass(frozen=True)
class Comparison:
    """Own group, gemeente and land side by side, as far as they may be shown. `missing`: words for the rest."""

    columns: tuple[Column, ...]
    rows: tuple[CompareRow, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class SlopeLine:
    """One werkwijze before and after, with the heights of its points and of its words."""

    option: CaseOption
    before: ReleasedRow
    after: ReleasedRow
    points: tuple[float, float]
    words: tuple[float, float]


@dataclass(frozen=True)
class Slope:
    """The shift: lines for the chart, `rows` for the table with the same numbers."""

    total: int
    rows: tuple[SlopeLine, ...]

    @property
    def lines(self) -> tuple[SlopeLine, ...]:
        """The lines that are drawn: not of a werkwijze that nobody chose either time."""
        return tuple(row for row in self.rows if row.before.n or row.after.n)


def compare(now: SessionNow, round_: RoundNow | None) -> Comparison:
    """What may be shown side by side after the reveal of a vote."""
    found: list[tuple[str, ReleasedDistribution | None]] = [
        ("Jullie", round_.totals if round_ else None)
    ]
    if now.figures:
        found += [
            (now.figures.gemeente_name, now.figures.gemeente),
            ("Alle gemeenten", now.figures.land),
        ]
    shown = [(name, figures) for name, figures in found if figures is not None]
    rows = [
        CompareRow(
            option,
            tuple(next(row for row in f.rows if row.option == option.code) for _, f in shown),
        )
        for option in now.case.options
    ]
    missing = [
        f"{name}: nog te weinig stemmen geteld." for name, figures in found[1:] if figures is None
    ]
    columns = tuple(Column(name, figures.total) for name, figures in shown)
    return Comparison(columns, tuple(rows) if shown else (), tuple(missing))


def slope_of(
    options: Sequence[CaseOption],
    before: ReleasedDistribution | None,
    after: ReleasedDistribution | None,
) -> Slope | None:
    """The shift between two sets of totals; None unless both may be shown."""
    if before is None or after is None:
        return None
    most = max(row.percent for row in (*before.rows, *after.rows))
    pairs = list(zip(before.rows, after.rows, strict=True))
    drawn = [place for place, (first, last) in enumerate(pairs) if first.n or last.n]
    left, right = (_words_beside(side.rows, drawn=drawn, most=most) for side in (before, after))
    heights = [(_height(first, most), _height(last, most)) for first, last in pairs]
    rows = [
        SlopeLine(options[place], first, last, heights[place], (left[place], right[place]))
        for place, (first, last) in enumerate(pairs)
    ]
    return Slope(before.total, tuple(rows))


def _words_beside(
    rows: Sequence[ReleasedRow], *, drawn: Sequence[int], most: int
) -> dict[int, float]:
    """Where the words of each row stand; what is not drawn takes no room."""
    beside = dict(zip(drawn, spread([_height(rows[place], most) for place in drawn]), strict=True))
    return {place: beside.get(place, 0.0) for place in range(len(rows))}


def slope_of_session(now: SessionNow) -> Slope | None:
    """The shift of a session, once both votes are revealed."""
    first, second = now.round(1), now.round(2)
    if first is None or second is None:
        return None
    return slope_of(now.case.options, first.totals, second.totals)


def slope_of_report(report: ReportView) -> Slope | None:
    """The shift as a report keeps it."""
    return slope_of(report.options, report.before, report.after)


def _height(row: ReleasedRow, most: int) -> float:
    return round(CHART_TOP + CHART_HEIGHT * (1 - row.percent / max(most, 1)), 1)


def spread(heights: Sequence[float]) -> list[float]:
    """Heights for words beside points: in the same order, at least a line apart, as near as that goes."""
    places = sorted(range(len(heights)), key=lambda place: heights[place])
    lowest = CHART_TOP + CHART_HEIGHT
    moved = [0.0] * len(heights)
    last = -LINE_HEIGHT * 1.0
    for place in places:
        last = moved[place] = max(heights[place], last + LINE_HEIGHT)
    limit = float(lowest)
    for place in reversed(places):
        moved[place] = min(moved[place], limit)
        limit = moved[place] - LINE_HEIGHT
    return moved


def vote_here(now: SessionNow) -> RoundNow | None:
    """The vote that belongs to this step: cast here, or shown here."""
    if now.step is None:
        return None
    number = VOTES.get(now.step.action) or REVEALS.get(now.step.action)
    return now.round(number) if number else None


def large_button(moves: frozenset[Move], now: SessionNow) -> Move | None:
    """The one button that leads on. A reveal is that only in its own step."""
    shows = now.step is not None and now.step.action in REVEALS
    wanted = [move for move in FIRST_OF if move in moves and (shows or move not in REVEAL_MOVES)]
    return wanted[0] if wanted else None


def seconds_left(ends_at: datetime | None) -> int | None:
    """How long a timer still runs, never below nothing; None without a timer."""
    return max(0, round((ends_at - state().now()).total_seconds())) if ends_at else None


def join_address(code: str) -> str:
    """Where the QR leads."""
    return f"{state().settings.base_url.rstrip('/')}/m/{code}"


def spoken_address() -> str:
    """What people type who do not scan: without the scheme."""
    return state().settings.base_url.split("://", 1)[-1].rstrip("/") + "/m"


def spaced_code(code: str) -> str:
    """A code as it is read aloud: two groups of three."""
    return f"{code[:3]} {code[3:]}"
