"""Dates of sources as a page shows them."""

import pytest

from kopkrakers.base.config import asset_folder
from kopkrakers.catalogue.dates import date_in_words
from kopkrakers.catalogue.library import Library


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2017", "2017"),
        ("2017-04", "april 2017"),
        ("2017-04-24", "24 april 2017"),
        ("gelezen november 2026", "gelezen november 2026"),
        ("cijfers 2008-2012", "cijfers 2008-2012"),
    ],
)
def test_a_date_is_shown_in_words(written: str, shown: str) -> None:
    assert date_in_words(written) == shown


def test_every_date_of_every_card_can_be_shown() -> None:
    cards = Library(asset_folder("dilemmas")).cards().values()
    shown = {
        date_in_words(item.date)
        for card in cards
        for item in (*card.research, *card.law, *card.client)
    }
    assert not any(part.count("-") == 2 for part in shown)
