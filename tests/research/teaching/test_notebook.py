"""The notebook with three questions: every block runs, and prints what stands under it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from kopkrakers.catalogue.library import Library
from kopkrakers.research.teaching.making import FILE_NAME, teaching_set
from tests.research.small import ORIGIN, files_in

ROOT = Path(__file__).parents[3]
NOTEBOOK = ROOT / "docs/onderzoek/drie-vragen.md"
CELL = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
BETWEEN = "--- next block ---\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The set, and the client that is in it, as the notebook says."""
    zipped = teaching_set(Library(ROOT / "dilemmas").cards(), ORIGIN)
    (tmp_path / FILE_NAME).write_bytes(zipped)
    (tmp_path / "kopkrakers.py").write_bytes(files_in(zipped)["clients/kopkrakers.py"])
    return tmp_path


def printed_by(sources: list[str], folder: Path) -> list[str]:
    """Run the blocks as one script; return the output of each."""
    script = folder / "blocks.py"
    script.write_text(f"\nprint({BETWEEN!r}, end='')\n".join(sources), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, script.name], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split(BETWEEN)


def test_every_block_prints_what_stands_under_it(folder: Path) -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    cells = CELL.findall(text)
    printed = printed_by([source for source, _ in cells], folder)
    if os.environ.get("KOPKRAKERS_TEST_WRITE_EXPECTED"):
        fresh = iter(printed)
        text = CELL.sub(lambda cell: f"```python\n{cell[1]}```\n\n```text\n{next(fresh)}```", text)
        NOTEBOOK.write_text(text, encoding="utf-8")
    assert printed == [output for _, output in CELL.findall(text)]


def test_no_block_is_left_out() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(CELL.findall(text)) == text.count("```python") >= 10
