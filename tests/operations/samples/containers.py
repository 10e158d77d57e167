"""What holds of every container of ours, in whichever kind of file it stands.

Commands and settings are those of the program; nothing runs as root, can write to its own disk, or
has the counter's keys but the counter.
"""

from typing import NamedTuple

import click

from kopkrakers.base.config import ENV_PREFIX, Settings
from kopkrakers.cli import main

COUNTER = 10001
"""The user to whom alone the keys belong; the Containerfile makes their folder."""


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


def check_container(container: Container) -> None:
    """Fail unless a container runs what is there, is closed, and keeps away from the keys."""
    if container.command[0].startswith("/"):
        # the environment that the Containerfile makes
        assert container.command[0] == "/opt/kopkrakers/bin/python", container.name
    else:
        find_command(container.command)
    known = {ENV_PREFIX + name.upper() for name in Settings.model_fields}
    assert set(container.environment) <= known, container.name
    assert container.user > 10_000, container.name
    assert container.read_only and container.closed, container.name
    # who breaks into the website finds no folder, no setting and no user of the counter
    is_counter = "teller" in container.name
    has_keys = "/sleutels" in container.mounts or f"{ENV_PREFIX}KEY_DIR" in container.environment
    assert is_counter or not has_keys, container.name
    assert is_counter or container.user != COUNTER or container.command == ["migrate"]
