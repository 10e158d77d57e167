"""Covers: the drawing beside a card, or a pattern made from its slug."""

from pathlib import Path

from markupsafe import Markup

from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.covers.drawings import framed, read_drawing
from kopkrakers.catalogue.covers.patterns import pattern_of


def cover_of(card: Card, folder: Path) -> tuple[Markup, tuple[Fault, ...]]:
    """The cover a page shows, and what is wrong with the drawing when the pattern takes its place."""
    pattern = framed(pattern_of(card.slug))
    if card.cover is None:
        return pattern, ()
    try:
        return read_drawing((folder / card.cover).read_bytes()), ()
    except OSError:
        sentence = f"omslag: {card.cover} staat niet naast de kaart. Zet het bestand erbij of haal de regel weg."
        return pattern, (Fault(0, sentence),)
    except CardFaults as error:
        return pattern, tuple(
            Fault(0, f"omslag: {card.cover}, regel {fault.line}: {fault.sentence}")
            for fault in error.faults
        )
    except Exception as error:  # noqa: BLE001  a fault of this file, and of no other
        sentence = f"omslag: {card.cover} kan niet worden gelezen ({type(error).__name__})."
        return pattern, (Fault(0, sentence),)
