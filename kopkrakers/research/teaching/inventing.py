"""Invents answers of people in gemeenten that are alike, by a truth that is told with them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from kopkrakers.catalogue.cards.card import Card
from kopkrakers.privacy.bundles import NOT_SAID
from kopkrakers.privacy.labels import CERTAINTIES, CONSIDERATIONS, EXPERIENCES, SOMETHING_ELSE
from kopkrakers.research.protected.sums import CODE_OF

SIZES = (25, 28, 32, 40, 50, 60, 75, 90, 120, 160, 220, 300)
"""People in each invented gemeente."""
ANSWERS = 0.75
"""The part of people who answer a dilemma."""
DIVISIONS = ((48, 30, 16, 6), (60, 25, 10, 5), (70, 18, 8, 4), (82, 10, 5, 3))
"""Percents of people per option, the most chosen first; each dilemma has one of these."""
OWN_GROUND = 0.7
"""The part of people whose doorslag is that on which their choice leans."""
FORESEES = 0.6
"""The part of people, of those who say so, who expect the option that most people choose."""
SKIPS = 0.2
"""The part of people who skip a question that may be skipped."""
CHANGES = 0.2
"""The part of people in an intervisie who choose otherwise after talking."""
GROUPS = (7, 8, 9, 10, 12)
"""People in the intervisies on a dilemma that was talked about."""
TALKED_ABOUT = 3
"""One in so many dilemmas is talked about in intervisies."""


class InventedAnswer(NamedTuple):
    """One invented answer; it never was somebody's. Codes as in the tables."""

    dilemma: str
    gemeente: int
    option: str
    consideration: str
    certainty: str
    expected: str
    experience: str


@dataclass(frozen=True)
class Truth:
    """The shares by which answers to one dilemma are invented: by option, 0 to 1."""

    shares: Mapping[str, float]

    @property
    def majority(self) -> str:
        """Return the option that most people choose."""
        return max(self.shares, key=lambda option: self.shares[option])


def truth_of(card: Card, chance: Random) -> Truth:
    """Return a truth for a card: which option is chosen most differs from card to card."""
    codes = [option.code for option in card.options]
    chance.shuffle(codes)
    percents = chance.choice(DIVISIONS)
    shares = dict(zip([*codes, SOMETHING_ELSE], percents, strict=False))
    all_of_them = sum(shares.values())
    return Truth({option: shares[option] / all_of_them for option in card.option_codes})


def answers_to(card: Card, truth: Truth, chance: Random) -> Iterator[InventedAnswer]:
    """Yield who answered a dilemma, in the order in which they did."""
    people = []
    for gemeente, size in enumerate(SIZES, start=1):
        people += [gemeente] * size
    chance.shuffle(people)
    grounds = {option.code: option.leans_on for option in card.options}
    for gemeente in people:
        if chance.random() < ANSWERS:
            option = _one_of(truth.shares, chance)
            yield InventedAnswer(
                card.slug,
                gemeente,
                option,
                _consideration(grounds.get(option, ()), chance),
                _skippable(tuple(CERTAINTIES), chance),
                _expected(truth, chance),
                _skippable(tuple(EXPERIENCES), chance),
            )


def pairs_of(truth: Truth, chance: Random) -> Iterator[tuple[str, str]]:
    """Yield the choices before and after talking of everybody in the intervisies on a dilemma."""
    for _ in range(sum(GROUPS)):
        before = _one_of(truth.shares, chance)
        after = before
        if chance.random() < CHANGES:
            after = chance.choice([option for option in truth.shares if option != before])
        yield before, after


def _one_of(shares: Mapping[str, float], chance: Random) -> str:
    return chance.choices(list(shares), weights=list(shares.values()))[0]


def _consideration(grounds: Sequence[str], chance: Random) -> str:
    if grounds and chance.random() < OWN_GROUND:
        return CODE_OF[chance.choice(grounds)]
    others = []
    for ground, code in CODE_OF.items():
        if ground not in grounds:
            others.append(code)
    return chance.choice(others or list(CONSIDERATIONS))


def _expected(truth: Truth, chance: Random) -> str:
    if chance.random() < SKIPS:
        return NOT_SAID
    if chance.random() < FORESEES:
        return truth.majority
    others = [code for code in truth.shares if code not in (truth.majority, SOMETHING_ELSE)]
    return chance.choice(others)


def _skippable(codes: Sequence[str], chance: Random) -> str:
    if chance.random() < SKIPS:
        return NOT_SAID
    return chance.choice(codes)
