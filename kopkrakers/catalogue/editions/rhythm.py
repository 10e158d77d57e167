"""Decide who gets a new dilemma on a day: by the rhythm of their teams, and not during a pause."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.accounts.models import MEMBERSHIP, PAUSE, TEAM, Rhythm
from kopkrakers.catalogue.editions.working_days import brings_new


def rhythm_of(rhythms: Iterable[Rhythm | str]) -> Rhythm:
    """Return the rhythm of somebody in teams with these: the most often of them; without, daily."""
    own = set(rhythms)
    return next((rhythm for rhythm in Rhythm if rhythm in own), Rhythm.DAILY)


def who_is_reminded(session: Session, user_ids: Collection[int], day: date) -> frozenset[int]:
    """Return which of these people are to hear of a new dilemma on a day.

    Everything that reminds asks this, and nothing else about a person: not on days on which none of
    their teams gets one (weekends and holidays among them), and not while they pause. It does not
    know who answered. For a message to a whole team `brings_new` is enough: a pause is a person's.
    """
    own: dict[int, list[str]] = defaultdict(list)
    statement = (
        select(MEMBERSHIP.c.user_id, TEAM.c.rhythm)
        .join(TEAM, TEAM.c.id == MEMBERSHIP.c.team_id)
        .where(MEMBERSHIP.c.user_id.in_(user_ids))
    )
    for row in session.execute(statement):
        own[row.user_id].append(row.rhythm)
    pauses = select(PAUSE.c.user_id).where(PAUSE.c.user_id.in_(user_ids), PAUSE.c.last_day >= day)
    paused = set(session.execute(pauses).scalars())
    reminded = []
    for user_id in user_ids:
        if user_id not in paused and brings_new(day, rhythm_of(own[user_id])):
            reminded.append(user_id)
    return frozenset(reminded)


def reminded_days(session: Session, user_id: int, days: Iterable[date]) -> list[date]:
    """Return on which of these days a person is to hear of a new dilemma, as `who_is_reminded`."""
    return [day for day in days if who_is_reminded(session, [user_id], day)]
