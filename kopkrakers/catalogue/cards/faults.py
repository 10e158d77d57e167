"""Faults of a card file: the line, and a Dutch sentence that says what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog

log = structlog.get_logger()


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong. `line` counts from 1; 0 is the file as a whole."""

    line: int
    sentence: str


class CardFaults(Exception):
    """A card or its cover cannot be used; `faults` says why, in the order of the lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("; ".join(f"{fault.line}: {fault.sentence}" for fault in self.faults))


def unreadable(error: Exception) -> CardFaults:
    """Return what to say of a file that broke its reader in a way that nobody foresaw."""
    log.error("card_unreadable", kind=type(error).__name__)
    return CardFaults([Fault(0, "Deze kaart kan niet worden gelezen. Maak hem eenvoudiger.")])
