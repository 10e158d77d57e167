"""Parts for attacks on boxes, envelopes and keys."""

from pathlib import Path

import pytest

from kopkrakers.catalogue.library import Library
from tests.answers.conftest import Polling, polling
from tests.support.attacks import Attacker

__all__ = ["polling"]


@pytest.fixture
def attacker(polling: Polling, tmp_path: Path) -> Attacker:
    """Someone who can write to the database. The calendar has no cards, so one edition is all there is."""
    empty = tmp_path / "geen-kaarten"
    empty.mkdir()
    return Attacker(polling, Library(empty))
