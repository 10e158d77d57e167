"""The worked script in the docs runs on a real dataset and says what the tables say."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from kopkrakers.base.db import Database
from kopkrakers.research.release.releases import Release
from tests.research.small import add_attribute, add_edition, bytes_of, files_in, release_of

SCRIPT = Path(__file__).parents[2] / "docs" / "onderzoek" / "figuren.py"
README = SCRIPT.with_name("README.md")


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
    for name, words in (("verdeeld.svg", "48%"), ("doorslag.svg", "leunt op wet: wet28 tot 32")):
        text = "".join(ElementTree.parse(tmp_path / "uit" / name).getroot().itertext())
        assert words in text


def test_the_script_reads_what_was_counted(dataset: Path, script: ModuleType) -> None:
    [row] = script.divided(dataset).iter_rows(named=True)
    assert (row["dilemma"], row["largest"], row["answers"]) == ("een-plek", 55, 114)
    rows = script.reasons(dataset).rows()
    assert rows[0] == ("betrokkenheid", "b", 13, 17)
    assert {leans for leans, *_ in rows} == {"wet", "rendement", "betrokkenheid"}


def test_people_who_were_not_counted_apart_are_shown_and_not_guessed(
    database: Database, cards_dir: Path, script: ModuleType, tmp_path: Path
) -> None:
    add_edition(database, cards_dir)
    add_attribute(database, "consideration", {"w": (31, 4, 0, 2), "-": (12, 8, 3, 0)})
    path = tmp_path / release_of(database, cards_dir).file_name
    path.write_bytes(bytes_of(database))
    rows = {(leans, why): bounds for leans, why, *bounds in script.reasons(path).rows()}
    assert rows["wet", "b"] == [0, 0]
    assert rows["wet", "niet"] == [8, 12]
    assert script.figure_reasons(path).count("niet vermeld, of niet veilig apart te tellen") == 3


def test_the_docs_name_only_files_that_are_in_a_dataset(
    released: Release, database: Database
) -> None:
    named = set(re.findall(r"\b(?:csv|spss|parquet)/\w+\.\w+", README.read_text()))
    assert len(named) == 5
    assert named <= set(files_in(bytes_of(database)))
