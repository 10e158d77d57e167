"""Everything keeps the rules of the house."""

import pytest

from tests.house.rules import RULES, Rule

ids = [rule.name for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=ids)
def test_a_rule_is_kept(rule: Rule) -> None:
    faults = [fault for found in rule.broken().values() for fault in found]
    assert faults == [], "\n".join([rule.says, *faults])
