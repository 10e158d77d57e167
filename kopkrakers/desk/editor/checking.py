"""Check the text of a card as `cards check` checks a file, and say what publishing it does."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from kopkrakers.catalogue.cards.card import Card, parse_card
from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.cards.keywords import advise_keywords, read_keywords
from kopkrakers.catalogue.covers.covers import cover_of
from kopkrakers.catalogue.editions.editions import PublishedEdition
from kopkrakers.catalogue.library import Library
from kopkrakers.catalogue.writing.advice import advise
from kopkrakers.catalogue.writing.checker import edition_faults
from kopkrakers.catalogue.writing.comparing import compare


@dataclass(frozen=True)
class CheckedText:
    """A text that was checked. `card` is None where it cannot be read; `renews`: a new edition."""

    card: Card | None
    faults: tuple[Fault, ...]
    advice: tuple[Fault, ...] = ()
    renews: bool = False


def check_text(
    library: Library, slug: str, text: str, last: PublishedEdition | None, today: date
) -> CheckedText:
    """Return the card of a text with its faults and advice. `last`: its last edition."""
    try:
        card = parse_card(slug, text, library.themes())
    except CardFaults as error:
        return CheckedText(_readable(slug, text), error.faults)
    cover, cover_faults = cover_of(card, library.folder)
    beside: Mapping[str, Card] = {**library.cards(), slug: card}
    advice = {*advise(card, today), *compare(beside).get(slug, ())}
    advice |= set(advise_keywords(card, keywords_of(library, slug)))
    faults = (*cover_faults, *edition_faults(card, last))
    renews = last is not None and card.edition > last.card_edition
    return CheckedText(replace(card, cover_svg=cover), faults, tuple(sorted(advice)), renews)


def keywords_of(library: Library, slug: str) -> set[str]:
    """Return the trefwoorden of the list and of all cards but this one."""
    words = set(read_keywords(library.folder))
    for other, card in library.cards().items():
        if other != slug:
            words.update(card.keywords)
    return words


def _readable(slug: str, text: str) -> Card | None:
    """Return the card all the same where only its theme is unknown."""
    try:
        return parse_card(slug, text, None)
    except CardFaults:
        return None
