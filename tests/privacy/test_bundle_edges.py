"""Cases that a random search seldom meets; each one was a mutant that lived."""

import pytest

from kopkrakers.privacy.bundles import NOT_SAID, OptionWithValue, attribute_groups, tally

OPTIONS = ("a", "b", "x")
NO_OPTION = "^a vote on no option of this card$"


def people(value: str, a: int, b: int) -> list[OptionWithValue]:
    return [OptionWithValue("a", value)] * a + [OptionWithValue("b", value)] * b


def test_a_vote_on_no_option_is_refused_in_these_words() -> None:
    with pytest.raises(ValueError, match=NO_OPTION):
        tally(OPTIONS, ["c"])
    with pytest.raises(ValueError, match=NO_OPTION):
        attribute_groups(OPTIONS, [OptionWithValue("c", "w")])


def test_rare_values_join_those_who_said_nothing_also_when_these_are_many() -> None:
    groups = attribute_groups(
        OPTIONS, people(NOT_SAID, 12, 8) + people("w", 4, 5) + people("r", 5, 4)
    )
    assert groups == {NOT_SAID: {"a": 21, "b": 17, "x": 0}}


def test_the_smallest_value_is_drawn_in_and_not_the_first_by_name() -> None:
    groups = attribute_groups(OPTIONS, people("r", 20, 20) + people("w", 6, 6) + people("b", 3, 0))
    assert groups == {NOT_SAID: {"a": 9, "b": 6, "x": 0}, "r": {"a": 20, "b": 20, "x": 0}}


def test_of_two_equally_small_values_the_first_by_name_is_drawn_in() -> None:
    groups = attribute_groups(OPTIONS, people("w", 6, 6) + people("r", 6, 6) + people("b", 3, 0))
    assert groups is not None
    assert set(groups) == {NOT_SAID, "w"}


def test_nobody_at_all_is_no_group() -> None:
    assert attribute_groups(OPTIONS, []) == {}
