"""Covers: the drawing beside a card, or a pattern made from its slug."""

from pathlib import Path

import structlog
from markupsafe import Markup

from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.covers.drawings import framed, read_drawing
from kopkrakers.catalogue.covers.patterns import pattern_of

log = structlog.get_logger()


def cover_of(card: Card, folder: Path) -> tuple[Markup, tuple[Fault, ...]]:
    """Return the cover for a page, and the faults of a drawing whose place the pattern takes."""
    pattern = framed(pattern_of(card.slug))
    if card.cover is None:
        return pattern, ()
    try:
        return read_drawing((folder / card.cover).read_bytes()), ()
    except CardFaults as error:
        sentences = []
        for fault in error.faults:
            sentences.append(f", regel {fault.line}: {fault.sentence}")
    except OSError:
        sentences = [" staat niet naast de kaart. Zet het bestand erbij of haal de regel weg."]
    except Exception as error:  # noqa: BLE001  a fault of this file, and of no other
        log.error("cover_unreadable", kind=type(error).__name__)
        sentences = [" kan niet worden gelezen. Sla de tekening opnieuw op, als gewone svg."]
    return pattern, tuple(Fault(0, f"omslag: {card.cover}{words}") for words in sentences)
