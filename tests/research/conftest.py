"""The small instance, with its first release."""

from pathlib import Path

import pytest

from kopkrakers.base.db import Database
from kopkrakers.research.release.releases import Release
from tests.research.small import fill, release_of
from tests.support.databases.again import cards_in, written_once
from tests.support.world import World


@pytest.fixture
def filled(database: Database, world: World, cards_dir: Path) -> Database:
    """Totals, and no release yet."""
    written_once(lambda: fill(database, world, cards_dir), database, "filled", cards_in(cards_dir))
    return database


@pytest.fixture
def released(filled: Database, cards_dir: Path) -> Release:
    """Release 1, of November 2026."""
    cards = cards_in(cards_dir)
    return written_once(lambda: release_of(filled, cards_dir), filled, "released", cards)
