"""A team that votes on one subject twice within a week: the totals may differ by one vote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Session

from kopkrakers.base.db import changed, insert_once
from kopkrakers.base.typed import fold
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.library import Library
from kopkrakers.intervisie.session.cases import Case
from kopkrakers.intervisie.session.states import Verdict
from kopkrakers.intervisie.session.store import CRACKED, ROUND, SESSION_TALLY, SessionRow
from kopkrakers.intervisie.session.wording.stellingen import item_of, items_in
from kopkrakers.intervisie.werkvormen.reading import is_stelling

APART = timedelta(days=7)
"""From this long after it was cracked a dilemma has figures of the team again."""
ENOUGH_SHARED = 2
"""Werkwijzen in the same words by which a dilemma is known."""
IS_PAST = CRACKED.c.cracked_on <= bindparam("past_until")
"""The condition that a dilemma was cracked so long ago that it has no use any more."""
_CRACKED_ON = select(CRACKED.c.cracked_on).where(
    CRACKED.c.team_id == bindparam("team_id"), CRACKED.c.dilemma == bindparam("dilemma")
)


@dataclass(frozen=True)
class Repeat:
    """The day on which a team voted on a subject, and the first on which it has figures again."""

    cracked_on: date
    free_from: date


def subject_of(live_session: SessionRow, number: int) -> str | None:
    """Return under what a vote is remembered: the dilemma, or a stelling; None: it is not."""
    if is_stelling(number):
        return item_of(items_in(live_session.wording), number).subject
    dilemma: str | None = live_session.dilemma
    return dilemma


def repeat_of(
    session: Session, live_session: SessionRow, subject: str | None, day: date
) -> Repeat | None:
    """Return whether a team voted on a subject less than a week before a day.

    Of a session whose vote on it was revealed it says nothing: that may be the one meant. It is
    told in a rehearsal too, which has its pretended figures all the same.
    """
    if subject is None:
        return None
    params = {"team_id": live_session.team_id, "dilemma": subject}
    cracked_on = session.execute(_CRACKED_ON, params).scalar()
    if cracked_on is None or day >= cracked_on + APART:
        return None
    return Repeat(cracked_on, cracked_on + APART)


def look_alike(library: Library, case: Case) -> Card | None:
    """Return the dilemma that an eigen casus was copied from, by its title or two werkwijzen.

    As an eigen casus it would get round the rule of a week.
    """
    if case.dilemma is not None or case.items:
        return None
    # folded, so that a capital or an accent less does not hide where it came from
    labels = {fold(option.label) for option in case.werkwijzen}
    for card in library.cards().values():
        shared = labels & {fold(option.label) for option in card.options}
        if fold(card.title) == fold(case.title) or len(shared) >= ENOUGH_SHARED:
            return card
    return None


# D-103
def note_cracked(
    session: Session, live_session: SessionRow, subject: str | None, today: date
) -> bool:
    """Note that a team votes on a subject today; return False when it did within the week before.

    Of two sessions at once one is first: the row with this key is there once.
    """
    if subject is None or live_session.rehearsal:
        return True
    key = {"team_id": live_session.team_id, "dilemma": subject}
    if insert_once(session, CRACKED, {**key, "cracked_on": today}):
        return True
    long_ago = (CRACKED.c.team_id == key["team_id"], CRACKED.c.dilemma == key["dilemma"])
    anew = update(CRACKED).where(*long_ago, IS_PAST).values(cracked_on=today)
    return changed(session.execute(anew, past_at(today))) == 1


def withhold_totals(session: Session, session_id: str, numbers: Sequence[int]) -> None:
    """Say of some votes of a session that they are a repeat, and delete their totals."""
    these = (ROUND.c.session_id == session_id, ROUND.c.verdict != Verdict.NONE)
    votes = update(ROUND).where(*these, ROUND.c.number.in_(numbers))
    session.execute(votes.values(verdict=Verdict.AGAIN))
    # also the totals that were written already: nothing may stay to lay beside the others
    totals = delete(SESSION_TALLY).where(SESSION_TALLY.c.session_id == session_id)
    session.execute(totals.where(SESSION_TALLY.c.round.in_(numbers)))


def past_at(today: date) -> dict[str, date]:
    """Return the parameter of `IS_PAST` on a day."""
    return {"past_until": today - APART}
