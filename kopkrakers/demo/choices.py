"""Choices of invented colleagues: a preference per dilemma, a little different per gemeente."""

from collections.abc import Collection
from random import Random

from kopkrakers.answers.rules import Answer
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.demo.people import Colleague
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.labels import CERTAINTIES, EXPERIENCES, SOMETHING_ELSE

SHAPES = (
    (64, 22, 10, 4),
    (48, 34, 12, 6),
    (42, 38, 14, 6),
    (36, 33, 21, 10),
    (78, 14, 5, 3),
    (52, 42, 4, 2),
)
"""Opinions over the options, in percents: clear, leaning, split, spread, near one, two camps."""
SOMETHING_ELSE_WEIGHT = 4
OWN_COLOUR = 0.3
"""The distance of a gemeente from the rest: 0 none, 1 as far as chance takes it."""
CODE_OF = {"wet": "w", "rendement": "r", "betrokkenheid": "b"}
CERTAIN_WEIGHTS = (30, 45, 25)
SKIPS = 0.2
"""The part of people who skip a question that can be skipped."""


def leaning(card: Card, gemeente: str) -> dict[str, float]:
    """Return the weight of each option in a gemeente."""
    options = [code for code in card.option_codes if code != SOMETHING_ELSE]
    national, own = Random(card.slug), Random(f"{card.slug} {gemeente}")
    shape = national.choice(SHAPES)[: len(options)]
    national.shuffle(options)
    weights = {}
    for code, weight in zip(options, shape, strict=True):
        weights[code] = weight * (1 - OWN_COLOUR + 2 * OWN_COLOUR * own.random())
    if card.is_stelling:
        return weights
    return weights | {SOMETHING_ELSE: SOMETHING_ELSE_WEIGHT}


def answer_of(colleague: Colleague, card: Card, *, option: str | None = None) -> Answer:
    """Return the answer of this colleague, always the same. `option` when agreed beforehand."""
    weights = leaning(card, colleague.gemeente)
    mind = Random(f"{card.slug} {colleague.user_id}")
    drawn = _one(mind, weights)
    chosen = option or drawn
    named = {code: weight for code, weight in weights.items() if code != SOMETHING_ELSE}
    experience = Random(colleague.user_id).choice(list(EXPERIENCES))
    if card.is_stelling:
        return Answer(chosen, NOT_SAID, experience=_or_skip(mind, experience))
    return Answer(
        option=chosen,
        consideration=_consideration(mind, card, chosen),
        certainty=_or_skip(mind, _one(mind, dict(zip(CERTAINTIES, CERTAIN_WEIGHTS, strict=True)))),
        expected=_or_skip(mind, _one(mind, named)),
        experience=_or_skip(mind, experience),
    )


def two_camps(card: Card, gemeente: str) -> list[str]:
    """Return the two most chosen options, twice each.

    A group that holds these is never too much alike to be counted.
    """
    weights = leaning(card, gemeente)
    weights.pop(SOMETHING_ELSE, None)
    first, second, *_ = sorted(weights, key=lambda code: -weights[code])
    return [first, second, first, second]


def _consideration(mind: Random, card: Card, option: str) -> str:
    leans_on: Collection[str] = ()
    for choice in card.options:
        if choice.code == option:
            leans_on = choice.leans_on
    weights: dict[str, float] = {}
    for name, code in CODE_OF.items():
        weights[code] = 2
        if name in leans_on:
            weights[code] = 7
    return _one(mind, weights)


def _one(mind: Random, weights: dict[str, float]) -> str:
    return mind.choices(list(weights), weights=list(weights.values()))[0]


def _or_skip(mind: Random, code: str) -> str:
    if mind.random() < SKIPS:
        return NOT_SAID
    return code
