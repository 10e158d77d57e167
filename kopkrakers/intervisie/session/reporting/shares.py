"""Answers of a group to a stelling, as they are drawn and said. Pure: no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kopkrakers.intervisie.session.cases import CaseOption

PEOPLE_BELOW = 10
"""Of fewer people than this no per cents are told: those suggest more than so few can say."""
NARROWEST_WORDS = 22
"""Per cent of the bar, at least, in which the words of an answer fit."""


@dataclass(frozen=True)
class AnswerShare:
    """One part of the bar, in per cents of its width, with its figure in words.

    `large` stands in front, `small` behind it: "6" and "van 9", or "60%" and nothing.
    """

    option: CaseOption
    n: int
    start: float
    width: float
    large: str
    small: str

    @property
    def words(self) -> str:
        """Return the figure as one text."""
        return f"{self.large} {self.small}".rstrip()

    @property
    def has_words_in_bar(self) -> bool:
        """Whether its part of the bar is wide enough to say what it is."""
        return self.width >= NARROWEST_WORDS


def shares_of(options: Sequence[CaseOption], counts: Mapping[str, int]) -> tuple[AnswerShare, ...]:
    """Return the parts of the bar, in the order of the answers; none when nobody answered."""
    total = sum(counts.values())
    if total == 0:
        return ()
    shares, start = [], 0.0
    for option in options:
        n = counts[option.code]
        width = round(100 * n / total, 2)
        large, small = str(n), f"van {total}"
        if total >= PEOPLE_BELOW:
            large, small = f"{round(100 * n / total)}%", ""
        shares.append(AnswerShare(option, n, round(start, 2), width, large, small))
        start += width
    return tuple(shares)
