"""The files that do not keep a rule yet.

The list only shrinks: `python -m tests.house` prunes it.
"""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from tests.house.rules import RULES, Rule

LIST = Path(__file__).parent / "exceptions.txt"


def excepted(rule: str) -> set[str]:
    """Return the files that need not keep a rule yet."""
    entries = (line.split() for line in LIST.read_text().splitlines())
    return {file for name, file in entries if name == rule}


@cache
def at_fault(rule: Rule) -> dict[str, list[str]]:
    """Return the faults of every file that breaks a rule."""
    faults = {file: list(rule.faults(file)) for file in rule.files}
    return {file: told for file, told in faults.items() if told}


def prune() -> int:
    """Take what keeps its rule by now from the list; return how many entries are left."""
    still: list[str] = []
    for rule in RULES:
        still += entries_of(rule.name, excepted(rule.name) & at_fault(rule).keys())
    LIST.write_text("".join(f"{entry}\n" for entry in still))
    return len(still)


def entries_of(rule: str, files: Collection[str]) -> list[str]:
    """Return the lines of the list for one rule."""
    return [f"{rule} {file}" for file in sorted(files)]
