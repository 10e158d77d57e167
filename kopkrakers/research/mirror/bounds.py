"""Shares as a release tells them, and how far two of them lie apart, always with bounds.

A share of people who answered could have come out otherwise by chance. Wilson's interval says how
much; Newcombe (1998) joins two of those into one for their difference. Rounding is added on top:
where a release tells no number, the fewest people are taken that its rules allow, so a difference
is never made surer than it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from kopkrakers.privacy.rules import COARSE_STEP, TOP_SHARE

Z = 1.96
"""Standard deviations on either side in which 95 of 100 normal draws lie."""
ROUNDED_SLACK = COARSE_STEP / 200
"""How far a share of rounded people can be off: `release_national` tells none that are coarser."""
TENS_SLACK = COARSE_STEP / 100
"""The same of a share in tens: what is missing to 100 goes to the largest remainders."""
MOST = TOP_SHARE / 100


@dataclass(frozen=True)
class Share:
    """A share, 0 to 1, that lies from `low` to `high` for what was counted, among `people`."""

    low: float
    high: float
    people: int

    @property
    def middle(self) -> float:
        """Return the middle of what it can be: the share itself where that is told."""
        return (self.low + self.high) / 2

    @property
    def chance(self) -> tuple[float, float]:
        """Return from where to where it lies, chance included: Wilson's interval."""
        return wilson(self.low, self.people)[0], wilson(self.high, self.people)[1]


@dataclass(frozen=True)
class Difference:
    """A difference between two shares, -1 to 1, with the bounds between which it lies."""

    middle: float
    low: float
    high: float

    @property
    def is_sure(self) -> bool:
        """Whether chance alone is no explanation."""
        return self.low > 0 or self.high < 0

    @property
    def at_least(self) -> float:
        """Return the smallest difference, without its sign, that fits: 0 when it may be chance."""
        return max(self.low, -self.high, 0.0)

    @property
    def at_most(self) -> float:
        """Return the largest difference, without its sign, that fits."""
        return max(-self.low, self.high)


def wilson(share: float, people: int) -> tuple[float, float]:
    """Return the interval of Wilson (1927) around a share of so many people."""
    spread = Z * sqrt(share * (1 - share) / people + Z * Z / (4 * people * people))
    middle = share + Z * Z / (2 * people)
    width = 1 + Z * Z / people
    return max(0.0, (middle - spread) / width), min(1.0, (middle + spread) / width)


def difference(here: Share, there: Share) -> Difference:
    """Return how much larger the share here is: Newcombe's hybrid score, rounding on top.

    The country holds the people of here as well. That makes the true difference vary less than two
    groups that share nobody, so these bounds are wider than needed and never too narrow.
    """
    here_low, here_high = here.chance
    there_low, there_high = there.chance
    down = sqrt((here.low - here_low) ** 2 + (there_high - there.high) ** 2)
    up = sqrt((here_high - here.high) ** 2 + (there.low - there_low) ** 2)
    return Difference(
        here.middle - there.middle,
        max(-1.0, here.low - there.high - down),
        min(1.0, here.high - there.low + up),
    )


def mean(differences: Sequence[Difference]) -> Difference:
    """Return the mean of differences on several dilemmas, with the mean of their bounds.

    The same people answered them, nobody knows how many. The standard error of a mean is never
    larger than the mean of the standard errors, however they hang together; so these bounds hold
    whether people answer alike or not, and no answer is counted as if it were another person's.
    """
    n = len(differences)
    return Difference(
        sum(one.middle for one in differences) / n,
        sum(one.low for one in differences) / n,
        sum(one.high for one in differences) / n,
    )
