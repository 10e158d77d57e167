"""The overview chart: all dilemmas by how divided people are, as numbers for the bars that the template draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from kopkrakers.research.pages.views import Known

WIDTH, HEIGHT = 1000, 22
"""Of a bar, in its own units: it is stretched to the room there is, so that the words beside it stay readable."""


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
    segments: tuple[Segment, ...]
    shares: str


@dataclass(frozen=True)
class Chart:
    """All that the bars need. `uncounted`: dilemmas without a figure yet."""

    bars: tuple[Bar, ...]
    uncounted: tuple[Known, ...]
    width: int
    height: int


def overview_chart(known: Sequence[Known]) -> Chart:
    """The most divided first: the one whose largest group is the smallest part, before any rounding."""
    counted = sorted(
        (one for one in known if one.total), key=lambda one: (_largest(one), one.title, one.edition)
    )
    uncounted = tuple(one for one in known if not one.total)
    return Chart(tuple(_bar(one) for one in counted), uncounted, WIDTH, HEIGHT)


def _largest(one: Known) -> float:
    return max(n for _, n, _ in one.options) / one.total


def _bar(one: Known) -> Bar:
    segments, x = [], 0.0
    for code, n, _ in one.options:
        width = WIDTH * n / one.total
        segments.append(Segment(code, round(x, 1), round(width, 1)))
        x += width
    label = one.title if one.edition == 1 else f"{one.title} ({one.edition})"
    shares = ", ".join(
        f"{code.upper() if code != 'x' else 'iets anders'} {share}%"
        for code, _, share in one.options
    )
    return Bar(one, label, tuple(segments), shares)
