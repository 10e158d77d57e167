"""The dilemma of a week from the chair of leidinggevenden, planned ahead as days are."""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from kopkrakers.base.db import insert_once
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.editions import CHAIR_WEEK, DAY, last_editions
from kopkrakers.catalogue.editions.working_days import WEEK, choose_dilemma, monday_of
from kopkrakers.catalogue.library import Library, theme_of_each

PLANNED_WEEKS = 5
"""Weeks that are planned, this one among them: as far ahead as days are."""
_REDRAW = (
    update(CHAIR_WEEK)
    .where(CHAIR_WEEK.c.monday == bindparam("on"), CHAIR_WEEK.c.dilemma == bindparam("old"))
    .values(dilemma=bindparam("new"))
)


def plan_chair_weeks(session: Session, library: Library, today: date) -> None:
    """Give every week to come a dilemma from the chair of leidinggevenden, where there are any.

    A week of a withdrawn dilemma gets another; one to come also when its dilemma cannot be shown
    then. Doing it twice changes nothing.
    """
    cards = library.cards_of_chair(of_leaders=True)
    if not cards:
        return
    planned = dict(session.execute(select(CHAIR_WEEK.c.monday, CHAIR_WEEK.c.dilemma)).all())
    used = _used_elsewhere(session, cards)
    this_monday = monday_of(today)
    for week in range(PLANNED_WEEKS):
        monday = this_monday + timedelta(days=week * WEEK)
        old = planned.get(monday)
        if old is not None and not _must_be_redrawn(library, old, monday, today):
            continue
        others = {other: slug for other, slug in planned.items() if other != monday}
        new = _choose(monday, cards, others, used)
        if new is None or new == old:
            continue
        if old is None:
            insert_once(session, CHAIR_WEEK, {"monday": monday, "dilemma": new})
        else:
            session.execute(_REDRAW, {"on": monday, "old": old, "new": new})
        planned[monday] = new


def _choose(
    monday: date, cards: Mapping[str, Card], others: Mapping[date, str], used: Mapping[str, date]
) -> str | None:
    """Return the slug for a week: another theme than its neighbours, then the longest away."""
    sunday = monday + timedelta(days=WEEK - 1)
    suiting = []
    for slug, card in cards.items():
        if card.can_be_planned(monday, sunday):
            suiting.append(slug)
    with_a_week = set(others.values())
    opened = {slug: day for slug, day in used.items() if slug not in with_a_week}
    return choose_dilemma(monday, theme_of_each(cards), others, suiting=suiting, opened=opened)


def _used_elsewhere(session: Session, cards: Mapping[str, Card]) -> dict[str, date]:
    """Return the last day on which these dilemmas opened, or will open as that of a day."""
    used = {}
    for slug, edition in last_editions(session).items():
        if slug in cards:
            used[slug] = edition.opens_on
    for row in session.execute(select(DAY).order_by(DAY.c.day)):
        if row.dilemma in cards:
            used[row.dilemma] = max(row.day, used.get(row.dilemma, row.day))
    return used


def _must_be_redrawn(library: Library, slug: str, monday: date, today: date) -> bool:
    if library.is_withdrawn(slug):
        return True
    # a week that has begun keeps its dilemma: people may have answered
    if monday <= today:
        return False
    card = library.card(slug)
    return card is None or not card.can_be_planned(monday, monday + timedelta(days=WEEK - 1))
