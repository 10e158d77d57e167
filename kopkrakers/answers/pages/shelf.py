"""The archive as one person sees it: published dilemmas, with what became of their own turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from kopkrakers.answers.pages.covers import CoverSheet, cover_sheet
from kopkrakers.answers.pages.views import STANDINGS
from kopkrakers.answers.service import Turn, turns_of
from kopkrakers.base.typed import clean_line
from kopkrakers.catalogue.editions.archive import LONGEST_SEARCH, ArchiveEntry, archive
from kopkrakers.catalogue.library import Library

TURNS = {"": "Alles", "nieuw": "Nog niet beantwoord", "gedaan": "Al beantwoord"}
EDITIONS = {"": "Alles", "open": "Open", "gesloten": "Gesloten"}


@dataclass(frozen=True)
class Wanted:
    """What someone looks for; empty is everything. Unknown values are taken as empty."""

    theme: str = ""
    words: str = ""
    turn: str = ""
    edition: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Wanted":
        """The wish in a query string."""
        given = {
            name: clean_line(query.get(name, "")) for name in ("thema", "zoek", "beurt", "editie")
        }
        return cls(
            theme=given["thema"][:LONGEST_SEARCH],
            words=given["zoek"][:LONGEST_SEARCH],
            turn=given["beurt"] if given["beurt"] in TURNS else "",
            edition=given["editie"] if given["editie"] in EDITIONS else "",
        )

    @property
    def narrows(self) -> bool:
        """Whether more is asked than words: then the form stands open."""
        return bool(self.theme or self.turn or self.edition)

    def as_query(self) -> dict[str, Any]:
        """The same wish as a query string, without what is empty."""
        parts = {
            "thema": self.theme,
            "zoek": self.words,
            "beurt": self.turn,
            "editie": self.edition,
        }
        return {name: value for name, value in parts.items() if value}


@dataclass(frozen=True)
class ShelfItem:
    """A dilemma on the shelf. `standing` says what became of the own turn, empty while it is unused."""

    slug: str
    title: str
    theme: str
    is_open: bool
    standing: str


@dataclass(frozen=True)
class Shelf:
    """The archive, with the choices of its form."""

    wanted: Wanted
    themes: tuple[tuple[str, str], ...]
    items: tuple[ShelfItem, ...]
    covers: CoverSheet
    turns: tuple[tuple[str, str], ...] = tuple(TURNS.items())
    editions: tuple[tuple[str, str], ...] = tuple(EDITIONS.items())


def shelf_of(
    session: Session, library: Library, wanted: Wanted, *, user_id: int, today: date
) -> Shelf:
    """What the archive holds for this wish, newest first."""
    turns = turns_of(session, user_id)
    published = archive(session, library, today)
    found = (entry for entry in published if entry.suits(theme=wanted.theme, words=wanted.words))
    items = (
        _item(entry, turns.get((entry.card.slug, entry.edition_number), Turn.NONE))
        for entry in found
    )
    themes = (("", "Alle thema’s"), *((theme, theme) for theme in library.themes()))
    shown = tuple(item for item in items if _is_wanted(item, wanted))
    return Shelf(wanted, themes, shown, cover_sheet(published))


def _item(entry: ArchiveEntry, turn: Turn) -> ShelfItem:
    standing = "" if turn is Turn.NONE else STANDINGS[turn].headline
    card = entry.card
    return ShelfItem(card.slug, card.title, card.theme, entry.is_open, standing)


def _is_wanted(item: ShelfItem, wanted: Wanted) -> bool:
    if wanted.edition and item.is_open is not (wanted.edition == "open"):
        return False
    return not wanted.turn or bool(item.standing) is (wanted.turn == "gedaan")
