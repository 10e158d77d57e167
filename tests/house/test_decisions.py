"""Numbers of decisions: in docs/decisions.md, and in the files where a decision bites."""

import re
from collections import Counter

from tests.house.source import our_files, text_of

DOCUMENT = "docs/decisions.md"
HEADING = re.compile(r"^\*\*D-(\d+) · \d{4}-\d\d-\d\d · .+?\*\*", re.MULTILINE)
FILES = re.compile(r" \*In ((?:`[^`]+`(?:, )?)+)\.\*$")
# a comment of Python or TOML, a template, a stylesheet or a script
COMMENT = re.compile(r"^\s*(?:#|\{#|/\*|//) (D-\d+(?:, D-\d+)*)(?: [#*][/}])?$", re.MULTILINE)
SUFFIXES = (".py", ".html", ".css", ".js", ".toml")
# the import contracts stand in it
SETTINGS_OF_TOOLS = "pyproject.toml"


def named_in_document() -> set[tuple[int, str]]:
    """Return each number with each file that its decision names."""
    pairs = set()
    for paragraph in text_of(DOCUMENT).splitlines():
        heading, files = HEADING.match(paragraph), FILES.search(paragraph)
        if heading and files:
            number = int(heading[1])
            pairs |= {(number, file) for file in re.findall("`([^`]+)`", files[1])}
    return pairs


def named_in_files() -> Counter[tuple[int, str]]:
    """Return how often a comment in a file names the number of a decision."""
    pairs: Counter[tuple[int, str]] = Counter()
    for name in (*our_files(), SETTINGS_OF_TOOLS):
        if name.endswith(SUFFIXES):
            for numbers in COMMENT.findall(text_of(name)):
                pairs.update((int(number), name) for number in re.findall(r"\d+", numbers))
    return pairs


def test_every_decision_has_a_number_of_its_own() -> None:
    text = text_of(DOCUMENT)
    numbers = [int(number) for number in HEADING.findall(text)]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == len(re.findall(r"^\*\*", text, re.MULTILINE))


def test_a_decision_and_the_files_where_it_bites_name_each_other() -> None:
    assert set(named_in_files()) == named_in_document()


def test_a_file_names_a_decision_once() -> None:
    assert [pair for pair, times in named_in_files().items() if times > 1] == []


def test_a_text_names_only_decisions_that_are_there() -> None:
    known = {f"D-{number}" for number in HEADING.findall(text_of(DOCUMENT))}
    texts = [text_of(name) for name in our_files() if name.endswith((".md", *SUFFIXES))]
    mentioned = {number for text in texts for number in re.findall(r"\bD-\d+\b", text)}
    assert mentioned <= known
