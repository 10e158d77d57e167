"""Show the coming days, and give one of them another dilemma. A begun day never changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from kopkrakers.base.db import changed
from kopkrakers.base.dutch import day as day_in_words
from kopkrakers.base.errors import NotYours, TooLate, WrongInput
from kopkrakers.catalogue.cards.card import Card, is_stelling_slug
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.editions.working_days import last_day_shown, stelling_near
from kopkrakers.catalogue.library import Library

BEGUN = "Deze dag is al begonnen: mensen antwoorden. Daarom verandert hij niet meer."
MEANWHILE = "Deze dag is intussen veranderd. Kijk wat er nu staat, en kies opnieuw."
NO_DAY = "Deze dag staat niet op de kalender."
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
    """A day with its card. `card` is None where it is away. `warnings`: what a reader may mind."""

    day: date
    slug: str
    card: Card | None
    has_begun: bool
    warnings: tuple[str, ...]


def coming_days(session: Session, library: Library, today: date) -> list[PlannedDay]:
    """Return the planned days from today on."""
    rows = session.execute(_COMING.where(DAY.c.day >= today)).all()
    slugs = [row.dilemma for row in rows]
    days: list[PlannedDay] = []
    before: Card | None = None
    for row in rows:
        card = library.card(row.dilemma)
        found = _warnings(card, before, slugs)
        days.append(PlannedDay(row.day, row.dilemma, card, row.day <= today, found))
        before = card
    return days


# D-124
def give_day(
    session: Session, library: Library, day: date, slug: str, *, shown: str, today: date
) -> None:
    """Give a day another dilemma; a card that stands on another coming day changes places.

    `shown`: what stood there when the page was made.
    Raises: TooLate for a begun day and when it was changed meanwhile; WrongInput for a card that
    cannot be on it; NotYours for a day without a plan.
    """
    if day <= today:
        raise TooLate(BEGUN)
    _hold_possible(library, slug, day)
    every = dict(session.execute(_COMING).tuples().all())
    planned = {other: on_it for other, on_it in every.items() if other > today}
    if day not in planned:
        raise NotYours(NO_DAY)
    others = [other for other, on_it in planned.items() if on_it == slug and other != day]
    if not _replace(session, day, shown, slug):
        raise TooLate(MEANWHILE)
    if others:
        # the card that makes room must fit where it goes as well
        _hold_possible(library, shown, others[0])
        if not _replace(session, others[0], slug, shown):
            raise TooLate(MEANWHILE)
        every[others[0]] = shown
    every[day] = slug
    for other in (day, *others):
        _hold_apart(every, other)


def _replace(session: Session, day: date, old: str, new: str) -> bool:
    still: tuple[Any, ...] = (DAY.c.day == day, DAY.c.dilemma == old)
    return changed(session.execute(update(DAY).where(*still).values(dilemma=new))) == 1


def _hold_possible(library: Library, slug: str, day: date) -> None:
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
    others = [other for other, on_it in planned.items() if is_stelling_slug(on_it) and other != day]
    near = stelling_near(day, others)
    if near is not None:
        raise WrongInput(TOO_NEAR.format(day=day_in_words(near)), "kaart")


def _warnings(card: Card | None, before: Card | None, slugs: Sequence[str]) -> tuple[str, ...]:
    if card is None:
        return ("deze kaart is weg; de kalender kiest een andere",)
    found = []
    if before is not None and before.theme == card.theme:
        found.append(SAME_THEME)
    if before is not None and before.safety and card.safety:
        found.append(TWO_HEAVY)
    if slugs.count(card.slug) > 1:
        found.append(TWICE)
    return tuple(found)
