"""The overview chart: all dilemmas by how divided people are, as numbers for an SVG that the template draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from kopkrakers.privacy.columns import OPTIONS
from kopkrakers.research.views import Known

ROW = 34
BAR = 22
LABELS = 330
WIDTH = 900
LONGEST_LABEL = 38


@dataclass(frozen=True)
class Segment:
    """One option in a bar, left to right."""

    letter: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One dilemma in the chart and in the table under it."""

    known: Known
    label: str
    y: int
    segments: tuple[Segment, ...]
    shares: str


@dataclass(frozen=True)
class Chart:
    """All that the SVG needs. `uncounted`: dilemmas without a figure yet."""

    bars: tuple[Bar, ...]
    uncounted: tuple[Known, ...]
    width: int
    height: int


def overview_chart(known: Sequence[Known]) -> Chart:
    """The most divided first: the one whose largest group is smallest."""
    counted = sorted((one for one in known if one.total), key=lambda one: (one.largest, one.title, one.edition))
    bars = tuple(_bar(one, number) for number, one in enumerate(counted))
    return Chart(bars, tuple(one for one in known if not one.total), WIDTH, max(len(bars), 1) * ROW)


def _bar(one: Known, number: int) -> Bar:
    segments, x = [], float(LABELS)
    for code, n, _ in one.options:
        width = (WIDTH - LABELS) * n / one.total
        segments.append(Segment(code, round(x, 1), round(width, 1)))
        x += width
    title = one.title if one.edition == 1 else f"{one.title} ({one.edition})"
    label = title if len(title) <= LONGEST_LABEL else title[: LONGEST_LABEL - 1].rstrip() + "…"
    shares = ", ".join(
        f"{code.upper() if code != 'x' else OPTIONS['x']} {share}%" for code, _, share in one.options
    )
    return Bar(one, label, number * ROW, tuple(segments), shares)
