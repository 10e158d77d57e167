"""Advice on a card beside the other cards of its folder: what the library does too often."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from urllib.parse import urldefrag

from kopkrakers.base.typed import fold
from kopkrakers.catalogue.cards.card import Card, Knowledge
from kopkrakers.catalogue.cards.faults import Fault
from kopkrakers.catalogue.writing.advice import line_holding

MOST_CARDS = 6
"""Cards that may use one source, or end in one way, before it is called often."""
FEWEST_STRICT = 4
"""Cards of a theme in which law is the strict side before that is called a habit."""
OWN_READING = "duiding"
"""The strength of what the redactie thought up: no source, so it may come back."""
ENDINGS = {
    "met een dag of uur waarop iemand antwoord wil": re.compile(
        r"(?=.*\b(vandaag|morgen|maandag|dinsdag|woensdag|donderdag|vrijdag|uur)\b)"
        r"(?=.*\b(antwoord\w*|weten|hoort|horen|wil|wilt|moet|beslis\w*)\b)"
    ),
    "met iemand die je aankijkt": re.compile(r"\bkijkt?\b.*\b(je|jou)\b"),
    "met een vraag tussen aanhalingstekens": re.compile(r"\?[’”]"),
    "met iets dat openstaat op je scherm": re.compile(r"\bscherm\b"),
}
"""Ways in which stories end, as the last sentence shows them, folded to small letters."""
STRICT = re.compile(
    r"\b(nee|geen|stop\w*|weiger\w*|verlaag\w*|verlaging|maatregel\w*|boete\w*|"
    r"terugvorder\w*|terugbetal\w*|opschort\w*|intrek\w*|korten|kort|plicht\w*|moet)\b"
)
"""Words by which a program sees that a werkwijze is strict; it sees no more than words."""
LAW = ("wet",)


def compare(cards: Mapping[str, Card]) -> Mapping[str, tuple[Fault, ...]]:
    """Return the advice on each card that comes from looking at all of them, by slug."""
    advice: defaultdict[str, list[Fault]] = defaultdict(list)
    for find in (_on_sources, _on_endings, _on_law):
        for slug, fault in find(cards):
            advice[slug].append(fault)
    sorted_advice = {}
    for slug, faults in advice.items():
        sorted_advice[slug] = tuple(sorted(set(faults)))
    return sorted_advice


def _on_sources(cards: Mapping[str, Card]) -> Iterator[tuple[str, Fault]]:
    """Yield each use of research or of a client's words that more than `MOST_CARDS` cards use.

    A law may come back: many cards stand under the same article.
    """
    for source, using in _grouped(cards.values(), _sources).items():
        if len(using) <= MOST_CARDS:
            continue
        sentence = (
            f"Deze bron staat op {len(using)} kaarten. "
            "Zoek er een die over dit onderwerp gaat, of zeg dat je niets vond."
        )
        for card in using:
            item = next(item for item in _cited(card) if _source_key(item) == source)
            yield card.slug, Fault(line_holding(card.source, item.heading), sentence)


def _on_endings(cards: Mapping[str, Card]) -> Iterator[tuple[str, Fault]]:
    for ending, alike in _grouped(cards.values(), _endings).items():
        if len(alike) <= MOST_CARDS:
            continue
        sentence = f"Nog {len(alike) - 1} verhalen eindigen {ending}. Kies een ander slot."
        for card in alike:
            yield card.slug, Fault(line_holding(card.source, last_sentence(card)), sentence)


def _on_law(cards: Mapping[str, Card]) -> Iterator[tuple[str, Fault]]:
    """Yield the cards of a theme in which law alone is the strict side on every card."""
    for theme, of_theme in _grouped(cards.values(), lambda card: [card.theme]).items():
        strict, others = [], []
        for card in of_theme:
            is_strict = _law_is_strict(card)
            if is_strict:
                strict.append(card)
            elif is_strict is not None:
                others.append(card)
        # one card on which law is the mild side shows that the writers know of it
        if others or len(strict) < FEWEST_STRICT:
            continue
        sentence = (
            f"In het thema {theme} lijkt de wet op elke kaart de strenge kant. "
            "Kan de wet hier de milde zijn?"
        )
        for card in strict:
            yield card.slug, Fault(line_holding(card.source, "werkwijzen:"), sentence)


def _law_is_strict(card: Card) -> bool | None:
    """Whether words of strictness stand in the option of law alone and in no other; None without.

    A guess from words: a reader knows better.
    """
    of_law, strict = set(), set()
    for option in card.options:
        if option.leans_on == LAW:
            of_law.add(option.code)
        if STRICT.search(fold(f"{option.label} {option.line}")):
            strict.add(option.code)
    if not of_law:
        return None
    return strict == of_law


def _grouped(
    cards: Iterable[Card], keys_of: Callable[[Card], Iterable[str]]
) -> Mapping[str, list[Card]]:
    groups: defaultdict[str, list[Card]] = defaultdict(list)
    for card in cards:
        for key in keys_of(card):
            groups[key].append(card)
    return groups


def _cited(card: Card) -> Iterator[Knowledge]:
    for item in (*card.research, *card.client):
        if item.strength != OWN_READING:
            yield item


def _sources(card: Card) -> set[str]:
    return set(map(_source_key, _cited(card)))


def _source_key(item: Knowledge) -> str:
    # a part of a page is the same source as the page
    if item.url is not None:
        return urldefrag(item.url).url
    return fold(item.source)


def _endings(card: Card) -> list[str]:
    last = last_sentence(card).lower()
    endings = []
    for ending, pattern in ENDINGS.items():
        if pattern.search(last):
            endings.append(ending)
    return endings


def last_sentence(card: Card) -> str:
    """Return the last sentence of a story, with what is said after it in the same quote."""
    last_paragraph = card.story_text.split("\n\n")[-1]
    return re.split(r"(?<=[.!?])\s+(?=[‘“A-ZÀ-Ý])", last_paragraph)[-1]
