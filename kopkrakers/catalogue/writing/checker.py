"""Checks cards of files and of the desk: alone, beside each other, against counted wordings."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kopkrakers.base.typed import fold
from kopkrakers.catalogue.cards.card import Card, parse_card
from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.cards.keywords import advise_keywords, read_keywords
from kopkrakers.catalogue.cards.themes import themes_or
from kopkrakers.catalogue.covers.covers import cover_of
from kopkrakers.catalogue.covers.drawings import read_drawing
from kopkrakers.catalogue.editions.beginning import BEGINNING_FILE, read_beginning
from kopkrakers.catalogue.editions.editions import PublishedEdition, wording_slipped
from kopkrakers.catalogue.library import DIFFERS, read_text
from kopkrakers.catalogue.writing.advice import advise
from kopkrakers.catalogue.writing.comparing import compare

AT_DESK = Path("redactie")
NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class CheckReport:
    """The faults of one file, and the advice on it. `is_due`: its facts must be checked again.

    The path of a card of the desk begins with `AT_DESK`: there is no such file.
    """

    path: Path
    faults: tuple[Fault, ...]
    advice: tuple[Fault, ...] = ()
    is_due: bool = False


def check_files(
    paths: Sequence[Path],
    today: date,
    *,
    counted: Mapping[str, PublishedEdition] = NOTHING,
    stored: Mapping[str, str] = NOTHING,
) -> list[CheckReport]:
    """Return a report for each file, in the given order.

    `counted`: the last edition of each dilemma, and `stored`: the published texts of the desk,
    both from the database. A file is compared with all cards of its folder and of the desk, also
    those not asked for.
    """
    # each folder is read once, not once for every file in it
    asked = {path.parent for path in paths}
    folders = {folder: _read_folder(folder, stored) for folder in asked}
    reports = []
    for path in paths:
        reports.append(_check(path, folders[path.parent], today, counted))
    return reports


def check_stored(
    folder: Path,
    stored: Mapping[str, str],
    today: date,
    *,
    counted: Mapping[str, PublishedEdition] = NOTHING,
) -> list[CheckReport]:
    """Return a report for each card of the desk, beside the files of a folder. As `check_files`."""
    beside = _read_folder(folder, stored)
    reports = []
    for slug, text in sorted(stored.items()):
        path = AT_DESK / f"{slug}.md"
        reports.append(_check_card(path, text, beside, today, counted))
    return reports


@dataclass(frozen=True)
class _Folder:
    """A folder with its themes, and the names and cards of it and of the desk.

    `stored`: the texts of the desk, by slug; they go before a file of the same name.
    """

    path: Path
    themes: Sequence[str] | None
    theme_faults: tuple[Fault, ...]
    twins: Mapping[str, Collection[str]]
    stored: Mapping[str, str]
    cards: Mapping[str, Card]
    advice: Mapping[str, tuple[Fault, ...]]
    keywords: Sequence[str]


def _read_folder(folder: Path, stored: Mapping[str, str]) -> _Folder:
    themes, theme_faults = themes_or(folder, None)
    cards: dict[str, Card] = {}
    names = {path.stem for path in folder.glob("*.md")} | stored.keys()
    for slug in sorted(names):
        # a card with a fault is left out here, and named when it is checked itself
        with suppress(CardFaults):
            text = stored.get(slug) or read_text(folder / f"{slug}.md")
            cards[slug] = parse_card(slug, text, themes)
    return _Folder(
        path=folder,
        themes=themes,
        theme_faults=theme_faults,
        twins=_twins(names),
        stored=stored,
        cards=cards,
        advice=compare(cards),
        keywords=read_keywords(folder),
    )


def _check(
    path: Path, folder: _Folder, today: date, counted: Mapping[str, PublishedEdition]
) -> CheckReport:
    if path.suffix == ".svg":
        return _check_drawing(path)
    if path.name == BEGINNING_FILE:
        return _check_beginning(path, folder.cards)
    try:
        text = read_text(path)
    except CardFaults as error:
        return CheckReport(path, error.faults)
    # the rest of such a file matters to nobody
    if folder.stored.get(path.stem, text) != text:
        return CheckReport(path, (Fault(0, DIFFERS),))
    return _check_card(path, text, folder, today, counted)


def _check_card(
    path: Path,
    text: str,
    folder: _Folder,
    today: date,
    counted: Mapping[str, PublishedEdition],
) -> CheckReport:
    # of an unreadable file of themes every card hears: it may be the only file that is asked for
    faults = {*folder.theme_faults, *_twin_faults(path, folder.twins)}
    try:
        card = parse_card(path.stem, text, folder.themes)
    except CardFaults as error:
        return CheckReport(path, tuple(sorted(faults | set(error.faults))))
    faults.update(cover_of(card, folder.path)[1], edition_faults(card, counted.get(card.slug)))
    advice = {*advise(card, today), *folder.advice.get(card.slug, ())}
    advice.update(advise_keywords(card, folder.keywords))
    return CheckReport(path, tuple(sorted(faults)), tuple(sorted(advice)), card.is_due(today))


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


def _twins(slugs: Iterable[str]) -> Mapping[str, Collection[str]]:
    twins: defaultdict[str, list[str]] = defaultdict(list)
    for slug in sorted(slugs):
        twins[likeness(slug)].append(f"{slug}.md")
    return twins


def _twin_faults(path: Path, twins: Mapping[str, Collection[str]]) -> Iterable[Fault]:
    for name in twins.get(likeness(path.stem), ()):
        if name != path.name:
            sentence = f"Er is al een kaart met bijna dezelfde naam: {name}."
            yield Fault(0, f"{sentence} Geef er één een andere naam.")


def likeness(name: str) -> str:
    """Return a file name without what people overlook: capitals, accents, separators of words."""
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-")
