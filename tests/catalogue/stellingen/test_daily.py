"""Stellingen of the day as cards: the wording that is counted, and names that cannot be mixed."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from kopkrakers.catalogue.cards.card import CardKind, is_slug, parse_card
from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.catalogue.stellingen.commands import stelling
from kopkrakers.catalogue.stellingen.daily import daily_stellingen, kept_card
from kopkrakers.catalogue.stellingen.reading import stellingen_folder, stellingen_sets
from kopkrakers.intervisie.session.cases import STELLING_OPTIONS

SLUG = "stelling-proberen-mag"
SOURCE = (stellingen_folder() / "ruimte-in-de-regels.yaml").read_text(encoding="utf-8")
CARD = (Path(__file__).parents[2] / "cards" / "een-plek.md").read_text(encoding="utf-8")


def test_ours_are_enough_for_a_year_and_each_is_one_sentence_with_three_answers() -> None:
    cards = daily_stellingen()
    assert len(cards) >= 26
    for slug, card in cards.items():
        assert is_slug(slug) and card.kind is CardKind.STELLING and card.slug == slug
        assert card.option_codes == ("a", "b", "c")
        assert card.questions[0] and card.research[0].source and card.cover_svg


def test_only_those_that_say_so_are_of_a_day() -> None:
    wanted = set()
    for of_set in stellingen_sets().values():
        wanted |= {f"stelling-{one.code}" for one in of_set.stellingen if one.of_the_day}
    assert set(daily_stellingen()) == wanted
    assert "stelling-leren-op-de-werkplek" not in wanted


def test_the_answers_are_those_of_a_session_in_the_same_order() -> None:
    answers = [(option.code, option.label) for option in daily_stellingen()[SLUG].options]
    assert answers == [(option.code, option.label) for option in STELLING_OPTIONS]


def test_the_kept_wording_gives_the_same_card_again() -> None:
    card = daily_stellingen()[SLUG]
    kept = kept_card(SLUG, card.source)
    assert (kept.title, kept.digest, kept.option_codes) == (
        card.title,
        card.digest,
        card.option_codes,
    )


def test_another_stelling_of_the_set_changes_nothing_and_other_words_change_the_digest() -> None:
    card = kept_card(SLUG, SOURCE)
    beside = SOURCE.replace("Maatwerk begint met overleg", "Maatwerk begint vaak met overleg")
    assert kept_card(SLUG, beside).digest == card.digest
    other = SOURCE.replace("Ik mag iets nieuws proberen", "Ik mag altijd iets nieuws proberen")
    assert kept_card(SLUG, other).digest != card.digest


def test_a_set_without_the_stelling_cannot_be_read_as_its_wording() -> None:
    with pytest.raises(CardFaults):
        kept_card("stelling-nergens", SOURCE)


def test_no_dilemma_can_take_the_name_of_a_stelling() -> None:
    with pytest.raises(CardFaults) as refused:
        parse_card(SLUG, CARD, None)
    assert "is van een stelling" in refused.value.faults[0].sentence


def test_a_sentence_under_another_code_in_another_file_is_refused(tmp_path: Path) -> None:
    """Counted under another code it would look as if nobody had answered it before."""
    again = SOURCE.replace("  - code: ", "  - code: nog-eens-").replace(
        "Ik mag iets", "ik mág iets"
    )
    for name, text in (("een.yaml", SOURCE), ("twee.yaml", again)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [str(path) for path in sorted(tmp_path.iterdir())]
    result = CliRunner().invoke(stelling, ["check", *paths])
    assert result.exit_code == 1
    assert "twee.yaml: ‘ik mág iets nieuws proberen" in result.output
    assert "staat ook in een.yaml." in result.output
