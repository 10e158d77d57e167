"""The stelling of the day: one sentence as a card, so that it is counted as a dilemma is."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from markupsafe import Markup

from kopkrakers.base.typed import fold
from kopkrakers.catalogue.cards.card import (
    LETTERS,
    STELLING_PREFIX,
    Card,
    CardKind,
    Knowledge,
    Option,
    is_stelling_slug,
    parse_card,
    split_card,
    wording_digest,
)
from kopkrakers.catalogue.cards.faults import CardFaults, Fault
from kopkrakers.catalogue.cards.yaml_lines import read_utf8, read_yaml
from kopkrakers.catalogue.covers.drawings import framed
from kopkrakers.catalogue.covers.patterns import pattern_of
from kopkrakers.catalogue.stellingen.reading import (
    Stelling,
    StellingenSet,
    parse_set,
    stellingen_folder,
)
from kopkrakers.privacy.labels import SOMETHING_ELSE, STELLING_ANSWERS

THEME = "Stelling"
"""Stands where a dilemma has its theme, so that every list says which of the two it is."""
NO_SUCH_STELLING = "In dit bestand staat de stelling niet meer waarover geantwoord is."
ORIGIN_HEADING = "Hoe deze zin er kwam"


# they are part of the product and change with a release only
# D-133
@lru_cache(maxsize=1)
def daily_stellingen() -> Mapping[str, Card]:
    """Return the stellingen that can be of a day, each as a card, by slug."""
    cards = {}
    for path in sorted(stellingen_folder().glob("*.yaml")):
        source = read_utf8(path)
        for stelling in parse_set(source).stellingen:
            if stelling.of_the_day:
                card = stelling_card(STELLING_PREFIX + stelling.code, source)
                cover = framed(pattern_of(card.slug))
                cards[card.slug] = replace(card, cover_svg=cover)
    return MappingProxyType(cards)


def kept_card(slug: str, source: str) -> Card:
    """Return the card in a wording that was kept with an edition.

    Raises: CardFaults when it cannot be read any more.
    """
    if is_stelling_slug(slug):
        return stelling_card(slug, source)
    return parse_card(slug, source, None)


def kept_options(slug: str, source: str) -> tuple[str, ...]:
    """Return the codes that a vote on a kept wording can hold, also when its card cannot be read.

    Rules that came later may refuse a card that people answered; their answers are counted still.
    """
    try:
        return kept_card(slug, source).option_codes
    except CardFaults:
        return _options_seen(slug, source)


# D-148
def _options_seen(slug: str, source: str) -> tuple[str, ...]:
    """Return the codes of a wording by nothing but the length of its list of werkwijzen.

    Where even that cannot be seen: every code that a card can have.
    """
    if is_stelling_slug(slug):
        return tuple(STELLING_ANSWERS)
    codes = tuple(LETTERS)
    try:
        options = read_yaml(split_card(source).front, first_line=2).get("werkwijzen")
    except CardFaults:
        options = None
    if isinstance(options, list) and len(options) > 1:
        codes = codes[: len(options)]
    return (*codes, SOMETHING_ELSE)


def stelling_card(slug: str, source: str) -> Card:
    """Return one stelling of a set as a card; `source` is the text of the whole set.

    Raises: CardFaults when the set cannot be read, or has no such stelling.
    """
    of_set = parse_set(source)
    code = slug.removeprefix(STELLING_PREFIX)
    for stelling in of_set.stellingen:
        if stelling.code == code:
            return _card(slug, source, of_set, stelling)
    raise CardFaults([Fault(0, NO_SUCH_STELLING)])


def _card(slug: str, source: str, of_set: StellingenSet, stelling: Stelling) -> Card:
    answers = []
    for code, label in STELLING_ANSWERS.items():
        # an answer to a stelling has no sentence, grounds or arguments of its own
        answers.append(Option(code, code.upper(), label, "", (), (), ()))
    options = tuple(answers)
    return Card(
        slug=slug,
        title=stelling.text,
        theme=THEME,
        audience=tuple(of_set.audience),
        # other words are another stelling, with another code
        edition=1,
        checked_on=of_set.checked_on,
        recheck_on=None,
        touches_choice=False,
        season=None,
        estimate=(),
        origin=of_set.origin,
        cover=None,
        options=options,
        research=(_origin(of_set),),
        law=(),
        client=(),
        questions=(stelling.question,),
        chapters=(),
        safety=None,
        withdrawn=False,
        story_html=Markup(""),
        story_text="",
        source=source,
        digest=wording_digest(stelling.text, "", options, ()),
        search_text=fold(f"{stelling.text} {THEME} {of_set.name}"),
        kind=CardKind.STELLING,
    )


def _origin(of_set: StellingenSet) -> Knowledge:
    """Return where a stelling comes from, as the only knowledge beside it."""
    return Knowledge(
        kind="onderzoek",
        heading=ORIGIN_HEADING,
        text=of_set.origin,
        source=of_set.source,
        date=of_set.date,
        strength="",
        url=of_set.address,
        place=of_set.place,
        not_shown=None,
    )
