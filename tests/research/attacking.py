"""Tables of a release that an attacker solves."""

import random

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from kopkrakers.privacy.bundles import OptionWithValue, attribute_groups
from kopkrakers.privacy.release import ReleasedTable, table_bounds
from kopkrakers.privacy.rules import K_ATTRIBUTE_LATE, MARGIN
from tests.support.polling import OPTIONS

Weights = dict[str, tuple[int, ...]]

WEIGHTS: Weights = {"w": (5, 2, 1, 1), "r": (2, 5, 2, 1), "b": (1, 3, 5, 1), "-": (1, 1, 1, 1)}

STRONG: Weights = {"w": (12, 2, 1, 1), "r": (2, 12, 1, 1), "b": (1, 2, 12, 1), "-": (1, 1, 1, 1)}
"""Links so strong that many groups have just as many outside their largest option as they must."""


def one_bundle(chance: random.Random, links: Weights = WEIGHTS) -> dict[str, dict[str, int]]:
    """The groups of one opened box of attributes."""
    while True:
        values = chance.choices(
            list(links), weights=(6, 4, 6, 1), k=K_ATTRIBUTE_LATE + chance.randrange(10)
        )
        pairs = [
            OptionWithValue(chance.choices(OPTIONS, weights=links[value])[0], value)
            for value in values
        ]
        groups = attribute_groups(OPTIONS, pairs)
        if groups is not None:
            return groups


def recovered(
    counts: dict[str, dict[str, int]], table: ReleasedTable | None
) -> list[tuple[str, str]]:
    """The cells of 1 to 4 that a table has exactly one answer for, given every exact margin.

    The attacker knows the rule too: of every value `MARGIN` people did not choose the largest.
    """
    if table is None:
        return []
    cells = [(value, option) for value in table.values for option in table.options]
    bounds = table_bounds(table.cells)
    low, high = np.array([bounds[cell] for cell in cells]).T
    caps = [sum(counts[value].values()) - MARGIN for value, _ in cells]
    high = np.minimum(high, caps)
    rows: list[list[float]] = []
    sums: list[int] = []
    for value in table.values:
        rows.append([float(cell[0] == value) for cell in cells])
        sums.append(sum(counts[value].values()))
    for option in table.options:
        rows.append([float(cell[1] == option) for cell in cells])
        sums.append(sum(row[option] for row in counts.values()))
    margins = LinearConstraint(np.array(rows), sums, sums)
    found = []
    for at, (value, option) in enumerate(cells):
        if 0 < counts[value][option] < 5:
            goal = np.eye(len(cells))[at]
            ends = [
                milp(s * goal, integrality=1, bounds=Bounds(low, high), constraints=margins)
                for s in (1, -1)
            ]
            if round(ends[0].fun) == round(-ends[1].fun):
                found.append((value, option))
    return found
