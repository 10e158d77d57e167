"""The archive: every published dilemma, by theme and by words."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from kopkrakers.base.typed import by_name, contains_words
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import card_of_edition, last_editions
from kopkrakers.catalogue.library import Library

LONGEST_SEARCH = 100
"""Signs of a search that are used."""


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
        return theme in (None, "", self.card.theme) and contains_words(
            self.card.search_text, words[:LONGEST_SEARCH]
        )


def archive(
    session: Session, library: Library, today: date, *, theme: str | None = None, words: str = ""
) -> list[ArchiveEntry]:
    """Published dilemmas with their last edition, newest first: those that suit. Withdrawn ones are left out."""
    entries = (
        ArchiveEntry(
            card, edition.number, edition.opens_on, edition.closes_on, edition.is_open(today)
        )
        for edition in last_editions(session).values()
        if edition.opens_on <= today and not (card := card_of_edition(library, edition)).withdrawn
    )
    found = (entry for entry in entries if entry.suits(theme=theme, words=words))
    by_title = by_name(found, lambda entry: entry.card.title)
    return sorted(by_title, key=lambda entry: entry.opens_on, reverse=True)
