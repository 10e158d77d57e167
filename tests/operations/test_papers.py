"""The papers for a gemeente: kept in step with the code, and with what they point at."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kopkrakers.cli import main
from kopkrakers.migrations.tables import metadata
from kopkrakers.operations.retention import RETENTION, retention_table

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LAW = DOCS / "juridisch"
ASVS = (DOCS / "asvs.md").read_text()
PAPERS = sorted([*LAW.glob("*.md"), DOCS / "asvs.md", DOCS / "standard-for-public-code.md"])
OF_LEVELS_1_AND_2 = (
    "1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1-1 3.2.1-2 3.3.1-4 "
    "3.4.1-6 3.5.1-5 3.7.1-2 4.1.1-3 4.2.1-1 4.3.1-2 4.4.1-4 5.1.1-1 5.2.1-3 5.3.1-2 5.4.1-3 "
    "6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 "
    "7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3 8.3.1-1 8.4.1-1 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4 "
    "10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1-1 11.6.1-1 "
    "12.1.1-3 12.2.1-2 12.3.1-4 13.1.1-1 13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 "
    "15.1.1-3 15.2.1-3 15.3.1-7 16.1.1-1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.1.1-1 17.2.1-4 "
    "17.3.1-2"
)
"""The requirements of ASVS 5.0.0 of levels 1 and 2, by section, in its own order."""


def numbers(text: str) -> list[str]:
    """The numbers of requirements in a text: `6.2.1`, `6.2.1-12` and `6.2.1, 4`."""
    found = []
    for section, listed in re.findall(r"\b(\d+\.\d+)\.(\d+(?:(?:-|, )\d+)*)\b", text):
        for part in listed.split(", "):
            first, _, last = part.partition("-")
            found += [f"{section}.{n}" for n in range(int(first), int(last or first) + 1)]
    return found


def test_the_retention_table_is_that_of_the_code() -> None:
    said = (LAW / "bewaartermijnen.md").read_text()
    assert said == retention_table(), "type: kopkrakers bewaartermijnen > docs/juridisch/bewaar…"
    assert CliRunner().invoke(main, ["bewaartermijnen"]).stdout == said


def test_every_table_of_the_database_has_a_term() -> None:
    named: set[str] = set()
    for kept in RETENTION:
        named.update(kept.tables)
    assert named == set(metadata.tables)


def test_every_requirement_of_asvs_stands_in_one_row() -> None:
    rows = [line.split("|")[1] for line in ASVS.splitlines() if re.match(r"\| \d", line)]
    found = [number for row in rows for number in numbers(row)]
    assert sorted(found) == sorted(numbers(OF_LEVELS_1_AND_2))


def test_every_requirement_of_asvs_says_how_or_why_not() -> None:
    rows = [line for line in ASVS.splitlines() if re.match(r"\| \d", line)]
    for row in rows:
        _, which, judgement, how, _ = (cell.strip() for cell in row.split("|"))
        assert judgement in ("yes", "partly", "no", "n/a"), which
        assert how or judgement == "n/a", which


def test_every_test_that_a_paper_names_is_there() -> None:
    for paper in PAPERS:
        for name in re.findall(r"`(tests/[\w/]+(?:\.py)?)`", paper.read_text()):
            assert (ROOT / name).exists(), f"{paper.name}: {name}"


@pytest.mark.parametrize("paper", PAPERS, ids=[paper.stem for paper in PAPERS])
def test_every_link_of_a_paper_leads_somewhere(paper: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", paper.read_text()):
        assert link.startswith("https://") or (paper.parent / link).exists(), link


def test_the_dpia_names_every_risk_that_the_proof_leaves() -> None:
    proof = (DOCS / "privacy-bewijs.md").read_text().split("## What is not proved")[1]
    left = [line for line in proof.splitlines() if line.startswith("- ")]
    risks = re.findall(r"^\| R(\d+) ", (LAW / "dpia.md").read_text(), re.MULTILINE)
    assert [int(number) for number in risks] == list(range(1, len(risks) + 1))
    assert len(risks) >= 20
    assert len(left) == 22, "a risk came or went: look at docs/juridisch/dpia.md, and mend this"
