"""The whole `kopkrakers` command, run in the process of the tests."""

from pathlib import Path

from click.testing import CliRunner

from kopkrakers.cli import main
from tests.support.running import environment


def invoke(
    folder: Path, *arguments: str, typed: str | None = None, **env: str | None
) -> tuple[int, str]:
    """Exit code and everything said, in an environment of its own."""
    ours = {
        name: value for name, value in environment(folder).items() if name.startswith("KOPKRAKERS_")
    }
    result = CliRunner().invoke(main, arguments, input=typed, env={**ours, **env})
    return result.exit_code, result.output
