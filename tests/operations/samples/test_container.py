"""The files for an image, compose and systemd, held against the code.

No image could be made or started here.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from kopkrakers.base.config import ENV_PREFIX, Settings
from tests.operations.samples.containers import Container, check_container, find_command

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
CONTAINERFILE = (DOCS / "container" / "Containerfile").read_text()
LAST_STAGE = CONTAINERFILE.split("\nFROM ")[-1]
COMPOSE: dict[str, Any] = YAML(typ="safe").load(DOCS / "container" / "compose.yaml")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
PORT = Settings.model_fields["port"].default
OTHERS = {"database", "proxy"}
"""Services of compose that are not our program."""


def of_compose() -> Iterator[Container]:
    for name, said in COMPOSE["services"].items():
        if name not in OTHERS:
            yield Container(
                name=f"compose {name}",
                image=said["image"],
                command=said["command"],
                environment=said.get("environment", {}),
                mounts=[volume.split(":")[1] for volume in said.get("volumes", [])],
                user=int(said["user"].split(":")[0]),
                read_only=said["read_only"],
                closed=said["cap_drop"] == ["ALL"]
                and "no-new-privileges:true" in said["security_opt"],
            )


OURS = [*of_compose()]
each = pytest.mark.parametrize("container", OURS, ids=[found.name for found in OURS])


@each
def test_a_container_is_closed_and_runs_what_is_there(container: Container) -> None:
    check_container(container)
    assert container.image == f"kopkrakers:{VERSION}"


def test_the_volumes_are_those_that_are_known() -> None:
    assert set(COMPOSE["volumes"]) == {"gegevens", "sleutels"}


def test_the_image_is_that_of_a_release_and_not_of_root() -> None:
    (user,) = re.findall(r"^USER (\d+):\d+$", LAST_STAGE, re.MULTILINE)
    (entry,) = re.findall(r'^ENTRYPOINT \["(.+)"\]$', LAST_STAGE, re.MULTILINE)
    (start,) = re.findall(r'^CMD \["(.+)"\]$', LAST_STAGE, re.MULTILINE)
    assert int(user) > 10_000
    assert entry == "/opt/kopkrakers/bin/kopkrakers"
    find_command([start])
    assert re.findall(r"^EXPOSE (\d+)$", LAST_STAGE, re.MULTILINE) == [str(PORT)]
    # the packages come from the bundle, by their hashes; only the system's own from elsewhere
    installed = re.findall(r"pip install ([^\\\n]+)", CONTAINERFILE)
    assert len(installed) == 2
    assert all(options.startswith("--no-index") for options in installed)
    assert "--require-hashes" in installed[0]
    # no secret is baked in
    assert ENV_PREFIX not in CONTAINERFILE


def test_the_proxy_beside_it_is_the_sample_that_was_tried() -> None:
    tried = (DOCS / "proxy" / "nginx.conf").read_text().split("\n\n", 1)[1]
    tried = tried.replace("server 127.0.0.1:8000 ", f"server web:{PORT} ")
    tried = re.sub(r"  server 127\.0\.0\.1:8001 .*\n", "", tried)
    assert (DOCS / "container" / "nginx.conf").read_text().split("\n\n", 1)[1] == tried


def test_the_counter_reaches_the_database_alone() -> None:
    assert COMPOSE["networks"]["binnen"] == {"internal": True}
    assert COMPOSE["services"]["teller"]["networks"] == ["binnen"]


SERVICES = sorted((DOCS / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", SERVICES, ids=[unit.stem for unit in SERVICES])
def test_a_service_runs_a_command_as_a_user_of_its_own(unit: Path) -> None:
    said = unit.read_text()
    (user,) = re.findall(r"^User=(.+)$", said, re.MULTILINE)
    commands = re.findall(r"^ExecStart(?:Pre)?=\S+/bin/kopkrakers (.+)$", said, re.MULTILINE)
    for command in commands:
        find_command(command.split())
    assert commands
    assert user.startswith("kopkrakers-")
    assert user == "kopkrakers-teller" or "InaccessiblePaths=-/srv/kopkrakers/sleutels" in said
    guide = (DOCS / "beheer.md").read_text()
    assert f"systemd/{unit.name}" in guide
    assert f"--shell /usr/sbin/nologin {user}\n" in guide
    if "Type=oneshot" in said:
        assert f"systemd/{unit.stem}.timer" in guide
        assert "OnCalendar=" in unit.with_suffix(".timer").read_text()
