"""Checks card files before they go live: alone, beside each other, and against counted wordings."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kopkrakers.base.typed import fold
from kopkrakers.catalogue.cards.card import Card, parse_card
from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.cards.keywords import advise_keywords, read_keywords
from kopkrakers.catalogue.cards.themes import themes_or
from kopkrakers.catalogue.covers.covers import cover_of
from kopkrakers.catalogue.covers.drawings import read_drawing
from kopkrakers.catalogue.editions.beginning import BEGINNING_FILE, read_beginning
from kopkrakers.catalogue.editions.editions import PublishedEdition, wording_slipped
from kopkrakers.catalogue.library import read_text
from kopkrakers.catalogue.writing.advice import advise
from kopkrakers.catalogue.writing.comparing import compare


@dataclass(frozen=True)
class CheckReport:
    """The faults of one file, and the advice on it. `is_due`: its facts must be checked again."""

    path: Path
    faults: tuple[Fault, ...]
    advice: tuple[Fault, ...] = ()
    is_due: bool = False


def check_files(
    paths: Sequence[Path], today: date, *, counted: Mapping[str, PublishedEdition] | None = None
) -> list[CheckReport]:
    """Return a report for each file, in the given order.

    `counted`: the last edition of each dilemma, from the database. A file is compared with all
    cards of its folder, also those not asked for.
    """
    # each folder is read once, not once for every file in it
    asked = {path.parent for path in paths}
    folders = {folder: _read_folder(folder) for folder in asked}
    return [_check(path, folders[path.parent], today, counted or {}) for path in paths]


@dataclass(frozen=True)
class _Folder:
    """The themes, names and other cards of a folder that a file is held against."""

    themes: Sequence[str] | None
    theme_faults: tuple[Fault, ...]
    twins: Mapping[str, list[str]]
    cards: Mapping[str, Card]
    advice: Mapping[str, tuple[Fault, ...]]
    keywords: Sequence[str]


def _read_folder(folder: Path) -> _Folder:
    themes, theme_faults = themes_or(folder, None)
    cards: dict[str, Card] = {}
    for path in sorted(folder.glob("*.md")):
        # a card with a fault is left out here, and named when it is checked itself
        with suppress(CardFaults):
            cards[path.stem] = parse_card(path.stem, read_text(path), themes)
    return _Folder(
        themes, theme_faults, _twins(folder), cards, compare(cards), read_keywords(folder)
    )


def _check(
    path: Path, folder: _Folder, today: date, counted: Mapping[str, PublishedEdition]
) -> CheckReport:
    if path.suffix == ".svg":
        return _check_drawing(path)
    if path.name == BEGINNING_FILE:
        return _check_beginning(path, folder.cards)
    report = _check_card(path, folder.themes, today, counted)
    # of an unreadable file of themes every card hears: it may be the only file that is asked for
    faults = (*folder.theme_faults, *_twin_faults(path, folder.twins), *report.faults)
    advice = [*report.advice, *folder.advice.get(path.stem, ())]
    if path.stem in folder.cards:
        advice += advise_keywords(folder.cards[path.stem], folder.keywords)
    return CheckReport(path, tuple(sorted(set(faults))), tuple(sorted(set(advice))), report.is_due)


def _check_card(
    path: Path, themes: Sequence[str] | None, today: date, counted: Mapping[str, PublishedEdition]
) -> CheckReport:
    try:
        card = parse_card(path.stem, read_text(path), themes)
    except CardFaults as error:
        return CheckReport(path, error.faults)
    faults = (*cover_of(card, path.parent)[1], *edition_faults(card, counted.get(card.slug)))
    return CheckReport(path, tuple(faults), advise(card, today), card.is_due(today))


def _check_drawing(path: Path) -> CheckReport:
    try:
        read_drawing(path.read_bytes())
    except CardFaults as error:
        return CheckReport(path, error.faults)
    return CheckReport(path, ())


def _check_beginning(path: Path, cards: Mapping[str, Card]) -> CheckReport:
    try:
        beginning = read_beginning(path.parent)
    except CardFaults as error:
        return CheckReport(path, error.faults)
    faults = []
    for slug in (*beginning.first_days, *beginning.starters):
        if slug not in cards:
            faults.append(Fault(0, f"De kaart ‘{slug}’ bestaat niet. Kijk de naam na."))
    return CheckReport(path, tuple(faults))


def edition_faults(card: Card, last: PublishedEdition | None) -> Iterable[Fault]:
    """Yield a fault where words changed that were counted, under the number they were counted by.

    `last`: the last edition of the dilemma, None before the first.
    """
    if last is None:
        return
    line = 1 + card.source.split("\neditie:")[0].count("\n") + 1
    # the totals of an edition belong to the words that people read when they chose (D-7)
    if card.edition < last.card_edition:
        sentence = f"editie: deze kaart is al geteld als editie {last.card_edition}. Ga niet terug."
        yield Fault(line, sentence)
    elif wording_slipped(card, last):
        sentence = (
            "editie: titel, verhaal, werkwijzen of vervolg zijn anders dan wat al geteld is. "
            f"Maak hier {last.card_edition + 1} van, of zet de oude woorden terug."
        )
        yield Fault(line, sentence)


def _twins(folder: Path) -> Mapping[str, list[str]]:
    twins: defaultdict[str, list[str]] = defaultdict(list)
    for path in folder.glob("*.md"):
        twins[likeness(path.stem)].append(path.name)
    return twins


def _twin_faults(path: Path, twins: Mapping[str, list[str]]) -> Iterable[Fault]:
    for name in sorted(twins.get(likeness(path.stem), [])):
        if name != path.name:
            sentence = f"Er is al een kaart met bijna dezelfde naam: {name}."
            yield Fault(0, f"{sentence} Geef er één een andere naam.")


def likeness(name: str) -> str:
    """Return a file name without what people overlook: capitals, accents, separators of words."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
