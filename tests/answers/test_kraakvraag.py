"""Which kraakvraag a page carries, and which of its variants a browser shows to whom."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kopkrakers.answers.kraakvraag import (
    CountedFigures,
    Pattern,
    Variant,
    WerkwijzeName,
    kraakvragen,
    most_chosen,
)
from kopkrakers.privacy.release import (
    ReleasedDistribution,
    ReleasedTable,
    release_distribution,
    release_table,
)

CODES = ("a", "b", "c", "x")
WERKWIJZEN = tuple(WerkwijzeName(code, f"Ik doe {code}") for code in CODES[:-1])
QUESTION = "Wat weegt bij jou het zwaarst?"
COUNTS = st.lists(st.integers(0, 60), min_size=4, max_size=4)


def figures(
    national: Sequence[int],
    gemeente: Sequence[int] = (0, 0, 0, 0),
    reasons: Sequence[Sequence[int]] = (),
) -> CountedFigures:
    """CountedFigures from plain numbers in the order a, b, c, x; reasons in the order w, r, b."""
    table = {
        reason: dict(zip(CODES, counts, strict=True))
        for reason, counts in zip("wrb", reasons, strict=False)
    }
    return CountedFigures(
        national=distribution("NL", national),
        local=distribution("7", gemeente),
        considerations=release_table("consideration", CODES, table),
        local_name="Zaanstad",
    )


def distribution(scope: str, counts: Sequence[int]) -> ReleasedDistribution | None:
    return release_distribution(scope, CODES, dict(zip(CODES, counts, strict=True)))


def shown(variants: Sequence[Variant], option: str, expected: str) -> Variant:
    """Choose as the browser: the first variant whose lists hold the own choice and expectation."""
    return next(
        variant
        for variant in variants
        if (variant.options is None or option in variant.options)
        and (variant.expected is None or expected in variant.expected)
    )


def pattern(given: CountedFigures, option: str = "a", expected: str = "-") -> Pattern:
    return shown(kraakvragen(WERKWIJZEN, QUESTION, given), option, expected).pattern


DIVIDED = (40, 30, 30, 0)
UNITED = (90, 5, 5, 0)
ONE_REASON = ((90, 3, 3, 0), (0, 2, 2, 0), (0, 0, 0, 0))
TWO_REASONS = ((45, 3, 3, 0), (0, 2, 2, 0), (45, 0, 0, 0))


@pytest.mark.parametrize(
    ("given", "option", "expected", "wanted"),
    [
        (figures((10, 5, 4, 0)), "b", "b", Pattern.OWN_QUESTION),
        (figures((0, 0, 0, 0)), "a", "a", Pattern.OWN_QUESTION),
        (figures((11, 5, 4, 0)), "a", "b", Pattern.EXPECTED_OTHERWISE),
        (figures((11, 5, 4, 0)), "x", "b", Pattern.EXPECTED_OTHERWISE),
        (figures((11, 5, 4, 0)), "b", "a", Pattern.CHOSE_OTHERWISE),
        (figures((11, 5, 4, 0)), "b", "-", Pattern.CHOSE_OTHERWISE),
        (figures((11, 5, 4, 0)), "x", "-", Pattern.CHOSE_OTHERWISE),
        (figures(DIVIDED, (5, 15, 0, 0)), "a", "a", Pattern.GEMEENTE_DIFFERS),
        (figures(UNITED, (12, 4, 4, 0)), "a", "a", Pattern.GEMEENTE_DIFFERS),
        (figures(DIVIDED, (5, 14, 0, 0)), "a", "a", Pattern.DIVIDED),
        (figures(DIVIDED, (8, 6, 6, 0)), "a", "a", Pattern.DIVIDED),
        (figures((55, 25, 20, 0)), "a", "a", Pattern.DIVIDED),
        (figures((56, 24, 20, 0)), "a", "a", Pattern.UNITED),
        (figures(UNITED, reasons=TWO_REASONS), "a", "a", Pattern.OTHER_REASONS),
        (figures(UNITED, reasons=ONE_REASON), "a", "-", Pattern.UNITED),
        (figures(UNITED), "a", "-", Pattern.UNITED),
    ],
)
def test_the_first_pattern_that_fits_is_chosen(
    given: CountedFigures, option: str, expected: str, wanted: Pattern
) -> None:
    assert pattern(given, option, expected) is wanted


def test_iets_anders_is_never_the_most_chosen() -> None:
    given = figures((30, 20, 10, 40))
    assert given.national is not None and most_chosen(given.national) is None
    assert {pattern(given, option, "b") for option in CODES} == {Pattern.DIVIDED}


def test_a_tie_has_no_most_chosen() -> None:
    assert {pattern(figures((30, 30, 10, 0)), option, "c") for option in CODES} == {Pattern.DIVIDED}


def test_who_chose_with_the_most_but_expected_otherwise_is_told_they_are_not_alone() -> None:
    variants = kraakvragen(WERKWIJZEN, QUESTION, figures(UNITED))
    assert shown(variants, "a", "b").title == "Je staat minder alleen dan je dacht"
    assert shown(variants, "c", "b").title == "Collega’s kiezen vaker A dan jij verwachtte"


def test_de_meesten_are_more_than_half() -> None:
    """The largest group of four can be far fewer than that."""
    titles = {}
    for national in ((50, 25, 25, 0), (51, 25, 24, 0)):
        variants = kraakvragen(WERKWIJZEN, QUESTION, figures(national))
        titles[national[0]] = shown(variants, "b", "-").title
    assert titles == {
        50: "Jij kiest anders dan de grootste groep",
        51: "Jij kiest anders dan de meesten",
    }


def test_under_figures_of_one_gemeente_it_is_said_whose_choices_are_meant() -> None:
    """There most may choose another werkwijze than in all gemeenten together."""
    for gemeente, begin in (
        ((0, 0, 0, 0), "Collega’s kiezen"),
        ((5, 15, 0, 0), "Landelijk kiezen collega’s"),
    ):
        variants = kraakvragen(WERKWIJZEN, QUESTION, figures(DIVIDED, gemeente))
        personal = [variant for variant in variants if not variant.is_group]
        assert len(personal) == 4
        for variant in personal:
            assert variant.question.startswith(f"{begin} het vaakst ")


@pytest.mark.parametrize("reasons", [ONE_REASON, TWO_REASONS])
def test_also_the_question_for_everyone_says_whose_most_are_meant(
    reasons: Sequence[Sequence[int]],
) -> None:
    for gemeente, begin in (
        ((0, 0, 0, 0), "De meesten kiezen"),
        ((18, 1, 1, 0), "Landelijk kiezen de meesten"),
    ):
        variants = kraakvragen(WERKWIJZEN, QUESTION, figures(UNITED, gemeente, reasons))
        assert variants[-1].question.startswith(f"{begin} A ")


def test_the_other_side_to_defend_is_the_werkwijze_chosen_least() -> None:
    assert (
        "B (‘Ik doe b’)"
        in shown(kraakvragen(WERKWIJZEN, QUESTION, figures((90, 2, 8, 0))), "a", "a").question
    )


def test_below_the_minimum_the_card_asks_its_own_question() -> None:
    assert [
        variant.title for variant in kraakvragen(WERKWIJZEN, QUESTION, figures((10, 5, 4, 0)))
    ] == [QUESTION]


@given(COUNTS, COUNTS, st.lists(COUNTS, min_size=0, max_size=3))
def test_everyone_is_shown_exactly_one_and_only_the_last_fits_all(
    national: list[int], gemeente: list[int], reasons: list[list[int]]
) -> None:
    variants = kraakvragen(WERKWIJZEN, QUESTION, figures(national, gemeente, reasons))
    assert [variant.is_group for variant in variants] == [False] * (len(variants) - 1) + [True]
    for option in CODES:
        for expected in ("a", "b", "c", "-"):
            assert shown(variants, option, expected).title


@given(COUNTS, COUNTS)
def test_no_personal_variant_is_out_of_reach(national: list[int], gemeente: list[int]) -> None:
    variants = kraakvragen(WERKWIJZEN, QUESTION, figures(national, gemeente))
    reached = {
        shown(variants, option, expected) for option in CODES for expected in ("a", "b", "c", "-")
    }
    assert reached == set(variants)


@given(COUNTS, st.sampled_from(CODES), st.sampled_from(("a", "b", "c", "-")))
def test_a_personal_pattern_is_true_for_whom_it_is_shown(
    national: list[int], option: str, expected: str
) -> None:
    given = figures(national)
    found = pattern(given, option, expected)
    most = most_chosen(given.national) if given.national else None
    if found is Pattern.EXPECTED_OTHERWISE:
        assert most is not None and expected not in (most, "-")
    if found is Pattern.CHOSE_OTHERWISE:
        assert most is not None and option != most and expected in (most, "-")


@given(COUNTS)
def test_divided_and_united_exclude_each_other(national: list[int]) -> None:
    given = figures(national)
    if sum(national) < 20:
        return
    above = max(national[:3]) * 100 > 55 * sum(national)
    assert kraakvragen(WERKWIJZEN, QUESTION, given)[-1].pattern is (
        Pattern.UNITED if above else Pattern.DIVIDED
    )


def test_a_table_without_a_consideration_is_no_reason_to_fail() -> None:
    table = ReleasedTable("consideration", ("-",), CODES, {"-": dict.fromkeys(CODES, "20")})
    given = CountedFigures(distribution("NL", UNITED), None, table, "Zaanstad")
    assert pattern(given) is Pattern.UNITED
