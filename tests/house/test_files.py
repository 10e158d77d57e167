"""Every file keeps the rules of the house; folders are small enough to be read as a list."""

from collections import Counter
from pathlib import PurePath

import pytest

from tests.house.exceptions import at_fault, excepted
from tests.house.rules import RULES, Rule
from tests.house.source import our_files

FILES_IN_A_FOLDER = 15
FULL_FOLDERS = ("docs", "kopkrakers", "templates", "tests")
# these hold more than they may, and are being divided
NOT_YET: set[str] = set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_file_keeps_the_rule_or_is_listed(rule: Rule) -> None:
    faults = at_fault(rule)
    new = [fault for file in faults.keys() - excepted(rule.name) for fault in faults[file]]
    assert sorted(new) == [], rule.faults.__doc__


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_listed_still_breaks_the_rule(rule: Rule) -> None:
    kept_by_now = excepted(rule.name) - at_fault(rule).keys()
    assert sorted(kept_by_now) == [], "Type: .venv/bin/python -m tests.house"


def test_no_folder_holds_more_than_fifteen_files() -> None:
    folders = (PurePath(name) for name in our_files() if name.startswith(FULL_FOLDERS))
    sizes = Counter(str(path.parent) for path in folders)
    assert {folder for folder, size in sizes.items() if size > FILES_IN_A_FOLDER} == NOT_YET
