"""Show the coming days, and give one of them a dilemma. A begun day never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session

from kopkrakers.base.db import changed, insert_once
from kopkrakers.base.dutch import day as day_in_words
from kopkrakers.base.errors import NotYours, TooLate, WrongInput
from kopkrakers.catalogue.cards.card import Card, is_stelling_slug
from kopkrakers.catalogue.editions.calendar import PLANNED_DAYS
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.editions.working_days import (
    last_day_shown,
    stelling_near,
    working_days,
)
from kopkrakers.catalogue.library import Library

SHOWN_DAYS = 60
"""Working days for which a redacteur can choose a card, from today."""
BEGUN = "Deze dag is al begonnen: mensen antwoorden. Daarom verandert hij niet meer."
MEANWHILE = "Deze dag is intussen veranderd. Kijk wat er nu staat, en kies opnieuw."
NO_DAY = "Deze dag staat niet op de kalender."
NEAR_BY_NOW = (
    "Deze dag is nu vier weken of minder ver. Hij houdt zijn kaart; kies er een andere voor als "
    "dat nodig is."
)
NO_CARD = "Deze kaart is er niet, of ze is ingetrokken."
NOT_THEN = "‘{title}’ past niet op deze dag: {why}."
OUT_OF_SEASON = "ze hoort bij een andere tijd van het jaar"
UNSURE = "de wet erop moet dan eerst opnieuw worden nagekeken"
TOO_NEAR = (
    "Er staat al een stelling op {day}. Een stelling komt hoogstens één keer in de twee weken."
)
SAME_THEME = "zelfde thema als de dag ervoor"
TWO_HEAVY = "twee zware kaarten na elkaar"
TWICE = "staat vaker op deze kalender"
_COMING = select(DAY.c.day, DAY.c.dilemma).order_by(DAY.c.day)


@dataclass(frozen=True)
class PlannedDay:
    """A day with its card. `slug` is empty where the calendar has not chosen yet.

    `card` is None then, and where it is away. `is_held`: a redacteur chose before the calendar
    would. `warnings`: what a reader may mind.
    """

    day: date
    slug: str
    card: Card | None
    has_begun: bool
    is_held: bool
    warnings: tuple[str, ...]


def coming_days(session: Session, library: Library, today: date) -> list[PlannedDay]:
    """Return the coming `SHOWN_DAYS` working days, planned or not, and all that are planned."""
    planned = dict(session.execute(_COMING.where(DAY.c.day >= today)).all())
    slugs = list(planned.values())
    days: list[PlannedDay] = []
    before: Card | None = None
    for day in sorted(planned.keys() | set(_choosable(today))):
        slug = planned.get(day, "")
        card = library.card(slug)
        found = PlannedDay(
            day=day,
            slug=slug,
            card=card,
            has_begun=day <= today,
            is_held=day in planned and is_far(day, today),
            warnings=_warnings(card, before, slugs) if slug else (),
        )
        days.append(found)
        before = card
    return days


def _choosable(today: date) -> Sequence[date]:
    # of twice as many days at least half are working days
    return tuple(islice(working_days(today, 2 * SHOWN_DAYS), SHOWN_DAYS))


def is_far(day: date, today: date) -> bool:
    """Whether the calendar does not choose for a day yet."""
    return (day - today).days >= PLANNED_DAYS


# D-124
def give_day(
    session: Session, library: Library, day: date, slug: str, *, shown: str, today: date
) -> None:
    """Give a day a dilemma; a card that stands on another coming day changes places.

    `shown`: what stood there when the page was made, empty where that was nothing. Then the other
    day is left to the calendar.
    Raises: TooLate for a begun day and when it was changed meanwhile; WrongInput for a card that
    cannot be on it; NotYours for a day that is none of the calendar.
    """
    if day <= today:
        raise TooLate(BEGUN)
    _hold_possible(library, slug, day)
    every = dict(session.execute(_COMING).all())
    if day not in every and day not in _choosable(today):
        raise NotYours(NO_DAY)
    others = []
    for other, on_it in every.items():
        if other > today and other != day and on_it == slug:
            others.append(other)
    if not _replace(session, day, shown, slug):
        raise TooLate(MEANWHILE)
    every[day] = slug
    if others:
        _move_to(session, library, others[0], slug, shown)
        every[others[0]] = shown
    for other in (day, *others):
        _hold_apart(every, other)


# D-154
def free_day(session: Session, day: date, *, shown: str, today: date) -> None:
    """Leave a day that a redacteur held to the calendar again.

    Raises: TooLate once the calendar would have chosen, and when it was changed meanwhile.
    """
    if not is_far(day, today):
        raise TooLate(NEAR_BY_NOW)
    if not shown or not _replace(session, day, shown, ""):
        raise TooLate(MEANWHILE)


def _move_to(session: Session, library: Library, day: date, old: str, new: str) -> None:
    if new:
        _hold_possible(library, new, day)
    if not _replace(session, day, old, new):
        raise TooLate(MEANWHILE)


def _replace(session: Session, day: date, old: str, new: str) -> bool:
    """Put one slug in the place of another, empty for none. Return False when it had changed."""
    if not old:
        return insert_once(session, DAY, {"day": day, "dilemma": new})
    still: tuple[Any, ...] = (DAY.c.day == day, DAY.c.dilemma == old)
    if not new:
        return changed(session.execute(delete(DAY).where(*still))) == 1
    return changed(session.execute(update(DAY).where(*still).values(dilemma=new))) == 1


def _hold_possible(library: Library, slug: str, day: date) -> None:
    if not slug:
        raise WrongInput("Kies een kaart voor deze dag.", "kaart")
    card = library.card(slug)
    if card is None:
        raise WrongInput(NO_CARD, "kaart")
    until = last_day_shown(day)
    if card.can_be_planned(day, until):
        return
    why = OUT_OF_SEASON
    if card.is_unsure(until):
        why = UNSURE
    raise WrongInput(NOT_THEN.format(title=card.title, why=why), "kaart")


def _hold_apart(planned: Mapping[date, str], day: date) -> None:
    """Raise WrongInput where a day has a stelling and another is less than a fortnight away."""
    if not is_stelling_slug(planned[day]):
        return
    others = []
    for other, on_it in planned.items():
        if is_stelling_slug(on_it) and other != day:
            others.append(other)
    near = stelling_near(day, others)
    if near is not None:
        raise WrongInput(TOO_NEAR.format(day=day_in_words(near)), "kaart")


def _warnings(card: Card | None, before: Card | None, slugs: Sequence[str]) -> tuple[str, ...]:
    if card is None:
        return ("deze kaart is weg; de kalender kiest een andere",)
    warnings = []
    if before is not None and before.theme == card.theme:
        warnings.append(SAME_THEME)
    if before is not None and before.safety and card.safety:
        warnings.append(TWO_HEAVY)
    if slugs.count(card.slug) > 1:
        warnings.append(TWICE)
    return tuple(warnings)
