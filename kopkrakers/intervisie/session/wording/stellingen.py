"""The stellingen of a session, as they were when it was planned."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import starmap

from kopkrakers.base.errors import WrongInput
from kopkrakers.catalogue.stellingen.reading import stellingen_sets
from kopkrakers.intervisie.werkvormen.reading import FIRST_STELLING

FEWEST = 2
"""Stellingen of a session, at least."""
KEY = "stellingen"
"""Key of the stellingen in the wording of a session."""


@dataclass(frozen=True)
class Stellingen:
    """A set to hold a session about, with the codes of those that are voted on."""

    slug: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One sentence to vote on, with what the begeleider needs beside it."""

    code: str
    text: str
    explanation: str
    question: str

    @property
    def subject(self) -> str:
        """Return what a vote on it is remembered under; no dilemma has a colon in its slug."""
        return f"stelling:{self.code}"


def chosen_items(wanted: Stellingen) -> tuple[str, tuple[Item, ...]]:
    """Return the name of a set, and the chosen stellingen in the order of the set.

    Raises: WrongInput for an unknown set, or for too few.
    """
    chosen = stellingen_sets().get(wanted.slug)
    if chosen is None:
        raise WrongInput("Kies eerst een set stellingen.", "set")
    items = []
    # by its code, in the order of the set: a form may send them in any order, or twice
    for one in chosen.stellingen:
        if one.code in wanted.codes:
            items.append(Item(one.code, one.text, one.explanation, one.question))
    if len(items) < FEWEST:
        raise WrongInput(f"Kies minstens {FEWEST} stellingen uit ‘{chosen.name}’.", "set")
    return chosen.name, tuple(items)


def as_wording(items: Sequence[Item]) -> list[tuple[str, ...]]:
    """Return stellingen as the wording of a session holds them."""
    return list(map(astuple, items))


def items_in(wording: str) -> tuple[Item, ...]:
    """Return the stellingen in the wording of a session; none when it is about something else."""
    return tuple(starmap(Item, json.loads(wording).get(KEY, [])))


def item_of(items: Sequence[Item], number: int) -> Item:
    """Return the stelling that a round is about."""
    return items[number - FIRST_STELLING]
