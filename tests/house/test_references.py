"""What the documents name is there, under that name: tests, and the files of the code."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT, files_of, text_of

PROOF = "docs/privacy-bewijs.md"
DOCUMENTS = ["CONTRIBUTING.md", "README.md", "SECURITY.md", *files_of(".md", "docs")]
CODE = re.compile(r"`([^`]+)`")
FOR_CONTRIBUTORS = ["CONTRIBUTING.md", "README.md", "docs/architecture.md"]
OF_THE_CODE = re.compile(r"`([\w./]+/\w+\.(?:py|js|html))(?: (\w+))?`")
FUNCTION = re.compile(r"^ *def (test_\w+)\(", re.MULTILINE)


def paths_in(document: str) -> set[str]:
    """Return the paths of tests in a document, from the root."""
    words = {word for code in CODE.findall(read(document)) for word in code.split()}
    paths = {word for word in words if word.startswith("tests/")}
    if document == PROOF:
        # its tables leave `tests/` out
        files = {word for word in words if word.endswith(".py")} - paths
        paths |= {f"tests/{file}" for file in files}
    return paths


def read(document: str) -> str:
    return (ROOT / document).read_text()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_of_a_test_is_there(document: str) -> None:
    assert [path for path in sorted(paths_in(document)) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_name_of_a_test_is_there(document: str) -> None:
    named = {code for code in CODE.findall(read(document)) if re.fullmatch(r"test_\w+", code)}
    there = {name for file in files_of(".py", "tests") for name in FUNCTION.findall(text_of(file))}
    assert named <= there


@pytest.mark.parametrize("document", FOR_CONTRIBUTORS)
def test_every_file_of_the_code_is_there_with_what_is_named_in_it(document: str) -> None:
    gone = []
    for path, name in OF_THE_CODE.findall(read(document)):
        # the package itself is left out in most places
        there = [file for file in (ROOT / path, ROOT / "kopkrakers" / path) if file.is_file()]
        if not there or not re.search(rf"\b{name}\b", there[0].read_text()):
            gone.append(f"{path} {name}".strip())
    assert gone == [], f"moved or renamed: mend {document}"


def test_the_proof_names_files_of_tests() -> None:
    assert len([path for path in paths_in(PROOF) if Path(path).name.startswith("test_")]) > 20
