"""The overview chart: all dilemmas by how divided people are, as numbers for a template's bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kopkrakers.research.selection import ReleasedDilemma, Texts, share_of

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


def overview_chart(dilemmas: Sequence[ReleasedDilemma], texts: Texts) -> Chart:
    """Return the chart with the most divided dilemma first.

    That is the one whose largest group is the smallest part of all, before any rounding.
    `texts`: the words of options, at least of every stelling.
    """
    counted, uncounted = [], []
    for dilemma in dilemmas:
        if dilemma.options:
            counted.append(dilemma)
        else:
            uncounted.append(dilemma)
    # title and edition settle ties, so that the order is the same on every look
    counted.sort(key=lambda one: (_largest_part(one), one.title, one.edition))
    bars = []
    for dilemma in counted:
        bars.append(_bar(dilemma, texts.get((dilemma.dilemma, dilemma.edition), {})))
    return Chart(tuple(bars), tuple(uncounted), WIDTH, HEIGHT)


def _largest_part(dilemma: ReleasedDilemma) -> float:
    return max(_part(option, dilemma.total) for option in dilemma.options)


def _part(option: tuple[str, int | None, int | None, bool], total: int | None) -> float:
    """Return a share from 0 to 1: before any rounding where people are told, else as told."""
    n = option[1]
    if n is not None and total:
        return n / total
    return share_of(option) / 100


def _bar(dilemma: ReleasedDilemma, labels: Mapping[str, str]) -> DilemmaBar:
    segments = []
    shares: list[str] = []
    x = 0.0
    for option in dilemma.options:
        code, _, percent, is_top = option
        width = WIDTH * _part(option, dilemma.total)
        segments.append(Segment(code, round(x, 1), round(width, 1)))
        x += width
        name = dilemma.short_name(code, labels)
        # a letter or the first word keeps its capital; further on a word stands in a sentence
        if shares and len(name) > 1:
            name = name[0].lower() + name[1:]
        if is_top:
            shares.append(f"{name} {dilemma.largest_in_words}")
        elif percent is not None:
            shares.append(f"{name} {percent}%")
    label = dilemma.title
    if dilemma.edition > 1:
        label += f" ({dilemma.edition})"
    return DilemmaBar(dilemma, label, tuple(segments), ", ".join(shares))
