"""A release with a gemeente above the limit, protected cells and two dilemmas."""

from pathlib import Path

import pytest

from kopkrakers.base.db import Database
from tests.research.small import OTHER, add_attribute, add_totals, bytes_of, release_of
from tests.support.world import World


@pytest.fixture
def dataset(filled: Database, world: World, cards_dir: Path, tmp_path: Path) -> Path:
    add_attribute(filled, "certainty", {"1": (11, 7, 5, 1), "2": (31, 4, 0, 2), "-": (5, 9, 8, 1)})
    add_attribute(filled, "consideration", {"w": (21, 9, 3, 2), "b": (9, 19, 8, 1)}, slug=OTHER)
    add_totals(filled, "NL", (30, 31, 22, 2), slug=OTHER)
    add_totals(filled, str(world.zaanstad), (30, 3, 2, 0), slug=OTHER)
    made = release_of(filled, cards_dir)
    path = tmp_path / made.file_name
    path.write_bytes(bytes_of(filled))
    return path
