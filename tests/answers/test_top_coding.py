"""Above 80 % of a gemeente or regio nothing leaves that tells how many chose otherwise."""

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopkrakers.answers.kraakvraag import CountedFigures, WerkwijzeName, kraakvragen
from kopkrakers.answers.pages.outcome_parts import scope_view
from kopkrakers.privacy.release import ReleasedTop, release_distribution, release_local

OPTIONS = ("a", "b", "c", "x")
LABELS = {code: f"Werkwijze {code}" for code in OPTIONS}
WERKWIJZEN = tuple(WerkwijzeName(code, LABELS[code]) for code in "abc")
counts = st.fixed_dictionaries({option: st.integers(0, 60) for option in OPTIONS})


@pytest.mark.parametrize(
    ("counted", "is_top"),
    [
        ({"a": 8, "b": 2}, False),
        ({"a": 80, "b": 20}, False),
        ({"a": 81, "b": 19}, True),
        ({"x": 13, "a": 3}, True),
    ],
)
def test_a_share_above_eighty_percent_is_told_without_numbers(
    counted: dict[str, int], is_top: bool
) -> None:
    released = release_local("7", OPTIONS, counted)
    if is_top:
        assert released == ReleasedTop("7", max(counted, key=counted.__getitem__))
    else:
        assert released == release_distribution("7", OPTIONS, counted)


def test_nothing_leaves_while_nothing_was_counted() -> None:
    assert release_local("7", OPTIONS, {}) is None


@given(counts, counts)
def test_two_gemeenten_with_the_same_favourite_above_the_limit_look_the_same(
    one: dict[str, int], other: dict[str, int]
) -> None:
    first, second = (release_local("7", OPTIONS, counted) for counted in (one, other))
    if isinstance(first, ReleasedTop) and isinstance(second, ReleasedTop):
        assert (first == second) == (first.option == second.option)
        assert not any(isinstance(field, int) for field in astuple(first))


@given(counts)
def test_what_is_above_the_limit_is_always_told_so_and_nothing_else_is(
    counted: dict[str, int],
) -> None:
    total, most = sum(counted.values()), max(counted.values())
    released = release_local("7", OPTIONS, counted)
    assert isinstance(released, ReleasedTop) == (5 * most > 4 * total)


def test_the_page_shows_one_row_and_no_total() -> None:
    view = scope_view(
        "Zaanstad", release_local("7", OPTIONS, {"b": 27, "a": 3}), LABELS, is_doubtful=False
    )
    assert view.total is None
    assert [(row.label, row.number, row.width) for row in view.rows] == [
        ("Werkwijze b", "ruim 80%", 80)
    ]


@pytest.mark.parametrize(("more", "otherwise"), [(27, 3), (190, 10)])
def test_the_kraakvraag_is_the_same_for_every_share_above_the_limit(
    more: int, otherwise: int
) -> None:
    national = release_distribution("NL", OPTIONS, {"a": 300, "b": 200, "c": 30, "x": 5})
    here = release_local("7", OPTIONS, {"b": more, "a": otherwise})
    group = kraakvragen(WERKWIJZEN, "?", CountedFigures(national, here, None, "Zaanstad"))[-1]
    assert group.title == "Zaanstad kiest anders dan het land"
    assert not any(character.isdigit() for character in group.question)
