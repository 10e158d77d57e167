"""Sizes of simulated gemeenten and teams: a few large gemeenten, many small, teams of one size."""

from collections.abc import Mapping

from kopkrakers.accounts.personas import PERSONAS

TEAM_SIZE = 15
"""People in a team at most."""
EVENNESS = 10
"""The higher, the less the largest gemeenten differ from the rest. At 10 the largest of 342 has 3 %
of the people and half of them fewer than 0.2 %, about as inhabitants of the Netherlands."""


def make_places(gemeenten: int, people: int) -> Mapping[str, Mapping[str, int]]:
    """Return people per gemeente and team, the largest first; personas are in the first few."""
    homes = {persona.gemeente: persona.team or "" for persona in reversed(PERSONAS) if persona.team}
    names = [*homes, *(f"Gemeente {number}" for number in range(len(homes) + 1, gemeenten + 1))]
    return {
        name: _teams(homes.get(name, "Team 1"), size)
        for name, size in zip(names, _shares(max(gemeenten, len(homes)), people), strict=True)
    }


def _shares(parts: int, whole: int) -> list[int]:
    """Divide a whole in decreasing parts. The largest get what rounding left, one each."""
    weights = [1 / (place + EVENNESS) for place in range(parts)]
    shares = [int(whole * weight / sum(weights)) for weight in weights]
    left = whole - sum(shares)
    return [share + (place < left) for place, share in enumerate(shares)]


def _teams(first: str, people: int) -> dict[str, int]:
    full, rest = divmod(people, TEAM_SIZE)
    sizes = [TEAM_SIZE] * full + [rest] * bool(rest) or [0]
    return {
        first if number == 1 else f"Team {number}": size
        for number, size in enumerate(sizes, start=1)
    }
