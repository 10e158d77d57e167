"""Pure functions that decide when a group may be counted. No database, no clock, no person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kopkrakers.privacy.rules import K_ATTRIBUTE_VALUE, MARGIN

Counts = Mapping[str, int]
NOT_SAID = "-"
"""The value of an attribute that was not given, or that was too rare to keep apart."""


def safe(counts: Counts, k: int) -> bool:
    """Whether totals of one group may be written: at least `k` people, and `MARGIN` outside the largest option.

    Even a member who subtracts their own vote then never faces a unanimous rest.
    """
    people = sum(counts.values())
    return people >= k and people - max(counts.values(), default=0) >= MARGIN


def tally(options: Sequence[str], votes: Iterable[str]) -> dict[str, int]:
    """Votes per option, every option in the given order, zeros included.

    Raises: ValueError for a vote on no option of this card.
    """
    counts = dict.fromkeys(options, 0)
    for vote in votes:
        if vote not in counts:
            raise ValueError("a vote on no option of this card")
        counts[vote] += 1
    return counts


def may_try(untried: int, k: int) -> bool:
    """The one rule for opening, in every box: at least `k` envelopes that were never tried wait in it."""
    return untried >= k


@dataclass(frozen=True)
class Paired:
    """An option with the value of one attribute, as it comes out of an attribute envelope."""

    option: str
    value: str


def attribute_groups(
    options: Sequence[str], pairs: Sequence[Paired]
) -> dict[str, dict[str, int]] | None:
    """Totals per value where every group is safe at `K_ATTRIBUTE_VALUE`, or None when that cannot be.

    A value that is not safe joins `NOT_SAID`; while that group is not safe itself, the smallest safe
    value is drawn into it. Groups without anyone are left out.
    """
    groups: dict[str, dict[str, int]] = {}
    for pair in pairs:
        group = groups.setdefault(pair.value, dict.fromkeys(options, 0))
        if pair.option not in group:
            raise ValueError("a vote on no option of this card")
        group[pair.option] += 1
    rest = groups.pop(NOT_SAID, dict.fromkeys(options, 0))
    for value in [value for value, counts in groups.items() if not safe(counts, K_ATTRIBUTE_VALUE)]:
        rest = _together(rest, groups.pop(value))
    while sum(rest.values()) and not safe(rest, K_ATTRIBUTE_VALUE):
        if not groups:
            return None
        smallest = min(groups, key=lambda value: (sum(groups[value].values()), value))
        rest = _together(rest, groups.pop(smallest))
    if sum(rest.values()):
        groups[NOT_SAID] = rest
    return dict(sorted(groups.items()))


def _together(left: Counts, right: Counts) -> dict[str, int]:
    return {option: left[option] + right[option] for option in left}
