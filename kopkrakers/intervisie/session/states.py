"""The states of sessions, votes and reasons, and the moves between them. No database."""

from enum import StrEnum

from kopkrakers.intervisie.session.models import CODE_LENGTH

LONGEST_CODE = 2 * CODE_LENGTH
"""Characters of a typed code that are read at all."""


class SessionState(StrEnum):
    """A session from planning to end."""

    PLANNED = "planned"
    LOBBY = "lobby"
    RUNNING = "running"
    ENDED = "ended"
    CANCELLED = "cancelled"


class RoundState(StrEnum):
    """A vote from draft to shown; back to draft while nobody voted.

    The counter alone turns `closing` into `closed`.
    """

    DRAFT = "draft"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    REVEALED = "revealed"


class Verdict(StrEnum):
    """The verdict on a closed vote: whether its totals are fit to show.

    `again`: the team cracked this dilemma less than a week before, so nothing is said, whatever was
    chosen. Of the second alone: `others` (not the same people as in the first) and `withheld` (the
    first has no totals either, so nothing of the second is said, whatever was chosen).
    """

    NONE = "none"
    COUNTED = "counted"
    ALIKE = "alike"
    FEW = "few"
    OTHERS = "others"
    WITHHELD = "withheld"
    AGAIN = "again"


SESSION_MOVES = frozenset(
    {
        (SessionState.PLANNED, SessionState.LOBBY),
        (SessionState.PLANNED, SessionState.CANCELLED),
        (SessionState.LOBBY, SessionState.RUNNING),
        (SessionState.LOBBY, SessionState.CANCELLED),
        (SessionState.LOBBY, SessionState.ENDED),
        (SessionState.RUNNING, SessionState.ENDED),
    }
)
ROUND_MOVES = frozenset(
    {
        (RoundState.DRAFT, RoundState.OPEN),
        (RoundState.OPEN, RoundState.DRAFT),
        (RoundState.OPEN, RoundState.CLOSING),
        (RoundState.CLOSING, RoundState.CLOSED),
        (RoundState.CLOSED, RoundState.REVEALED),
    }
)


def sources_of(target: SessionState | RoundState) -> tuple[str, ...]:
    """Return the states from which a move to `target` is legal."""
    moves: frozenset[tuple[str, str]] = ROUND_MOVES
    if isinstance(target, SessionState):
        moves = SESSION_MOVES
    sources = []
    for source, goal in moves:
        if goal == target:
            sources.append(source)
    return tuple(sorted(sources))


class ReasonState(StrEnum):
    """A reason waits, is on the scherm, was put away, or is on the scherm and in the report."""

    WAITING = "waiting"
    SHOWN = "shown"
    DROPPED = "dropped"
    KEPT = "kept"
