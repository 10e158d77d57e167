"""The totals of a group's own votes: shown, kept in a report, or words in their place."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.intervisie.session.states import RoundState, Verdict
from kopkrakers.intervisie.session.store import SESSION_TALLY
from kopkrakers.intervisie.session.verdicts import (
    AFTER_A_CHAPTER,
    SENTENCES,
    STELLING_AGAIN,
    STILL,
    is_still,
)
from kopkrakers.intervisie.werkvormen.reading import is_chapter, is_stelling
from kopkrakers.privacy.release import ReleasedDistribution, release_distribution

SESSION_SCOPE = "sessie"
"""The scope of a session's own totals."""
_TALLIES = select(SESSION_TALLY.c.option, SESSION_TALLY.c.n).where(
    SESSION_TALLY.c.session_id == bindparam("session_id"),
    SESSION_TALLY.c.round == bindparam("round"),
)


def session_totals(
    session: Session, session_id: str, round_: Row[Any], option_codes: tuple[str, ...]
) -> ReleasedDistribution | None:
    """Return the totals of a revealed vote, or None when only words may be said."""
    if round_.state != RoundState.REVEALED or round_.verdict != Verdict.COUNTED:
        return None
    if _stayed(session, session_id, round_):
        return None
    counts = _counts(session, session_id, round_.number)
    # of a vote that changed next to nothing none were written
    if not counts:
        return None
    return release_distribution(SESSION_SCOPE, option_codes, counts)


def words_of(round_: Row[Any], totals: ReleasedDistribution | None) -> str | None:
    """Return the sentence on a revealed vote without totals. `totals`: of `session_totals`."""
    if round_.state != RoundState.REVEALED:
        return None
    verdict = Verdict(round_.verdict)
    # a second vote that was counted has no totals where it stayed as it was
    if verdict == Verdict.COUNTED and round_.number == 2 and totals is None:
        return STILL
    if verdict == Verdict.AGAIN and is_stelling(round_.number):
        return STELLING_AGAIN
    if is_chapter(round_.number) and totals is None:
        return AFTER_A_CHAPTER.get(verdict, SENTENCES.get(verdict))
    return SENTENCES.get(verdict)


def _stayed(session: Session, session_id: str, round_: Row[Any]) -> bool:
    """Whether this is a second vote whose totals differ from the first by one person at most.

    The counter writes none of these; an earlier version did, in a session that may still be open.
    """
    if round_.number != 2 or round_.verdict != Verdict.COUNTED:
        return False
    return is_still(_counts(session, session_id, 1), _counts(session, session_id, 2))


def _counts(session: Session, session_id: str, number: int) -> dict[str, int]:
    """Return the totals of a vote as they were written; none where there are none."""
    parameters = {"session_id": session_id, "round": number}
    return dict(session.execute(_TALLIES, parameters).all())


def kept_vote(round_: Row[Any], totals: ReleasedDistribution | None) -> dict[str, Any]:
    """Return a vote as a report keeps it. `totals`: of `session_totals`.

    Of a vote that was not revealed there are no totals, and no sentence either.
    """
    counts = None
    if totals:
        counts = totals.by_option
    return {"counts": counts, "sentence": words_of(round_, totals)}


def shown_vote(
    vote: dict[str, Any] | None, codes: tuple[str, ...]
) -> tuple[ReleasedDistribution | None, str | None]:
    """Return the totals of a vote as it was kept, or else the sentence."""
    if vote is None:
        return None, None
    if vote["counts"] is None:
        # a sentence is kept and not made anew: a report says what the group read that day
        return None, vote["sentence"]
    return release_distribution(SESSION_SCOPE, codes, vote["counts"]), None
