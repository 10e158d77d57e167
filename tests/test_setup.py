"""`make setup` and its neighbours, where the Python that is found first is not a whole one."""

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_an_environment_without_pip_is_set_up_by_the_python_it_came_from(tmp_path: Path) -> None:
    """So is one that uv made, in which somebody types `make setup` after switching it on."""
    venv.create(tmp_path, with_pip=False)
    python = tmp_path / "bin" / "python"
    commands = ["make", "--dry-run", "--always-make", "--silent", f"PYTHON={python}", "setup"]
    told = subprocess.run(commands, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    pips = [line.split(" -m pip ")[0] for line in told.splitlines() if " -m pip install" in line]
    assert pips
    for found in pips:
        assert Path(found).resolve() == Path(sys.executable).resolve()
