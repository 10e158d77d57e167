"""Votes of a session as its report keeps them: each stands in it once."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

Part = TypeVar("Part")


def take_shown(
    parts: Sequence[Part], votes: dict[str, Any], *, first: int
) -> Iterator[tuple[Part, dict[str, Any]]]:
    """Yield each part of a session with its vote; only those whose result was shown.

    `votes`: all votes of the session by number, out of which those of the parts are taken.
    `first`: the number of the vote on the first part.
    """
    for number, part in enumerate(parts, start=first):
        # taken out, so that a vote stands in a report once
        vote = votes.pop(str(number), None)
        if vote is not None and (vote["counts"] is not None or vote["sentence"] is not None):
            yield part, vote
