"""Pure functions that decide when a group may be counted. No database, no clock, no person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kopkrakers.privacy.rules import K_ATTRIBUTE_VALUE, MARGIN, NEW_PART

Counts = Mapping[str, int]
"""Numbers of people by option."""
NOT_SAID = "-"
"""The value of an attribute that was not given, or that was too rare to count apart."""


def safe(counts: Counts, k: int, margin: int = MARGIN) -> bool:
    """Whether the totals of a group may be written.

    That takes at least `k` people, of whom at least `margin` did not choose the largest option.
    `margin` - 1 people in the group who subtract their own votes never see a unanimous rest.
    """
    people = sum(counts.values())
    largest = max(counts.values(), default=0)
    return people >= k and people - largest >= margin


# D-137
def differ_safely(one: Counts, other: Counts, k: int, margin: int = MARGIN) -> bool:
    """Whether two totals on the same options differ by a group, and not by somebody.

    That takes people who are in one of them alone and may be counted by themselves; or at least
    `k` on a side, of whom at least `margin` did something else than the most, while `k` chose
    otherwise, or as many as are gone or came. Else a few who are gone together, and think alike,
    are read.
    """
    more, fewer = {}, {}
    for option, n in one.items():
        difference = n - other.get(option, 0)
        more[option], fewer[option] = max(0, difference), max(0, -difference)
    if safe(more, k, margin) or safe(fewer, k, margin):
        return True
    gained, lost = sum(more.values()), sum(fewer.values())
    most = max([*more.values(), *fewer.values()], default=0)
    is_group = max(gained, lost) >= k and gained + lost - most >= margin
    return is_group and min(gained, lost) >= min(k, abs(gained - lost))


def tally(options: Sequence[str], votes: Iterable[str]) -> dict[str, int]:
    """Return the votes per option, every option in the given order, zeros included.

    Raises: ValueError for a vote on no option of this card.
    """
    counts = dict.fromkeys(options, 0)
    for vote in votes:
        if vote not in counts:
            raise ValueError("a vote on no option of this card")
        counts[vote] += 1
    return counts


def may_try(untried: int, k: int) -> bool:
    """Whether a box may be opened: at least `k` envelopes in it were never tried.

    Counting all that wait would let one newcomer decide: of nine for A and one for B that were
    tried in vain, a voter for A takes back, and the next who makes the group countable chose B.
    """
    return untried >= k


def toward_threshold(longer: int, new: int) -> int:
    """Return how many people count toward a threshold: of the new ones at most 1 in `NEW_PART`.

    Whoever invents colleagues, or invites them, cannot be alone with one person.
    """
    return longer + min(new, longer // (NEW_PART - 1))


@dataclass(frozen=True)
class OptionWithValue:
    """An option with the value of one attribute, as it comes out of an attribute envelope."""

    option: str
    value: str


def attribute_groups(
    options: Sequence[str], pairs: Sequence[OptionWithValue]
) -> dict[str, dict[str, int]] | None:
    """Return totals per value in which every group is safe at `K_ATTRIBUTE_VALUE`.

    A value that is not safe joins `NOT_SAID`. While that group is not safe itself, the smallest
    safe value is drawn into it; otherwise its total would follow by subtraction. Groups without
    anyone are left out. None is returned when no grouping is safe.
    """
    groups = _tally_by_value(options, pairs)
    rest = groups.pop(NOT_SAID, dict.fromkeys(options, 0))
    for value, counts in list(groups.items()):
        if not safe(counts, K_ATTRIBUTE_VALUE):
            rest = _together(rest, groups.pop(value))
    while sum(rest.values()) and not safe(rest, K_ATTRIBUTE_VALUE):
        if not groups:
            return None
        # by name where sizes are equal, so that the same votes always give the same groups
        smallest = min(groups, key=lambda value: (sum(groups[value].values()), value))
        rest = _together(rest, groups.pop(smallest))
    if sum(rest.values()):
        groups[NOT_SAID] = rest
    return dict(sorted(groups.items()))


def _tally_by_value(
    options: Sequence[str], pairs: Sequence[OptionWithValue]
) -> dict[str, dict[str, int]]:
    groups: dict[str, dict[str, int]] = {}
    for pair in pairs:
        group = groups.setdefault(pair.value, dict.fromkeys(options, 0))
        if pair.option not in group:
            raise ValueError("a vote on no option of this card")
        group[pair.option] += 1
    return groups


def _together(left: Counts, right: Counts) -> dict[str, int]:
    return {option: left[option] + right[option] for option in left}
