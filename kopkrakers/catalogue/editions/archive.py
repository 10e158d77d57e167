"""The archive: every published dilemma, by theme and by words."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from kopkrakers.base.typed import by_name, contains_words
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import card_in_list, last_editions
from kopkrakers.catalogue.library import Library

LONGEST_SEARCH = 100
"""Characters of a search that are used."""


@dataclass(frozen=True)
class ArchiveEntry:
    """A published dilemma with its last edition."""

    card: Card
    edition_number: int
    opens_on: date
    closes_on: date
    is_open: bool

    def suits(self, *, theme: str | None = None, words: str = "") -> bool:
        """Whether it is of this theme and holds every word in title, theme, story or options.

        Capitals and accents make no difference; nothing given suits all.
        """
        if theme and theme != self.card.theme:
            return False
        return contains_words(self.card.search_text, words[:LONGEST_SEARCH])


def archive(
    session: Session, library: Library, today: date, *, theme: str | None = None, words: str = ""
) -> list[ArchiveEntry]:
    """Return the published dilemmas that suit, with their last edition, newest first.

    Left out are withdrawn ones, and those whose wording cannot be read any more.
    """
    entries = []
    for edition in last_editions(session).values():
        if edition.opens_on > today:
            continue
        card = card_in_list(library, edition)
        if card is None:
            continue
        entry = ArchiveEntry(
            card, edition.number, edition.opens_on, edition.closes_on, edition.is_open(today)
        )
        if entry.suits(theme=theme, words=words):
            entries.append(entry)
    # sorting is stable: of the same day they stand by title
    by_title = by_name(entries, lambda entry: entry.card.title)
    return sorted(by_title, key=lambda entry: entry.opens_on, reverse=True)
