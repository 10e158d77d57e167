"""The calendar: the dilemma of each working day, planned ahead; new cards change no planned day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import Rhythm
from kopkrakers.base.db import Rows, insert_once
from kopkrakers.catalogue.cards.card import Card, is_stelling_slug
from kopkrakers.catalogue.editions.beginning import Beginning, usable_beginning
from kopkrakers.catalogue.editions.editions import (
    COLUMNS,
    DAY,
    EDITION,
    OF_CARD,
    PublishedEdition,
    card_in_list,
    edition_found_by,
    last_editions,
    latest_edition,
    open_edition,
    open_first_edition,
)
from kopkrakers.catalogue.editions.working_days import (
    WEEK,
    choose_dilemma,
    last_day_shown,
    last_working_day,
    may_have_stelling,
    period_of,
    working_days,
)
from kopkrakers.catalogue.library import Library, theme_of_each

PLANNED_DAYS = 28
"""Calendar days that are planned ahead."""
NOT_SHOWN_IN_A_ROW = 20
"""Dilemmas that cannot be shown, and are passed over in search of one that can."""
_REDRAW = (
    update(DAY)
    .where(DAY.c.day == bindparam("on"), DAY.c.dilemma == bindparam("old"))
    .values(dilemma=bindparam("new"))
)
_PUBLISHED = (
    select(*COLUMNS)
    .join(DAY, (DAY.c.dilemma == EDITION.c.dilemma) & (EDITION.c.opens_on >= DAY.c.day))
    .where(DAY.c.day <= bindparam("day"), EDITION.c.opens_on <= bindparam("today"), OF_CARD)
    .limit(1)
    .offset(bindparam("skip"))
)
_OF_DAY = _PUBLISHED.order_by(DAY.c.day.desc(), EDITION.c.number.desc())
_OF_PERIOD = _PUBLISHED.where(DAY.c.day >= bindparam("start")).order_by(
    DAY.c.day, EDITION.c.number.desc()
)


@dataclass(frozen=True)
class DayDilemma:
    """The edition of a day with its card."""

    edition: PublishedEdition
    card: Card


def plan_calendar(
    session: Session, library: Library, today: date, *, days: int = PLANNED_DAYS
) -> None:
    """Give a dilemma to every working day without one, and another to days of a withdrawn one.

    Planned are the day whose dilemma shows today (in a weekend the Friday before) and `days` days
    from today. A new instance begins with what `begin.yaml` says. Some days get a stelling, as
    `may_have_stelling` says. Doing it twice changes nothing.
    """
    # those of leidinggevenden have weeks of their own (`chair_weeks`)
    cards = library.cards_of_chair(of_leaders=False)
    planned = dict(session.execute(select(DAY.c.day, DAY.c.dilemma)).all())
    start = last_working_day(today)
    wanted: Mapping[date, str] = {}
    if not planned and not last_editions(session):
        wanted = _begin(session, library, usable_beginning(library.folder), start)
    opened = {slug: edition.opens_on for slug, edition in last_editions(session).items()}
    for day in working_days(start, (today - start).days + days):
        old = planned.get(day)
        if old is not None and not _must_be_redrawn(session, library, old, day, today):
            continue
        # its own dilemma is one that must go: it keeps no other away
        other_days = dict(planned)
        other_days.pop(day, None)
        new = wanted.get(day) or _choose_stelling(day, library.stellingen, other_days)
        new = new or _choose(day, cards, other_days, opened)
        if new is None or new == old:
            continue
        if old is None:
            insert_once(session, DAY, {"day": day, "dilemma": new})
        else:
            session.execute(_REDRAW, {"on": day, "old": old, "new": new})
        planned[day] = new


def _begin(
    session: Session, library: Library, beginning: Beginning, start: date
) -> Mapping[date, str]:
    """Open the starters of a new instance, and return the dilemmas of its first working days.

    A card that cannot be shown in the days to come is passed over.
    """
    cards = library.cards()
    for slug in beginning.starters:
        if slug in cards and not cards[slug].is_unsure(start):
            open_first_edition(session, cards[slug], start)
    # a gemeente may have taken a card out of the folder that the list still names
    first_days = [slug for slug in beginning.first_days if slug in cards]
    wanted: dict[date, str] = {}
    for day in working_days(start, PLANNED_DAYS):
        until = last_day_shown(day)
        suiting = [slug for slug in first_days if cards[slug].can_be_planned(day, until)]
        if suiting:
            wanted[day] = suiting[0]
            first_days.remove(suiting[0])
    return wanted


def _choose(
    day: date,
    cards: Mapping[str, Card],
    other_days: Mapping[date, str],
    opened: Mapping[str, date],
) -> str | None:
    """Return the slug for a day among the cards that may be planned on it."""
    suiting = _suiting(day, cards, other_days)
    in_season = [slug for slug in suiting if cards[slug].season is not None]
    with_a_day = set(other_days.values())
    # of the others the calendar itself says how long they were away
    without_a_day = {}
    for slug, since in opened.items():
        if slug not in with_a_day:
            without_a_day[slug] = since
    return choose_dilemma(
        day,
        themes=theme_of_each(cards),
        planned=other_days,
        suiting=suiting,
        in_season=in_season,
        opened=without_a_day,
    )


# D-134
def _choose_stelling(
    day: date, stellingen: Mapping[str, Card], other_days: Mapping[date, str]
) -> str | None:
    """Return the stelling for a day, the longest away; None for a day that gets a dilemma."""
    stelling_days = []
    for other, slug in other_days.items():
        if is_stelling_slug(slug):
            stelling_days.append(other)
    begins = min(other_days, default=day)
    if not may_have_stelling(day, stelling_days, begins):
        return None
    return choose_dilemma(day, themes=theme_of_each(stellingen), planned=other_days)


def _suiting(
    day: date, cards: Mapping[str, Card], other_days: Mapping[date, str]
) -> Collection[str]:
    """Return the cards that may be planned on a day, of each season at most one a week.

    A day with any card is better than an empty one.
    """
    near_seasons = set()
    for other, slug in other_days.items():
        is_near = abs((other - day).days) < WEEK
        if is_near and slug in cards and cards[slug].season is not None:
            near_seasons.add(cards[slug].season)
    until = last_day_shown(day)
    possible, spread = [], []
    for slug, card in cards.items():
        if card.can_be_planned(day, until):
            possible.append(slug)
            if card.season not in near_seasons:
                spread.append(slug)
    return spread or possible or list(cards)


def _must_be_redrawn(session: Session, library: Library, slug: str, day: date, today: date) -> bool:
    if library.is_withdrawn(slug):
        return True
    card, until = library.card(slug), last_day_shown(day)
    if card is not None and not card.can_be_planned(day, until):
        # a day whose edition was opened keeps it: people may have answered
        edition = latest_edition(session, slug, today)
        return day > today or edition is None or edition.opens_on < day
    # a card that disappeared can still be shown from its edition; without one its day stays empty
    is_due = day <= today
    return is_due and card is None and open_edition(session, slug, today) is None


def edition_of_day(session: Rows, today: date, rhythm: Rhythm) -> PublishedEdition | None:
    """Return the edition that shows today: that of the last working day, or the first of its period
    in this rhythm.

    Until a day's edition has been opened, the one before stays. None before the first has been
    opened.
    """
    return _edition_of_day(session, today, rhythm, skip=0)


def dilemma_of_day(
    session: Rows, library: Library, today: date, rhythm: Rhythm
) -> DayDilemma | None:
    """Return the dilemma that shows today.

    A withdrawn one is passed over at once, without waiting for the calendar, and so is one whose
    wording cannot be read any more.
    """
    for skip in range(NOT_SHOWN_IN_A_ROW):
        edition = _edition_of_day(session, today, rhythm, skip)
        if edition is None:
            return None
        card = card_in_list(library, edition)
        if card is not None:
            return DayDilemma(edition, card)
    return None


def _edition_of_day(
    session: Rows, today: date, rhythm: Rhythm, skip: int
) -> PublishedEdition | None:
    day = last_working_day(today)
    params = {"day": day, "today": today, "skip": skip}
    if rhythm is not Rhythm.DAILY:
        start, _ = period_of(day, rhythm)
        of_period = edition_found_by(session, _OF_PERIOD, start=start, **params)
        if of_period is not None:
            return of_period
    return edition_found_by(session, _OF_DAY, **params)
