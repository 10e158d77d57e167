"""Holds a pool against the country: per dilemma, per theme, and what people expected."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from math import ceil

from kopkrakers.catalogue.cards.card import is_stelling_slug
from kopkrakers.privacy.column_parts import LEANS, SAID_NOTHING
from kopkrakers.research.mirror.bounds import Difference, Share, difference, mean
from kopkrakers.research.mirror.figures import Figures

SHOWN = 5
"""Dilemmas in each of the lists, at most: it has to be read in a meeting."""


@dataclass(frozen=True)
class ToldEdition:
    """All that a release tells of one edition for people of one pool.

    `here`: of their pool; None where it has no figures. `words`: of each option. `leans`: the
    options that lean on each ground, empty where the card says nothing. `expected`: by expected
    option, the fewest and the most people that can have named it.
    """

    dilemma: str
    edition: int
    title: str
    theme: str
    is_open: bool
    country: Figures
    here: Figures | None
    words: Mapping[str, str]
    leans: Mapping[str, frozenset[str]]
    expected: Mapping[str, tuple[int, int]]

    @property
    def is_stelling(self) -> bool:
        """Whether it is a stelling, whose answers have no letters."""
        return is_stelling_slug(self.dilemma)


@dataclass(frozen=True)
class Contrast:
    """The option of a dilemma in which a pool and the country differ most surely."""

    told: ToldEdition
    option: str
    here: str
    country: str
    difference: Difference


@dataclass(frozen=True)
class Ground:
    """The choices that lean on wet, rendement or betrokkenheid, here and nationally.

    Shares in whole percents: the mean of those of the dilemmas.
    """

    name: str
    here: int
    country: int
    difference: Difference


@dataclass(frozen=True)
class ThemeLine:
    """A theme: how many dilemmas it is about, and each ground."""

    theme: str
    dilemmas: int
    grounds: tuple[Ground, ...]


@dataclass(frozen=True)
class Expectation:
    """The choice that came nationally, and the part of those who said so that expected it.

    `low` and `high` in whole percents. `expected`: the option that surely most people named, where
    there is one.
    """

    told: ToldEdition
    came: str
    expected: str | None
    low: int
    high: int

    @property
    def was_expected(self) -> bool:
        """Whether most people expected what came."""
        return self.expected == self.came


def themes(all_told: Sequence[ToldEdition]) -> list[ThemeLine]:
    """Return a line for each theme, in the order in which they come."""
    by_theme: dict[str, list[ToldEdition]] = defaultdict(list)
    for told in all_told:
        if told.here is not None and told.leans:
            by_theme[told.theme].append(told)
    lines = []
    for theme, of_theme in by_theme.items():
        grounds = tuple(_ground(name, of_theme) for name in LEANS)
        lines.append(ThemeLine(theme, len(of_theme), grounds))
    return lines


def contrasts(all_told: Sequence[ToldEdition]) -> list[Contrast]:
    """Return for each dilemma with figures of the pool where it differs, the surest first.

    Of two that can both be chance the larger stands first.
    """
    differing = []
    for told in all_told:
        if told.here is not None:
            differing.append(_contrast(told, told.here))
    return sorted(
        differing, key=lambda one: (-one.difference.at_least, -abs(one.difference.middle))
    )


def most_and_least(found: Sequence[Contrast]) -> tuple[list[Contrast], list[Contrast]]:
    """Return the dilemmas that differ most, and of the others those that surely differ least."""
    most = list(found[: min(SHOWN, ceil(len(found) / 2))])
    others = found[len(most) :]
    least = sorted(others, key=lambda one: one.difference.at_most)
    return most, least[:SHOWN]


def expectations(all_told: Sequence[ToldEdition]) -> list[Expectation]:
    """Return what people expected of each other and what came; the least expected first."""
    surprises = []
    for told in all_told:
        came = told.country.largest
        if came is not None and came in told.expected:
            surprises.append(_expectation(told, came))
    return sorted(surprises, key=lambda one: (one.high, one.low))


def _ground(name: str, of_theme: Sequence[ToldEdition]) -> Ground:
    here: list[Share] = []
    country: list[Share] = []
    for told in of_theme:
        assert told.here is not None
        options = told.leans.get(name, frozenset())
        here.append(told.here.share(options))
        country.append(told.country.share(options))
    apart = list(starmap(difference, zip(here, country, strict=True)))
    return Ground(name, _percent(here), _percent(country), mean(apart))


def _percent(shares: Sequence[Share]) -> int:
    return round(100 * sum(share.middle for share in shares) / len(shares))


def _contrast(told: ToldEdition, here: Figures) -> Contrast:
    differences = {}
    for option in told.words:
        differences[option] = difference(here.share([option]), told.country.share([option]))

    def surest(option: str) -> tuple[float, float, bool]:
        apart = differences[option]
        # where nearly all chose the same, here and nationally, that option is what can be told
        return apart.at_least, abs(apart.middle), option == here.top

    option = max(differences, key=surest)
    return Contrast(
        told,
        option,
        here.in_words(option),
        told.country.in_words(option),
        differences[option],
    )


def _expectation(told: ToldEdition, came: str) -> Expectation:
    """Return the bounds of the share that expected what came.

    Who said nothing, and who named something too rare to count apart, stand together. Any of them
    may have expected what came, or not.
    """
    low, high = told.expected[came]
    unknown = told.expected.get(SAID_NOTHING, (0, 0))[1]
    others_low = others_high = 0
    for code, bounds in told.expected.items():
        if code not in (came, SAID_NOTHING):
            others_low += bounds[0]
            others_high += bounds[1]
    fewest = _part(low, low + others_high + unknown)
    most = _part(high + unknown, high + unknown + others_low)
    return Expectation(told, came, _surely_most(told.expected), fewest, most)


def _part(part: int, whole: int) -> int:
    if whole == 0:
        return 0
    return round(100 * part / whole)


def _surely_most(expected: Mapping[str, tuple[int, int]]) -> str | None:
    """Return the option that more people named than any other, whatever rounding hides."""
    for code, (low, _) in _named(expected):
        highest = 0
        for other, (_, high) in _named(expected):
            if other != code:
                highest = max(highest, high)
        if low > highest:
            return code
    return None


def _named(expected: Mapping[str, tuple[int, int]]) -> Iterator[tuple[str, tuple[int, int]]]:
    for code, bounds in expected.items():
        if code != SAID_NOTHING:
            yield code, bounds
