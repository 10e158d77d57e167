"""A right card as text, and the same card with one thing changed."""

from datetime import date
from pathlib import Path

from kopkrakers.catalogue.cards.card import Card, parse_card
from kopkrakers.catalogue.cards.faults import CardFaults, Fault

CARDS = Path(__file__).parents[1] / "cards"
RIGHT = (CARDS / "een-plek.md").read_text(encoding="utf-8")
THEMES = ("Werk en verdringing", "Samen wonen", "Bijverdienen")
TODAY = date(2026, 11, 23)


def changed(old: str, new: str) -> str:
    """The right card with the first `old` replaced; `old` must be there."""
    assert old in RIGHT
    return RIGHT.replace(old, new, 1)


def parsed(text: str) -> Card:
    return parse_card("een-plek", text, THEMES)


def faults_in(text: str, slug: str = "een-plek") -> tuple[Fault, ...]:
    """Return the faults of a card; none when it is right."""
    try:
        parse_card(slug, text, THEMES)
    except CardFaults as error:
        return error.faults
    return ()


def line_of(part: str, text: str = RIGHT) -> int:
    """The line on which a part of a card's text stands."""
    return text[: text.index(part)].count("\n") + 1
