"""The units of systemd: commands that exist, syntax that systemd takes, and doors that are shut."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from kopkrakers.cli import main

UNITS = sorted((Path(__file__).parents[3] / "docs" / "systemd").iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
LASTING = ("teller", "web", "bode")
"""Services that run on; the others are begun by a timer and end."""
PROGRAM = "/srv/kopkrakers/programma/bin/kopkrakers"
MOST_EXPOSED = 3.0
"""What `systemd-analyze security` may say of a service: 10 is open."""
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def as_instance(unit: Path, folder: Path) -> Path:
    """Copy a unit where systemd finds its program and looks at nothing else of this machine."""
    copy = folder / unit.name.replace("@", "@Zaanstad")
    copy.write_text(unit.read_text().replace(PROGRAM, "/bin/true"))
    return copy


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_starts_a_command_that_there_is(unit: Path) -> None:
    lines = re.findall(rf"^Exec\w+={PROGRAM} (.+)$", unit.read_text(), re.MULTILINE)
    assert lines
    for line in lines:
        command: click.Command = main
        words = shlex.split(line)
        while isinstance(command, click.Group):
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_no_service_leaves_its_memory_on_a_disk(unit: Path) -> None:
    """Neither by a crash nor by swapping: keys, the secret and open votes may stand in it."""
    lines = unit.read_text().splitlines()
    assert "LimitCORE=0" in lines and "MemorySwapMax=0" in lines


@pytest.mark.parametrize("name", LASTING)
def test_what_runs_on_is_started_again_for_ever(name: str) -> None:
    """Also where the database is away at boot: systemd gives up after five starts by itself."""
    (unit,) = [path for path in SERVICES if path.stem == f"kopkrakers-{name}"]
    before, _, service = unit.read_text().partition("[Service]")
    assert "StartLimitIntervalSec=0" in before.splitlines()
    assert {"Restart=always", "RestartSec=2"} <= set(service.splitlines())


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".timer"], ids=lambda u: u.name)
def test_a_timer_has_a_service_of_its_name(unit: Path) -> None:
    assert unit.with_suffix(".service") in SERVICES


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_a_unit_as_it_stands(unit: Path, tmp_path: Path) -> None:
    copies = [as_instance(one, tmp_path) for one in UNITS if one.stem == unit.stem]
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, copies)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in said.stderr.splitlines() if "kopkrakers" in line]
    assert ours == []


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_is_shut(unit: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", str(as_instance(unit, tmp_path))],
        capture_output=True,
        text=True,
        check=False,
    )
    level = re.search(r"exposure level for [^:]+: ([\d.]+)", said.stdout)
    assert level is not None, said.stderr
    assert float(level[1]) <= MOST_EXPOSED
