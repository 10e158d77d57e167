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
    homes: dict[str, str] = {}
    for persona in reversed(PERSONAS):
        # the team of the first persona of a gemeente stays
        if persona.team:
            homes[persona.gemeente] = persona.team
    names = list(homes)
    for number in range(len(homes) + 1, gemeenten + 1):
        names.append(f"Gemeente {number}")
    places = {}
    weights = [1 / (place + EVENNESS) for place in range(len(names))]
    shares = [int(people * weight / sum(weights)) for weight in weights]
    left = people - sum(shares)
    for place in range(left):
        shares[place] += 1
    for name, size in zip(names, shares, strict=True):
        places[name] = _teams(homes.get(name, "Team 1"), size)
    return places


def _teams(first: str, people: int) -> dict[str, int]:
    full, rest = divmod(people, TEAM_SIZE)
    sizes = [TEAM_SIZE] * full
    # a gemeente without anybody has a team too
    if rest or not full:
        sizes.append(rest)
    teams = {first: sizes[0]}
    for number, size in enumerate(sizes[1:], start=2):
        teams[f"Team {number}"] = size
    return teams
