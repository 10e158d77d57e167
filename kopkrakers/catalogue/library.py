"""All cards of a folder, read again when a file changes. A faulty card never takes the others along."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import structlog

from kopkrakers.catalogue.cards.card import Card, parse_card, says_withdrawn
from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.cards.themes import THEMES_FILE, read_themes
from kopkrakers.catalogue.covers.covers import cover_of

LOOK_AGAIN = 1.0
"""Seconds between two looks at the folder."""
_log = structlog.get_logger(__name__)
_Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class _Reading:
    """What one file gave. `card` is the last good one when the file is faulty; None when there never was one."""

    card: Card | None
    withdrawn: bool
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class _Shelf:
    """The folder as last read. `cards` holds the withdrawn ones too, `shown` does not."""

    stamps: Mapping[str, _Stamp]
    themes: tuple[str, ...]
    cards: Mapping[str, Card]
    shown: Mapping[str, Card]
    withdrawn: frozenset[str]
    faults: Mapping[str, tuple[Fault, ...]]


_EMPTY = _Shelf({}, (), {}, MappingProxyType({}), frozenset(), {})


class Library:
    """The cards of one folder. Looking is cheap: the files are looked at once a second at most."""

    def __init__(self, folder: Path, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.folder = folder
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._shelf = _read(folder, _EMPTY)
        self._look_at = monotonic() + LOOK_AGAIN

    def card(self, slug: str) -> Card | None:
        """The card as it stands now; None when there is none or it was withdrawn."""
        return self._current().shown.get(slug)

    def cards(self) -> Mapping[str, Card]:
        """Every card that is not withdrawn, by slug."""
        return self._current().shown

    def is_withdrawn(self, slug: str) -> bool:
        """Whether the redactie took this dilemma away."""
        return slug in self._current().withdrawn

    def themes(self) -> tuple[str, ...]:
        """The themes a card chooses from, in the order of their file."""
        return self._current().themes

    def faults(self) -> Mapping[str, tuple[Fault, ...]]:
        """What is wrong, by file name; a file without faults is not in it."""
        return self._current().faults

    def _current(self) -> _Shelf:
        if self._monotonic() >= self._look_at and self._lock.acquire(blocking=False):
            try:
                self._shelf = _read(self.folder, self._shelf)
            except Exception as error:  # noqa: BLE001  readers keep the cards as they were
                _log.error("cards_unreadable", folder=str(self.folder), kind=type(error).__name__)
            finally:
                self._look_at = self._monotonic() + LOOK_AGAIN
                self._lock.release()
        return self._shelf


def _read(folder: Path, old: _Shelf) -> _Shelf:
    stamps = _stamps(folder)
    if stamps is None or stamps == old.stamps:
        return old
    themes, theme_faults = _themes(folder, old.themes)
    readings = {
        name: _read_card(folder / name, themes, old.cards.get(name.removesuffix(".md")))
        for name in sorted(stamps)
        if name.endswith(".md")
    }
    faults = {name: reading.faults for name, reading in readings.items()} | {
        THEMES_FILE: theme_faults
    }
    _log_faults(faults, old.faults)
    cards = {reading.card.slug: reading.card for reading in readings.values() if reading.card}
    withdrawn = frozenset(
        name.removesuffix(".md") for name, reading in readings.items() if reading.withdrawn
    )
    return _Shelf(
        stamps=stamps,
        themes=themes,
        cards=cards,
        shown=MappingProxyType(
            {slug: card for slug, card in cards.items() if slug not in withdrawn}
        ),
        withdrawn=withdrawn,
        faults=MappingProxyType({name: found for name, found in faults.items() if found}),
    )


def _stamps(folder: Path) -> Mapping[str, _Stamp] | None:
    stamps: dict[str, _Stamp] = {}
    try:
        for path in folder.iterdir():
            if path.suffix in (".md", ".svg") or path.name == THEMES_FILE:
                with suppress(FileNotFoundError):
                    status = path.stat()
                    stamps[path.name] = (status.st_mtime_ns, status.st_size, status.st_ino)
    except OSError:
        _log.error("cards_unreadable", folder=str(folder))
        return None
    return stamps


def _themes(folder: Path, last_good: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Fault, ...]]:
    try:
        return read_themes(folder), ()
    except CardFaults as error:
        return last_good, error.faults


def _read_card(path: Path, themes: tuple[str, ...], last_good: Card | None) -> _Reading:
    text = ""
    try:
        text = read_text(path)
        card = parse_card(path.stem, text, themes)
    except CardFaults as error:
        return _Reading(last_good, says_withdrawn(text), error.faults)
    cover, faults = cover_of(card, path.parent)
    return _Reading(replace(card, cover_svg=cover), card.withdrawn, faults)


def _log_faults(
    faults: Mapping[str, tuple[Fault, ...]], known: Mapping[str, tuple[Fault, ...]]
) -> None:
    for name, found in faults.items():
        if found and found != known.get(name):
            _log.error(
                "card_fault",
                file=name,
                faults=[f"{fault.line}: {fault.sentence}" for fault in found],
            )


def read_text(path: Path) -> str:
    """The text of a card file.

    Raises: CardFaults when it cannot be read or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise CardFaults(
            [Fault(0, "Dit bestand is geen UTF-8. Sla het op met de codering UTF-8.")]
        ) from None
    except OSError as error:
        raise CardFaults(
            [Fault(0, f"Dit bestand kan niet worden gelezen: {error.strerror}.")]
        ) from None
