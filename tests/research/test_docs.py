"""The worked script in the docs runs on a real dataset and says what the tables say."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from kopkrakers.db import Database
from kopkrakers.research.releases import Release
from tests.research.small import bytes_of

SCRIPT = Path(__file__).parents[2] / "docs" / "onderzoek" / "figuren.py"


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("figuren", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def dataset(released: Release, database: Database, tmp_path: Path) -> Path:
    path = tmp_path / released.file_name
    path.write_bytes(bytes_of(database))
    return path


def test_the_script_draws_two_figures(dataset: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(SCRIPT), str(dataset), str(tmp_path / "uit")], check=True)
    for name, words in (("verdeeld.svg", "48%"), ("doorslag.svg", "28 tot 32")):
        text = "".join(ElementTree.parse(tmp_path / "uit" / name).getroot().itertext())
        assert words in text


def test_the_script_reads_what_was_counted(dataset: Path, script: ModuleType) -> None:
    [row] = script.divided(dataset).iter_rows(named=True)
    assert (row["dilemma"], row["largest"], row["answers"]) == ("een-plek", 55, 114)
    assert script.reasons(dataset).row(0) == ("a", "b", 5, 7)
