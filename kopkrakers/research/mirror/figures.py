"""One distribution of a release, read from its rows: shares of options, as far as they are told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from kopkrakers.privacy.labels import SOMETHING_ELSE
from kopkrakers.privacy.rules import TOP_SHARE
from kopkrakers.privacy.specs import TableSpec
from kopkrakers.research.mirror.bounds import MOST, ROUNDED_SLACK, TENS_SLACK, Share


@dataclass(frozen=True)
class Figures:
    """A distribution as it left. `top`: the option that nearly all chose, where only that is told.

    `people`: by option, where numbers are told; `percents` where shares are. `slack`: how far a
    share can be off by rounding. `fewest`: people in it, at least, where no number is told.
    """

    top: str | None
    people: dict[str, int]
    percents: dict[str, int]
    slack: float
    fewest: int

    @property
    def total(self) -> int:
        """Return how many people it is about, or the fewest that the rules allow."""
        return sum(self.people.values()) or self.fewest

    def share(self, options: Collection[str]) -> Share:
        """Return the share of these options together."""
        if self.top is not None:
            if self.top in options:
                return Share(MOST, 1.0, self.total)
            return Share(0.0, 1 - MOST, self.total)
        if self.people:
            part = sum(self.people[option] for option in options) / self.total
        else:
            part = sum(self.percents[option] for option in options) / 100
        return Share(max(0.0, part - self.slack), min(1.0, part + self.slack), self.total)

    def in_words(self, option: str) -> str:
        """Return the share of one option as a page of results tells it."""
        if self.top == option:
            return f"ruim {TOP_SHARE}%"
        if self.top is not None:
            return f"minder dan {100 - TOP_SHARE}%"
        return f"{self.percents[option]}%"

    @property
    def largest(self) -> str | None:
        """Return the werkwijze chosen most; None when two tie, or "iets anders" is as large."""
        if self.top is not None:
            sizes = {self.top: 1}
        else:
            sizes = self.people or self.percents
        most = max(sizes.values())
        largest = []
        for option, size in sizes.items():
            if size == most:
                largest.append(option)
        if len(largest) > 1 or largest == [SOMETHING_ELSE]:
            return None
        return largest[0]


def told_figures(spec: TableSpec, rows: Sequence[Sequence[Any]], fewest: int) -> Figures | None:
    """Return the distribution in these rows of `choice` or `choice_by_gemeente`.

    None where nothing is told of any share.
    """
    top = None
    people: dict[str, int] = {}
    percents: dict[str, int] = {}
    is_rounded = False
    for row in rows:
        values = dict(zip(spec.names, row, strict=True))
        option = values["option"]
        if values["top"]:
            top = option
        if isinstance(values["n"], int):
            people[option] = values["n"]
        if values["percent"] is not None:
            percents[option] = values["percent"]
        is_rounded = is_rounded or bool(values.get("rounded"))
    if top is None and not percents:
        return None
    slack = 0.0
    if not people:
        slack = TENS_SLACK
    elif is_rounded:
        slack = ROUNDED_SLACK
    return Figures(top, people, percents, slack, fewest)
