"""What a card shows before the choice."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from kopkrakers.answers.pages.views import card_view
from kopkrakers.catalogue.cards.card import Card, parse_card

DAY = date(2026, 11, 23)
SOURCE = (Path(__file__).parents[2] / "cards" / "een-plek.md").read_text(encoding="utf-8")


def a_card() -> Card:
    return parse_card("een-plek", SOURCE, None)


def test_a_card_for_managers_says_whose_chair_it_is() -> None:
    assert not card_view(a_card(), 1, DAY).for_managers_only
    assert not card_view(
        replace(a_card(), audience=("klantmanager", "leidinggevende")), 1, DAY
    ).for_managers_only
    assert card_view(replace(a_card(), audience=("leidinggevende",)), 1, DAY).for_managers_only
