"""The archive as one person sees it: published dilemmas, each with the state of their turn."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from kopkrakers.answers.pages.archive.covers import CoverSheet, cover_sheet
from kopkrakers.answers.pages.views import STANDINGS, said_of
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import Turn, turns_of
from kopkrakers.base.paging import ListPage, list_page
from kopkrakers.catalogue.editions.archive import ArchiveEntry, archive
from kopkrakers.catalogue.editions.chapters import told_on
from kopkrakers.catalogue.library import Library
from kopkrakers.catalogue.stellingen.daily import THEME

TURNS = {"": "Alles", "nieuw": "Nog niet beantwoord", "gedaan": "Al beantwoord"}
EDITIONS = {"": "Alles", "open": "Open", "gesloten": "Gesloten"}

ON_A_PAGE = 40
"""Dilemmas on a page: two months of working days, and under 600 nodes for a phone to lay out."""


@dataclass(frozen=True)
class ArchiveQuery:
    """A search in the archive; empty is everything."""

    theme: str = ""
    words: str = ""
    turn: str = ""
    edition: str = ""
    page: int = 1

    @property
    def narrows(self) -> bool:
        """Whether more is asked than words: then the form stands open."""
        return bool(self.theme or self.turn or self.edition)

    def as_parameters(self) -> dict[str, Any]:
        """Return the parameters of an address that finds the same, without what is empty.

        The page is not in it: another search begins at the first.
        """
        parameters = {
            "thema": self.theme,
            "zoek": self.words,
            "beurt": self.turn,
            "editie": self.edition,
        }
        # what is empty would make a long address that says the same
        return {name: value for name, value in parameters.items() if value}


@dataclass(frozen=True)
class ShelfItem:
    """A dilemma in the archive. `standing`: words for the own turn, empty while it is unused.

    `unfolds`: a chapter of it was told.
    """

    slug: str
    title: str
    theme: str
    opens_on: date
    is_open: bool
    standing: str
    unfolds: bool = False


@dataclass(frozen=True)
class Shelf:
    """The archive as one person sees it, with the choices of its form."""

    query: ArchiveQuery
    themes: tuple[tuple[str, str], ...]
    page: ListPage[ShelfItem]
    covers: CoverSheet
    turns: tuple[tuple[str, str], ...] = tuple(TURNS.items())
    editions: tuple[tuple[str, str], ...] = tuple(EDITIONS.items())

    @property
    def months(self) -> list[tuple[date, list[ShelfItem]]]:
        """Return the page by the month in which items opened: its first day, and those of it."""
        items_by_day: dict[date, list[ShelfItem]] = {}
        for item in self.page.items:
            items_by_day.setdefault(item.opens_on.replace(day=1), []).append(item)
        return list(items_by_day.items())


def shelf_of(
    session: Session, library: Library, query: ArchiveQuery, *, voter: Voter, today: date
) -> Shelf:
    """Return the dilemmas of the archive that this person looks for, newest first."""
    published = archive(session, library, today)
    last = [(entry.card.slug, entry.edition_number) for entry in published]
    turns = turns_of(session, voter, last)
    told = told_on(session, today)
    items = []
    for entry in published:
        if not entry.suits(theme=query.theme, words=query.words):
            continue
        place = (entry.card.slug, entry.edition_number)
        item = _item(entry, turns.get(place, Turn.NONE), unfolds=place in told)
        if _suits(item, query):
            items.append(item)
    themes = [("", "Alle thema’s")]
    for theme in library.themes():
        themes.append((theme, theme))
    if any(entry.card.is_stelling for entry in published):
        themes.append((THEME, THEME))
    # the covers are those of everything published, so that one file serves every search
    page = list_page(items, query.page, ON_A_PAGE)
    return Shelf(query, tuple(themes), page, cover_sheet(published))


def _item(entry: ArchiveEntry, turn: Turn, *, unfolds: bool) -> ShelfItem:
    standing = ""
    if turn is not Turn.NONE:
        standing = said_of(entry.card, STANDINGS[turn].headline)
    card = entry.card
    return ShelfItem(
        card.slug, card.title, card.theme, entry.opens_on, entry.is_open, standing, unfolds
    )


def _suits(item: ShelfItem, query: ArchiveQuery) -> bool:
    """Whether a dilemma is as open as is asked, and answered as is asked."""
    if query.edition and item.is_open is not (query.edition == "open"):
        return False
    return not query.turn or bool(item.standing) is (query.turn == "gedaan")
