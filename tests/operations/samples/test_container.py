"""The files for containers, held against the code: no image could be made or started here.

Commands, settings, ports and paths are those of the program; nothing runs as root, can write to
its own disk, or has the counter's keys but the counter.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from ruamel.yaml import YAML

from kopkrakers.base.config import ENV_PREFIX, Settings
from kopkrakers.cli import main

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
CONTAINERFILE = (DOCS / "container" / "Containerfile").read_text()
LAST_STAGE = CONTAINERFILE.split("\nFROM ")[-1]
COMPOSE: dict[str, Any] = YAML(typ="safe").load(DOCS / "container" / "compose.yaml")
OBJECTS: list[dict[str, Any]] = list(
    YAML(typ="safe").load_all(DOCS / "kubernetes" / "kopkrakers.yaml")
)
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
PORT = Settings.model_fields["port"].default
# D-108
OTHERS = {"database", "proxy"}
"""Services of compose that are not our program."""


class Container(NamedTuple):
    """One container of ours, in the words of both kinds of files."""

    name: str
    image: str
    command: list[str]
    environment: dict[str, str]
    mounts: list[str]
    user: int
    read_only: bool
    closed: bool


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


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    for found in OBJECTS:
        spec = found.get("spec", {})
        if found["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec:
            yield found["metadata"]["name"], spec["template"]["spec"]


def of_kubernetes() -> Iterator[Container]:
    for name, pod in pods():
        for said in [*pod.get("initContainers", []), *pod["containers"]]:
            shut = said["securityContext"]
            yield Container(
                name=f"kubernetes {name}/{said['name']}",
                image=said["image"],
                command=said.get("args", said.get("command", [])),
                environment={one["name"]: one["value"] for one in said.get("env", [])},
                mounts=[mount["mountPath"] for mount in said["volumeMounts"]],
                user=pod["securityContext"]["runAsUser"],
                read_only=shut["readOnlyRootFilesystem"],
                closed=shut["capabilities"] == {"drop": ["ALL"]}
                and not shut["allowPrivilegeEscalation"]
                and pod["securityContext"]["runAsNonRoot"],
            )


OURS = [*of_compose(), *of_kubernetes()]
each = pytest.mark.parametrize("container", OURS, ids=[found.name for found in OURS])


def find_command(words: list[str]) -> click.Command:
    """The command that these words name; fails when there is none, or an option is not its own."""
    found: click.Command = main
    for word in words:
        if word.startswith("-"):
            assert word in {name for param in found.params for name in param.opts}, words
        elif isinstance(found, click.Group):
            found = found.commands[word]
    assert not isinstance(found, click.Group), words
    return found


@each
def test_a_container_runs_a_command_that_is_there(container: Container) -> None:
    if container.command[0].startswith("/"):
        # the environment that the Containerfile makes
        assert container.command[0] == "/opt/kopkrakers/bin/python"
        return
    find_command(container.command)


@each
def test_a_container_is_closed(container: Container) -> None:
    assert container.image == f"kopkrakers:{VERSION}"
    assert container.user > 10_000
    assert container.read_only
    assert container.closed


@each
def test_a_container_is_given_settings_that_are_there(container: Container) -> None:
    known = {ENV_PREFIX + name.upper() for name in Settings.model_fields}
    assert set(container.environment) <= known


@each
def test_only_the_counter_has_its_keys(container: Container) -> None:
    """Who breaks into the website finds no folder, no setting and no user of the counter."""
    is_counter = "teller" in container.name
    has_keys = "/sleutels" in container.mounts or f"{ENV_PREFIX}KEY_DIR" in container.environment
    assert is_counter or not has_keys
    assert is_counter or container.user != 10001 or container.command == ["migrate"]


def test_the_keys_go_into_no_backup() -> None:
    (disk,) = [found for found in OBJECTS if found["kind"] == "PersistentVolumeClaim"]
    assert disk["metadata"]["labels"]["velero.io/exclude-from-backup"] == "true"
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


def test_probes_and_networks_name_the_port_and_the_parts() -> None:
    pod = dict(pods())["web"]
    (web,) = pod["containers"]
    assert web["ports"] == [{"name": "http", "containerPort": PORT}]
    assert web["livenessProbe"]["httpGet"] == {"path": "/gezond", "port": "http"}
    assert web["readinessProbe"]["httpGet"] == {"path": "/klaar", "port": "http"}
    rules = {found["metadata"]["name"]: found["spec"] for found in OBJECTS if is_rule(found)}
    assert rules["dicht"]["podSelector"] == {}
    # the counter has no rule of its own: names and the database are all that it reaches
    assert set(rules) == {"dicht", "web", "bode"}
    assert {port["port"] for port in rules["dicht"]["egress"][0]["ports"]} == {53, 5432}
    assert COMPOSE["networks"]["binnen"] == {"internal": True}
    assert COMPOSE["services"]["teller"]["networks"] == ["binnen"]


def is_rule(found: dict[str, Any]) -> bool:
    """Whether an object says who may reach whom."""
    return bool(found["kind"] == "NetworkPolicy")


def test_the_service_of_the_ingress_finds_the_website() -> None:
    ingress = YAML(typ="safe").load_all(DOCS / "proxy" / "ingress.yaml")
    (service,) = [found for found in ingress if found["kind"] == "Service"]
    (web,) = [found for found in OBJECTS if found["metadata"]["name"] == "web" and is_pod(found)]
    assert service["spec"]["selector"] == web["spec"]["template"]["metadata"]["labels"]
    assert service["metadata"]["namespace"] == web["metadata"]["namespace"]


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


def is_pod(found: dict[str, Any]) -> bool:
    """Whether an object keeps pods running."""
    return bool(found["kind"] == "Deployment")
