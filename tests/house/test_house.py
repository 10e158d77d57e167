"""Everything keeps the rules of the house, or stands on the list of what does not yet."""

import pytest

from tests.house.exceptions import broken, excepted
from tests.house.rules import RULES, Rule

ids = [rule.name for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=ids)
def test_a_rule_is_kept(rule: Rule) -> None:
    new = broken(rule).keys() - excepted(rule)
    faults = [fault for subject in sorted(new) for fault in broken(rule)[subject]]
    assert faults == []


@pytest.mark.parametrize("rule", RULES, ids=ids)
def test_what_is_listed_still_breaks_the_rule(rule: Rule) -> None:
    kept_by_now = excepted(rule) - broken(rule).keys()
    assert sorted(kept_by_now) == [], "Type: .venv/bin/python -m tests.house"
