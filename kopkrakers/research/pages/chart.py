"""The overview chart: all dilemmas by how divided people are, as numbers for a template's bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from kopkrakers.privacy.labels import SOMETHING_ELSE
from kopkrakers.research.pages.selection import ReleasedDilemma

WIDTH, HEIGHT = 1000, 22
"""Of a bar, in units of its own: a page stretches it, so that words beside it stay readable."""


@dataclass(frozen=True)
class Segment:
    """One option in a bar, left to right."""

    letter: str
    x: float
    width: float


@dataclass(frozen=True)
class DilemmaBar:
    """One dilemma in the chart and in the table under it."""

    dilemma: ReleasedDilemma
    label: str
    segments: tuple[Segment, ...]
    shares: str


@dataclass(frozen=True)
class Chart:
    """All that the bars need. `uncounted`: dilemmas without a figure yet."""

    bars: tuple[DilemmaBar, ...]
    uncounted: tuple[ReleasedDilemma, ...]
    width: int
    height: int


def overview_chart(dilemmas: Sequence[ReleasedDilemma]) -> Chart:
    """Return the chart with the most divided dilemma first.

    That is the one whose largest group is the smallest part of all, before any rounding.
    """
    counted = [one for one in dilemmas if one.total]
    counted.sort(key=lambda one: (_largest_part(one), one.title, one.edition))
    uncounted = tuple(one for one in dilemmas if not one.total)
    return Chart(tuple(_bar(one) for one in counted), uncounted, WIDTH, HEIGHT)


def _largest_part(dilemma: ReleasedDilemma) -> float:
    return max(n for _, n, _ in dilemma.options) / dilemma.total


def _bar(dilemma: ReleasedDilemma) -> DilemmaBar:
    segments = []
    shares = []
    x = 0.0
    for code, n, percent in dilemma.options:
        width = WIDTH * n / dilemma.total
        segments.append(Segment(code, round(x, 1), round(width, 1)))
        x += width
        name = "iets anders" if code == SOMETHING_ELSE else code.upper()
        shares.append(f"{name} {percent}%")
    label = dilemma.title
    if dilemma.edition > 1:
        label += f" ({dilemma.edition})"
    return DilemmaBar(dilemma, label, tuple(segments), ", ".join(shares))
