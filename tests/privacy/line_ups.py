"""How many hits a random line-up of people and answers gives: exactly, without drawing."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache


@cache
def chances(people: tuple[str, ...]) -> tuple[float, ...]:
    """Return the chance of 0, 1, 2 … hits when choices are lined up with themselves at random."""
    options = sorted(set(people))

    @cache
    def hits(left: tuple[int, ...]) -> dict[int, float]:
        if not sum(left):
            return {0: 1.0}
        found: dict[int, float] = defaultdict(float)
        person = people[len(people) - sum(left)]
        for position, n in enumerate(left):
            if n:
                rest = (*left[:position], n - 1, *left[position + 1 :])
                for more, chance in hits(rest).items():
                    found[more + (options[position] == person)] += chance * n / sum(left)
        return found

    spread = hits(tuple(people.count(option) for option in options))
    return tuple(spread.get(n, 0.0) for n in range(len(people) + 1))


def chance_of_at_least(hits: int, groups: Sequence[tuple[str, ...]]) -> float:
    """The chance that random line-ups, one in each group, together give this many hits or more."""
    return sum(_spread(tuple(groups))[hits:])


@cache
def _spread(groups: tuple[tuple[str, ...], ...]) -> list[float]:
    together = [1.0]
    for people in groups:
        together = _added(together, chances(tuple(sorted(people))))
    return together


def _added(left: Sequence[float], right: Sequence[float]) -> list[float]:
    """Return the spread of the sum of two numbers, from the spread of each."""
    spread = [0.0] * (len(left) + len(right) - 1)
    for i, chance in enumerate(left):
        for j, other in enumerate(right):
            spread[i + j] += chance * other
    return spread


def hits(people: Sequence[str], seen: Sequence[str]) -> int:
    """In how many places two line-ups agree."""
    return sum(left == right for left, right in zip(people, seen, strict=True))
