"""What does not keep a rule yet. The list only shrinks: `python -m tests.house` prunes it."""

from functools import cache
from pathlib import Path

from tests.house.rules import RULES, Broken, Rule

LIST = Path(__file__).parent / "exceptions.txt"


def excepted(rule: Rule) -> set[str]:
    """Return the files, folders and names that need not keep a rule yet."""
    entries = (line.split() for line in LIST.read_text().splitlines())
    return {subject for name, subject in entries if name == rule.name}


@cache
def broken(rule: Rule) -> Broken:
    """Return what breaks a rule, with its faults."""
    return rule.broken()


def prune() -> int:
    """Take what keeps its rule by now from the list; return how many entries are left."""
    left: list[str] = []
    for rule in RULES:
        still = excepted(rule) & broken(rule).keys()
        left += [f"{rule.name} {subject}" for subject in sorted(still)]
    LIST.write_text("".join(f"{entry}\n" for entry in left))
    return len(left)
