"""Covers: the drawing beside a card, or a pattern made from its slug."""

from pathlib import Path

from markupsafe import Markup

from kopkrakers.catalogue.cards import Card
from kopkrakers.catalogue.faults import Fault


def cover_of(card: Card, folder: Path) -> tuple[Markup, tuple[Fault, ...]]:
    """The cover a page shows, and what is wrong with the drawing when that cannot be used."""
    if card.cover and not (folder / card.cover).is_file():
        return Markup(""), (Fault(0, f"omslag: het bestand {card.cover} staat niet naast de kaart."),)
    return Markup(""), ()
