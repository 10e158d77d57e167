"""Notes of `kopkrakers check`: what is in order, and an operator should know."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kopkrakers.cli import main
from kopkrakers.operations.notes import on_one_disk
from tests.support.running import environment


def test_check_tells_that_keys_and_database_lie_on_one_disk(tmp_path: Path) -> None:
    """A snapshot of that disk has both, and opens what waited then."""
    settings = {name: value for name, value in environment(tmp_path).items() if "KOPK" in name}
    for command in ("migrate", "count", "check"):
        said = CliRunner().invoke(main, [command], env=settings)
        assert said.exit_code == 0, said.output
    assert "op dezelfde schijf als de database" in said.output


def test_keys_on_another_disk_are_apart(tmp_path: Path) -> None:
    memory, here = Path("/dev/shm"), Path(__file__)
    if not memory.is_dir() or memory.stat().st_dev == here.stat().st_dev:
        pytest.skip("no second disk here")
    assert not on_one_disk(memory, here)
    assert on_one_disk(here.parent, here)
    assert not on_one_disk(None, here) and not on_one_disk(tmp_path / "gone", here)
