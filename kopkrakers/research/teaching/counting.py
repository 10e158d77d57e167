"""Counts invented answers by the rules of the counter, without its boxes, keys and days."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from kopkrakers.privacy.bundles import OptionWithValue, attribute_groups, may_try, safe, tally
from kopkrakers.privacy.rules import K_ATTRIBUTE, K_ATTRIBUTE_LATE, K_GEMEENTE, K_NATIONAL
from kopkrakers.research.teaching.inventing import InventedAnswer
from kopkrakers.tallies.models import NL

LOOKS = (0.4, 0.75, 0.9, 1.0)
"""The part of people who have answered by each look into the boxes."""
ATTRIBUTES = ("consideration", "certainty", "expected", "experience")


@dataclass
class Totals:
    """The totals of one edition, as they stand in the database."""

    scopes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    attributes: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    all_counted: bool = True


@dataclass
class _Box:
    """The envelopes of a gemeente: those that were tried in vain, and new ones."""

    tried: list[InventedAnswer] = field(default_factory=list)
    untried: list[InventedAnswer] = field(default_factory=list)


def counted(options: Sequence[str], answers: Sequence[InventedAnswer], chance: Random) -> Totals:
    """Return what is counted of the answers to one dilemma."""
    totals = Totals()
    boxes: dict[int, _Box] = defaultdict(_Box)
    bundled: list[InventedAnswer] = []
    seen = 0
    for part in LOOKS:
        until = round(part * len(answers))
        for one in answers[seen:until]:
            boxes[one.gemeente].untried.append(one)
        seen = until
        for gemeente, box in sorted(boxes.items()):
            bundled += _look(options, totals, str(gemeente), box)
    # what waited too long moves to the national box
    rest: list[InventedAnswer] = []
    for _, box in sorted(boxes.items()):
        rest += [*box.tried, *box.untried]
    votes = [one.option for one in rest]
    if safe(tally(options, votes), K_NATIONAL):
        totals.scopes[NL].update(votes)
        bundled += rest
    elif rest:
        totals.all_counted = False
    for attribute in ATTRIBUTES:
        totals.attributes[attribute] = _attribute(options, attribute, bundled, chance)
    return totals


def _look(options: Sequence[str], totals: Totals, scope: str, box: _Box) -> list[InventedAnswer]:
    """Open a box if it may be tried. Return what was counted of it."""
    if not may_try(len(box.untried), K_GEMEENTE):
        return []
    waiting = [*box.tried, *box.untried]
    box.untried = []
    if not safe(tally(options, [one.option for one in waiting]), K_GEMEENTE):
        box.tried = waiting
        return []
    box.tried = []
    for one in waiting:
        totals.scopes[scope][one.option] += 1
        totals.scopes[NL][one.option] += 1
    return waiting


def _attribute(
    options: Sequence[str], attribute: str, bundled: Sequence[InventedAnswer], chance: Random
) -> dict[str, Counter[str]]:
    """Return the totals of one attribute, apart from all others, per value and option."""
    pairs = []
    for one in bundled:
        pairs.append(OptionWithValue(one.option, getattr(one, attribute)))
    chance.shuffle(pairs)
    totals: dict[str, Counter[str]] = {}
    for pile in _piles(pairs):
        for value, counts in (attribute_groups(options, pile) or {}).items():
            totals.setdefault(value, Counter(dict.fromkeys(options, 0))).update(counts)
    return totals


def _piles(pairs: Sequence[OptionWithValue]) -> Iterator[Sequence[OptionWithValue]]:
    """Yield the attributes that are opened together: whole boxes, and what waited long enough."""
    whole = len(pairs) - len(pairs) % K_ATTRIBUTE
    for start in range(0, whole, K_ATTRIBUTE):
        yield pairs[start : start + K_ATTRIBUTE]
    if len(pairs) - whole >= K_ATTRIBUTE_LATE:
        yield pairs[whole:]
