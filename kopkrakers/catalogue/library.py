"""All cards of a folder and of the desk, read again when one changes; a fault harms no other."""

import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import structlog

from kopkrakers.base.db import Database
from kopkrakers.base.reasons.system import system_reason
from kopkrakers.catalogue.cards.card import Card, parse_card, says_withdrawn
from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.cards.themes import THEMES_FILE, themes_or
from kopkrakers.catalogue.covers.covers import cover_of
from kopkrakers.catalogue.stellingen.daily import daily_stellingen
from kopkrakers.catalogue.stored.reading import StoredCards, Version

REREAD_AFTER = 0.5
"""Seconds for which files and desk are not looked at again."""
DIFFERS = (
    "Dit bestand is anders dan de kaart van de redactie met deze naam. Die gaat voor. "
    "Haal haar op met: kopkrakers cards pull"
)
log = structlog.get_logger()
_Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class _Reading:
    """One file as it was read. `card` is the last good one when it is faulty; None without one."""

    card: Card | None
    withdrawn: bool
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class _Shelf:
    """All as it was last read. `cards` includes the withdrawn ones, `shown` does not."""

    stamps: Mapping[str, _Stamp]
    stored: Mapping[str, Version]
    themes: tuple[str, ...]
    cards: Mapping[str, Card]
    shown: Mapping[str, Card]
    withdrawn: frozenset[str]
    faults: Mapping[str, tuple[Fault, ...]]


_EMPTY = _Shelf({}, {}, (), {}, MappingProxyType({}), frozenset(), {})


class Library:
    """The cards of one folder and of the desk; of one slug that of the desk.

    Asking is cheap: files and desk are looked at once in `REREAD_AFTER` at most. `stellingen`:
    those that can be of a day, by slug.
    """

    def __init__(
        self,
        folder: Path,
        *,
        stored: StoredCards | None = None,
        stellingen: Mapping[str, Card] = MappingProxyType({}),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.stellingen = stellingen
        self._stored = stored
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._shelf = _read(folder, {}, _EMPTY)
        # the desk is asked at the first use: a database may not be there when this is made
        self._reread_at = monotonic()
        if stored is None:
            self._reread_at += REREAD_AFTER

    def card(self, slug: str) -> Card | None:
        """Return the card as it stands now; None when there is none or it was withdrawn."""
        return self._current().shown.get(slug) or self.stellingen.get(slug)

    def cards(self) -> Mapping[str, Card]:
        """Return every dilemma that is not withdrawn, by slug."""
        return self._current().shown

    def cards_of_chair(self, *, of_leaders: bool) -> Mapping[str, Card]:
        """Return those that are told by a leidinggevende, or all others, by slug."""
        of_chair = {}
        for slug, card in self.cards().items():
            if card.is_of_leaders == of_leaders:
                of_chair[slug] = card
        return of_chair

    def planned_cards(self) -> Mapping[str, Card]:
        """Return all that a day of the calendar can have, by slug: dilemmas and stellingen."""
        return {**self._current().shown, **self.stellingen}

    # D-24
    def is_withdrawn(self, slug: str) -> bool:
        """Whether the redactie took this dilemma away."""
        return slug in self._current().withdrawn

    def themes(self) -> tuple[str, ...]:
        """Return the themes a card chooses from, in the order of their file."""
        return self._current().themes

    def faults(self) -> Mapping[str, tuple[Fault, ...]]:
        """Return the faults by file name, without the files that have none."""
        return self._current().faults

    def _current(self) -> _Shelf:
        # one thread looks at the files; others get the cards as they were, without waiting
        if self._monotonic() >= self._reread_at and self._lock.acquire(blocking=False):
            try:
                self._shelf = _read(self.folder, self._of_desk(), self._shelf)
            except Exception as error:  # noqa: BLE001  readers keep the cards as they were
                log.error("cards_unreadable", folder=str(self.folder), kind=type(error).__name__)
            finally:
                self._reread_at = self._monotonic() + REREAD_AFTER
                self._lock.release()
        return self._shelf

    def _of_desk(self) -> Mapping[str, Version]:
        if self._stored is None:
            return {}
        return self._stored.published()


def _read(folder: Path, stored: Mapping[str, Version], old: _Shelf) -> _Shelf:
    stamps = _stamps(folder)
    # a folder that is away for a moment, as during an update, takes no dilemma from anyone
    if stamps is None or (stamps == old.stamps and stored == old.stored):
        return old
    themes, theme_faults = themes_or(folder, old.themes)
    faults_by_file = {THEMES_FILE: theme_faults}
    cards = {}
    withdrawn = set()
    of_desk = {f"{slug}.md" for slug in stored}
    for name in sorted(stamps.keys() | of_desk):
        if not name.endswith(".md"):
            continue
        slug = name.removesuffix(".md")
        kept = stored.get(slug)
        reading = _read_card(folder / name, kept, themes, old.cards.get(slug))
        faults_by_file[name] = reading.faults
        if reading.card:
            cards[slug] = reading.card
        if reading.withdrawn:
            withdrawn.add(slug)
    faults = {name: of_file for name, of_file in faults_by_file.items() if of_file}
    _log_faults(faults, old.faults)
    shown = {slug: card for slug, card in cards.items() if slug not in withdrawn}
    return _Shelf(
        stamps=stamps,
        stored=stored,
        themes=themes,
        cards=cards,
        shown=MappingProxyType(shown),
        withdrawn=frozenset(withdrawn),
        faults=MappingProxyType(faults),
    )


def _stamps(folder: Path) -> Mapping[str, _Stamp] | None:
    stamps: dict[str, _Stamp] = {}
    try:
        # entries and not paths: every process does this again and again
        with os.scandir(folder) as entries:
            read = [entry for entry in entries if _is_read(entry.name)]
        for entry in read:
            try:
                status = entry.stat()
            # it may be gone since it was listed: editors save by replacing
            except FileNotFoundError:
                continue
            # a link to itself: a fault of that card, and none of the folder
            except OSError:
                stamps[entry.name] = (0, 0, 0)
                continue
            # the number of the file too: a replaced one can have the same time and size
            stamps[entry.name] = (status.st_mtime_ns, status.st_size, status.st_ino)
    except OSError:
        log.error("cards_unreadable", folder=str(folder))
        return None
    return stamps


def _is_read(name: str) -> bool:
    return name.endswith((".md", ".svg")) or name == THEMES_FILE


def _read_card(
    path: Path, kept: Version | None, themes: tuple[str, ...], last_good: Card | None
) -> _Reading:
    text = ""
    try:
        if kept is None:
            text = read_text(path)
        else:
            text = kept[1]
        card = parse_card(path.stem, text, themes)
    except CardFaults as error:
        return _Reading(last_good, says_withdrawn(text), error.faults)
    cover, faults = cover_of(card, path.parent)
    if kept is not None and path.is_file():
        faults = (*faults, *_difference(path, text))
    return _Reading(replace(card, cover_svg=cover), card.withdrawn, faults)


def _difference(path: Path, text: str) -> tuple[Fault, ...]:
    """Return a fault where a file says something else than the card of the desk."""
    try:
        if read_text(path) == text:
            return ()
    except CardFaults as error:
        return error.faults
    return (Fault(0, DIFFERS),)


def library_of(folder: Path, database: Database) -> Library:
    """Return the cards of this folder together with those of the desk, and the stellingen."""
    return Library(folder, stored=StoredCards(database), stellingen=daily_stellingen())


def _log_faults(
    faults: Mapping[str, tuple[Fault, ...]], known: Mapping[str, tuple[Fault, ...]]
) -> None:
    for name, of_file in faults.items():
        # once, and not at every change of another file
        if of_file != known.get(name):
            sentences = []
            for fault in of_file:
                sentences.append(f"{fault.line}: {fault.sentence}")
            log.error("card_fault", file=name, faults=sentences)


def titles_of(cards: Mapping[str, Card]) -> dict[str, str]:
    """Return the titles of cards by their slug."""
    return {slug: card.title for slug, card in cards.items()}


def read_text(path: Path) -> str:
    """Return the text of a card file.

    Raises: CardFaults when it cannot be read or is not UTF-8.
    """
    # of a pipe nothing comes, and whoever reads it waits for ever
    if path.exists() and not path.is_file():
        raise CardFaults([Fault(0, "Dit is geen gewoon bestand.")])
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        sentence = "Dit bestand is geen UTF-8. Sla het op met de codering UTF-8."
    except OSError as error:
        sentence = f"Dit bestand kan niet worden gelezen: {system_reason(error)}."
    raise CardFaults([Fault(0, sentence)])


def theme_of_each(cards: Mapping[str, Card]) -> dict[str, str]:
    """Return the theme of each card by its slug."""
    return {slug: card.theme for slug, card in cards.items()}
