"""The comparison, the slope, the time and the codes that pages of a session draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from markupsafe import Markup

from kopkrakers.base.typed import clean_code
from kopkrakers.catalogue.cards.story import keep_amounts_whole
from kopkrakers.intervisie.pages.moves import vote_here
from kopkrakers.intervisie.pages.shown.chapters import chapter_of, multiples_of
from kopkrakers.intervisie.pages.shown.rounds import RoundNow
from kopkrakers.intervisie.pages.shown.stellingen import stelling_of
from kopkrakers.intervisie.pages.shown.views import SessionNow
from kopkrakers.intervisie.session.cases import CaseOption
from kopkrakers.intervisie.session.reporting.reports import ReportView
from kopkrakers.intervisie.session.states import LONGEST_CODE
from kopkrakers.privacy.release import (
    ReleasedDistribution,
    ReleasedNational,
    ReleasedRow,
    ReleasedShare,
    ReleasedShares,
    ReleasedTop,
)
from kopkrakers.web.assets.qr import qr_of
from kopkrakers.web.state import state

CHART_TOP, CHART_HEIGHT, LINE_HEIGHT = 74, 292, 46
"""In the units of the slope chart, in which a letter of its text is 36.5 high."""


def session_page(name: str, /, **context: object) -> str:
    """Return a page of a session, in which no line ends between the euro sign and its amount.

    Not for the regie: what a begeleider types there is held against what was kept.
    """
    return keep_amounts_whole(Markup(render_template(f"intervisie/{name}.html", **context)))


@dataclass(frozen=True)
class ComparedGroup:
    """A column of the comparison: the name of a group and its number of votes.

    `total` is None where that is not told. `is_rounded`: it is about so many. `is_here`: the people
    in the room, who are told as people: of eight, three and three would be 38 and 37 per cent.
    """

    name: str
    total: int | None
    is_rounded: bool = False
    is_here: bool = False


@dataclass(frozen=True)
class ComparedOption:
    """A werkwijze with its share in each group."""

    option: CaseOption
    cells: tuple[ReleasedRow | ReleasedShare, ...]


@dataclass(frozen=True)
class Comparison:
    """The session beside its gemeente or regio and the country, as far as they may be shown.

    `missing`: a sentence for each group that may not be.
    """

    columns: tuple[ComparedGroup, ...]
    rows: tuple[ComparedOption, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class SlopeLine:
    """One werkwijze before and after, with the heights of its points and of its words."""

    option: CaseOption
    before: ReleasedRow
    after: ReleasedRow
    points: tuple[float, float]
    words: tuple[float, float]

    @property
    def is_drawn(self) -> bool:
        """Whether somebody chose it, before or after."""
        return bool(self.before.n or self.after.n)


@dataclass(frozen=True)
class Slope:
    """The shift: `lines` for the chart, `rows` for the table with the same numbers."""

    total: int
    rows: tuple[SlopeLine, ...]

    @property
    def lines(self) -> tuple[SlopeLine, ...]:
        """Return the lines of the chart."""
        return tuple(row for row in self.rows if row.is_drawn)


def compare(now: SessionNow, round_: RoundNow | None) -> Comparison:
    """Return what may be shown side by side after the reveal of a vote."""
    distributions: list[ReleasedDistribution | ReleasedShares] = []
    columns: list[ComparedGroup] = []
    missing: list[str] = []
    if round_ is not None and round_.totals is not None:
        distributions.append(round_.totals)
        columns.append(ComparedGroup("Jullie", round_.totals.total, is_here=True))
    for name, distribution, no_figure in _elsewhere(now):
        if distribution is None:
            missing.append(f"{name}: {no_figure}")
        elif isinstance(distribution, ReleasedTop):
            most_chosen = now.case.option(distribution.option)
            missing.append(f"{name}: {distribution.share} koos ‘{most_chosen.label}’.")
        else:
            distributions.append(distribution)
            columns.append(_column(name, distribution))
    rows = []
    if columns:
        for option in now.case.options:
            rows.append(_compared_option(option, distributions))
    return Comparison(tuple(columns), tuple(rows), tuple(missing))


def _column(name: str, figures: ReleasedDistribution | ReleasedShares) -> ComparedGroup:
    # shares are released without any number of people
    if isinstance(figures, ReleasedShares):
        return ComparedGroup(name, None)
    return ComparedGroup(name, figures.told_total, figures.rounded)


def slope_of(
    options: Sequence[CaseOption],
    before: ReleasedDistribution | None,
    after: ReleasedDistribution | None,
) -> Slope | None:
    """Return the shift between two sets of totals; None unless both may be shown."""
    if before is None or after is None:
        return None
    # the largest number reaches the top, so that lines differ as much as they can;
    # the same people voted twice, so numbers compare as they are
    most = max(row.n for row in (*before.rows, *after.rows))
    sides = list(zip(before.rows, after.rows, strict=True))
    # a werkwijze that nobody chose has no line: its words would push the others away
    drawn = []
    for place, (first, last) in enumerate(sides):
        if first.n or last.n:
            drawn.append(place)
    left = _word_heights(before.rows, drawn, most)
    right = _word_heights(after.rows, drawn, most)
    lines = []
    for place, (first, last) in enumerate(sides):
        points = _height(first, most), _height(last, most)
        words = left.get(place, 0.0), right.get(place, 0.0)
        lines.append(SlopeLine(options[place], first, last, points, words))
    return Slope(before.total, tuple(lines))


def slope_of_session(now: SessionNow) -> Slope | None:
    """Return the shift of a session, once both votes are revealed."""
    first, second = now.round(1), now.round(2)
    if first is None or second is None:
        return None
    return slope_of(now.case.options, first.totals, second.totals)


def slope_of_report(report: ReportView) -> Slope | None:
    """Return the shift as a report keeps it."""
    return slope_of(report.options, report.before, report.after)


def spread(heights: Sequence[float]) -> list[float]:
    """Return heights for words beside points, in the same order and at least a line apart.

    Each stands as near to its point as that allows, and none below the chart.
    """
    places = sorted(range(len(heights)), key=lambda place: heights[place])
    moved = [0.0] * len(heights)
    # downward, each at least a line under the one before; then upward, from the foot of the chart
    above = float(-LINE_HEIGHT)
    for place in places:
        moved[place] = above = max(heights[place], above + LINE_HEIGHT)
    limit = float(CHART_TOP + CHART_HEIGHT)
    for place in reversed(places):
        moved[place] = min(moved[place], limit)
        limit = moved[place] - LINE_HEIGHT
    return moved


def drawn(now: SessionNow) -> dict[str, object]:
    """Return what regie and scherm both draw of a session, by the names of their templates."""
    return {
        "now": now,
        "vote": vote_here(now),
        "stelling": stelling_of(now),
        "chapter": chapter_of(now),
        "multiples": multiples_of(now),
        "comparison": compare(now, now.round(1)),
        "slope": slope_of_session(now),
        "left": seconds_left(now.timer_ends_at),
        "qr": qr_of(join_address(now.code)),
        "spoken": spoken_address(),
        "spaced": spaced_code(now.code),
    }


def seconds_left(ends_at: datetime | None) -> int | None:
    """Return how long a timer still runs, never less than nothing; None without a timer."""
    if ends_at is None:
        return None
    # the script counts on from here, by the clock of the device: that may be wrong, this is not
    left = ends_at - state().now()
    return max(0, round(left.total_seconds()))


def clean_codes(_endpoint: str | None, values: dict[str, str] | None) -> None:
    """Read the code in an address of a session, however it was typed."""
    if values and "code" in values:
        values["code"] = clean_code(values["code"], LONGEST_CODE)


def join_address(code: str) -> str:
    """Return where the QR leads."""
    return f"{state().settings.base_url.rstrip('/')}/m/{code}"


def spoken_address() -> str:
    """Return what people type who do not scan: the address without its scheme."""
    # browsers add the scheme by themselves: the fewer characters to read from a beamer the better
    return state().settings.base_url.split("://", 1)[-1].rstrip("/") + "/m"


def spaced_code(code: str) -> str:
    """Return a code as it is read aloud: two groups of three."""
    return f"{code[:3]} {code[3:]}"


def _elsewhere(now: SessionNow) -> list[tuple[str, ReleasedNational | None, str]]:
    """Return the groups outside the session that chose on the same card.

    Of each its name, its figures, and the words that stand where those are not shown.
    """
    figures = now.figures
    if figures is None:
        return []
    words = _no_figure(is_doubtful=figures.national_is_doubtful, is_pilot=figures.is_pilot)
    groups: list[tuple[str, ReleasedNational | None, str]] = [
        ("Alle gemeenten", figures.national, words)
    ]
    if figures.local_name is not None:
        words = _no_figure(is_doubtful=figures.local_is_doubtful)
        groups.insert(0, (figures.local_name, figures.local, words))
    return groups


def _no_figure(*, is_doubtful: bool, is_pilot: bool = False) -> str:
    if is_doubtful:
        return "we weten niet zeker of de cijfers kloppen."
    if is_pilot:
        return "geen cijfers, want er doen nog te weinig mensen mee."
    return "nog te weinig stemmen geteld."


def _compared_option(
    option: CaseOption, distributions: Sequence[ReleasedDistribution | ReleasedShares]
) -> ComparedOption:
    cells: list[ReleasedRow | ReleasedShare] = []
    for distribution in distributions:
        rows: Sequence[ReleasedRow | ReleasedShare] = distribution.rows
        cells += [row for row in rows if row.option == option.code]
    return ComparedOption(option, tuple(cells))


def _word_heights(rows: Sequence[ReleasedRow], drawn: Sequence[int], most: int) -> dict[int, float]:
    """Return where the words of each drawn row stand; what is not drawn takes no space."""
    heights = spread([_height(rows[place], most) for place in drawn])
    return dict(zip(drawn, heights, strict=True))


def _height(row: ReleasedRow, most: int) -> float:
    return round(CHART_TOP + CHART_HEIGHT * (1 - row.n / max(most, 1)), 1)
