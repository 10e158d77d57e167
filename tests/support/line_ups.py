"""How many hits a random line-up of people and answers gives: exactly, without drawing."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache


@cache
def chances(people: tuple[str, ...]) -> tuple[float, ...]:
    """The chance of 0, 1, 2 … hits when these choices are lined up with themselves in random order."""
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
        one = chances(tuple(sorted(people)))
        width = len(together) + len(one) - 1
        together = [
            sum(together[i] * one[n - i] for i in range(len(together)) if 0 <= n - i < len(one))
            for n in range(width)
        ]
    return together


def hits(people: Sequence[str], seen: Sequence[str]) -> int:
    """In how many places two line-ups agree."""
    return sum(left == right for left, right in zip(people, seen, strict=True))
