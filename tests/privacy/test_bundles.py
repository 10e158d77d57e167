"""Properties of the pure rules: no group that leaves is small or nearly unanimous."""

from collections import Counter
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopkrakers.privacy.bundles import (
    NOT_SAID,
    OptionWithValue,
    attribute_groups,
    differ_safely,
    may_try,
    safe,
    tally,
)
from kopkrakers.privacy.release import percents, protect, release_distribution, release_table
from kopkrakers.privacy.rules import (
    K_ATTRIBUTE_VALUE,
    K_GEMEENTE,
    K_SESSION,
    MARGIN,
    MARGIN_SESSION,
)

OPTIONS = ("a", "b", "c", "x")
counts = st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, 40))
votes = st.lists(st.sampled_from(OPTIONS), max_size=60)
pairs = st.lists(
    st.builds(OptionWithValue, st.sampled_from(OPTIONS), st.sampled_from("wrb-")), max_size=120
)


@pytest.mark.parametrize(
    ("counted", "k", "expected"),
    [
        ({"a": 7, "b": 3}, 10, True),
        ({"a": 8, "b": 2}, 10, False),
        ({"a": 6, "b": 3}, 10, False),
        ({"a": 7, "b": 1, "c": 2}, 10, True),
        ({"a": 20}, 10, False),
        ({}, 0, False),
        ({"a": 17, "b": 3}, 20, True),
        ({"a": 18, "b": 2}, 20, False),
        ({"a": 16, "b": 3}, 20, False),
    ],
)
def test_safe_at_its_edges(counted: dict[str, int], k: int, expected: bool) -> None:
    assert safe(counted, k) is expected


@given(counts, st.integers(1, 25))
def test_two_who_tell_each_other_learn_nothing_about_a_third(
    counted: dict[str, int], k: int
) -> None:
    if not safe(counted, k):
        return
    assert sum(counted.values()) >= k
    for pair in combinations_with_replacement(OPTIONS, 2):
        rest = Counter(counted)
        rest.subtract(pair)
        if min(rest.values()) >= 0:
            assert max(rest.values()) < sum(rest.values())


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"a": 12, "b": 8}, {"a": 12, "b": 8}, False),
        ({"a": 11, "b": 8}, {"a": 12, "b": 8}, False),
        ({"a": 3, "b": 17}, {"a": 12, "b": 8}, False),
        ({"a": 2, "b": 18}, {"a": 12, "b": 8}, True),
        ({"a": 22, "b": 8}, {"a": 12, "b": 8}, False),
        ({"a": 20, "b": 10}, {"a": 12, "b": 8}, False),
        ({"a": 19, "b": 11}, {"a": 12, "b": 8}, True),
        ({"a": 22, "b": 6}, {"a": 12, "b": 8}, False),
        ({"a": 22, "b": 4}, {"a": 12, "b": 8}, False),
        ({"a": 22, "b": 3}, {"a": 12, "b": 8}, True),
    ],
)
def test_differences_at_their_edges(
    one: dict[str, int], other: dict[str, int], expected: bool
) -> None:
    assert differ_safely(one, other, K_GEMEENTE) is expected
    assert differ_safely(other, one, K_GEMEENTE) is expected


@given(counts, counts)
def test_totals_that_differ_safely_differ_by_as_many_people_as_a_bundle_has(
    one: dict[str, int], other: dict[str, int]
) -> None:
    """However few came, went or chose otherwise to make one of the other."""
    if differ_safely(one, other, K_GEMEENTE):
        more, fewer = Counter(one) - Counter(other), Counter(other) - Counter(one)
        assert max(more.total(), fewer.total()) >= K_GEMEENTE
        assert len(more) + len(fewer) > 1
        # who is gone, or came, is a group by itself, or hides among as many who chose otherwise
        gone, otherwise = abs(more.total() - fewer.total()), min(more.total(), fewer.total())
        hides = otherwise >= min(K_GEMEENTE, gone)
        assert hides or safe(more, K_GEMEENTE) or safe(fewer, K_GEMEENTE)


@given(counts, st.integers(3, 25))
def test_a_group_that_is_refused_is_small_or_its_dissenters_would_see_a_unanimous_rest(
    counted: dict[str, int], k: int
) -> None:
    if safe(counted, k) or sum(counted.values()) < k:
        return
    dissenters = sum(counted.values()) - max(counted.values())
    assert dissenters <= 2


@pytest.mark.parametrize("dissent", [(0,), (1,), (1, 1), (2,)])
def test_a_session_asks_two_and_a_bundle_three(dissent: tuple[int, ...]) -> None:
    counted = dict(zip(OPTIONS, (30, *dissent), strict=False))
    assert not safe(counted, K_GEMEENTE)
    assert safe(counted, K_SESSION, MARGIN_SESSION) is (sum(dissent) == 2)


@given(counts, st.sampled_from(OPTIONS), st.integers(1, 25))
def test_one_more_person_makes_at_most_one_step_of_difference(
    counted: dict[str, int], option: str, k: int
) -> None:
    more = counted | {option: counted.get(option, 0) + 1}
    if safe(counted, k) and not safe(more, k):
        pytest.fail("a newcomer made a safe group unsafe")


@given(votes)
def test_a_tally_names_every_option_in_order_and_loses_nobody(cast: list[str]) -> None:
    totals = tally(OPTIONS, cast)
    assert tuple(totals) == OPTIONS
    assert +Counter(totals) == Counter(cast)


def test_a_tally_refuses_a_vote_on_no_option() -> None:
    with pytest.raises(ValueError, match="no option"):
        tally(OPTIONS, ["a", "d"])


@given(votes, st.randoms())
def test_a_tally_does_not_depend_on_order(cast: list[str], random: object) -> None:
    mixed = list(cast)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert tally(OPTIONS, cast) == tally(OPTIONS, mixed)


@pytest.mark.parametrize(("untried", "expected"), [(9, False), (10, True), (11, True)])
def test_a_box_is_tried_from_k_untried_envelopes(untried: int, expected: bool) -> None:
    assert may_try(untried, K_GEMEENTE) is expected


@given(pairs)
def test_every_group_of_an_attribute_is_safe_and_nobody_is_lost(
    found: list[OptionWithValue],
) -> None:
    groups = attribute_groups(OPTIONS, found)
    if groups is None:
        assert not safe(tally(OPTIONS, [pair.option for pair in found]), K_ATTRIBUTE_VALUE)
        return
    assert all(safe(group, K_ATTRIBUTE_VALUE) for group in groups.values())
    assert all(tuple(group) == OPTIONS for group in groups.values())
    assert sum(sum(group.values()) for group in groups.values()) == len(found)


@given(pairs)
def test_a_value_that_stays_apart_holds_exactly_its_own_people(
    found: list[OptionWithValue],
) -> None:
    groups = attribute_groups(OPTIONS, found) or {}
    for value, group in groups.items():
        if value != NOT_SAID:
            assert group == tally(OPTIONS, [pair.option for pair in found if pair.value == value])


def test_a_rare_value_joins_not_said_and_draws_the_smallest_with_it() -> None:
    found = (
        [OptionWithValue("a", "w")] * 20
        + [OptionWithValue("b", "w")] * 20
        + [OptionWithValue("a", "r")] * 6
        + [OptionWithValue("b", "r")] * 6
    )
    found += [OptionWithValue("a", "b")] * 3
    groups = attribute_groups(OPTIONS, found)
    assert groups == {
        NOT_SAID: {"a": 9, "b": 6, "c": 0, "x": 0},
        "w": {"a": 20, "b": 20, "c": 0, "x": 0},
    }


def test_a_group_that_is_too_much_alike_gives_nothing() -> None:
    assert attribute_groups(OPTIONS, [OptionWithValue("a", "w")] * 60) is None


def test_an_attribute_of_no_option_is_refused() -> None:
    with pytest.raises(ValueError, match="no option"):
        attribute_groups(OPTIONS, [OptionWithValue("d", "w")])


@pytest.mark.parametrize(
    ("n", "shown"),
    [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (7, "5"), (8, "10"), (12, "10"), (13, "15")],
)
def test_an_attribute_cell_is_shown_protected(n: int, shown: str) -> None:
    assert protect(n) == shown


@pytest.mark.parametrize(
    ("counted", "shares"),
    [
        ((1, 2, 0, 0), (33, 67, 0, 0)),
        ((1, 1, 1, 0), (34, 33, 33, 0)),
        ((1, 199, 0, 0), (0, 100, 0, 0)),
        ((5, 0, 0, 0), (100, 0, 0, 0)),
        ((24, 11, 6, 1), (57, 26, 14, 3)),
    ],
)
def test_what_rounding_leaves_over_goes_to_the_largest_remainders(
    counted: tuple[int, ...], shares: tuple[int, ...]
) -> None:
    assert percents(counted) == shares


@given(st.lists(st.integers(0, 400), min_size=2, max_size=5).filter(any), st.sampled_from((1, 10)))
def test_shares_add_up_to_a_hundred_and_lie_less_than_a_step_from_the_truth(
    counted: list[int], step: int
) -> None:
    shares = percents(counted, step)
    assert sum(shares) == 100
    for n, share in zip(counted, shares, strict=True):
        assert abs(share - 100 * n / sum(counted)) < step
        assert share % step == 0
    in_order = sorted(zip(counted, shares, strict=True))
    assert [share for _, share in in_order] == sorted(shares)


def test_a_distribution_names_every_option_in_the_cards_order() -> None:
    released = release_distribution("NL", OPTIONS, {"b": 12, "a": 8})
    assert released is not None
    assert [(row.option, row.n) for row in released.rows] == [
        ("a", 8),
        ("b", 12),
        ("c", 0),
        ("x", 0),
    ]
    assert (released.total, released.majority, released.share("a")) == (20, "b", 0.4)


@pytest.mark.parametrize("counted", [{"a": 5, "b": 5}, {"x": 9}, {}])
def test_a_tie_or_something_else_is_never_the_majority(counted: dict[str, int]) -> None:
    released = release_distribution("NL", OPTIONS, counted)
    assert released is None or released.majority is None


def test_something_else_is_passed_over_for_the_majority() -> None:
    released = release_distribution("NL", OPTIONS, {"x": 20, "a": 6, "b": 5})
    assert released is not None
    assert released.majority == "a"


def test_a_table_that_leaves_holds_only_protected_cells() -> None:
    table = release_table("consideration", OPTIONS, {"w": {"a": 13, "b": 3}, "b": {"a": 7}})
    assert table is not None
    assert table.cells == {
        "w": {"a": "15", "b": "<5", "c": "0", "x": "0"},
        "b": {"a": "5", "b": "0", "c": "0", "x": "0"},
    }
    assert table.values == ("b", "w")
    assert release_table("consideration", OPTIONS, {"w": {"a": 0}}) is None


def test_the_margin_is_three_people() -> None:
    assert MARGIN == 3
    assert not safe({"a": 30, "b": MARGIN - 1}, K_GEMEENTE)
