"""The list of drills, which `make drills` runs and `make test` does not."""

from pathlib import Path

from tests.drills.gathered import DRILLS

ROOT = Path(__file__).parents[2]


def test_every_drill_is_there() -> None:
    """A drill that pytest cannot find would be one that nobody notices is gone."""
    for tests in DRILLS.values():
        for test in tests:
            path, _, name = test.partition("::")
            assert (ROOT / path).exists(), test
            assert not name or f"def {name}(" in (ROOT / path).read_text(), test
