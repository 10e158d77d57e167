"""The chapters of a session, as they were when it was planned."""

import json
from collections.abc import Sequence
from dataclasses import astuple
from itertools import starmap

from kopkrakers.catalogue.cards.card import Chapter

KEY = "chapters"
"""Where they stand in the wording of a session."""


def chapters_as_wording(chapters: Sequence[Chapter]) -> list[tuple[str, ...]]:
    """Return chapters as the wording of a session holds them."""
    return list(map(astuple, chapters))


def chapters_in(wording: str) -> tuple[Chapter, ...]:
    """Return the chapters in the wording of a session; none when its werkvorm has no use of them.

    A card's own chapters may have changed since.
    """
    return tuple(starmap(Chapter, json.loads(wording).get(KEY, [])))
