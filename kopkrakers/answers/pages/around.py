"""Everything around the dilemma of the day: yesterday's figure, how the day ends, the week.

For whoever used their turn alone: a figure or a title of a dilemma that somebody can still answer
tells nothing of what others chose.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import starmap

from sqlalchemy import and_, bindparam, select

from kopkrakers.accounts.models import Rhythm
from kopkrakers.answers.figures import distributions_of, national_distributions
from kopkrakers.answers.pages.outcome_parts import labels_of
from kopkrakers.answers.pages.views import (
    Ending,
    UnfoldingLink,
    WeekDilemma,
    WeekOfLeaders,
    Yesterday,
)
from kopkrakers.answers.service import ANSWERED, Turn
from kopkrakers.base.db import Rows
from kopkrakers.base.dutch import near_day
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.editions.coming import ComingDilemma
from kopkrakers.catalogue.editions.editions import (
    CHAIR_WEEK,
    DAY,
    EDITION,
    TAKES_ANSWERS,
    PublishedEdition,
)
from kopkrakers.catalogue.editions.working_days import monday_of, period_of
from kopkrakers.catalogue.library import Library
from kopkrakers.pools.models import POOL_ASSIGNMENT
from kopkrakers.pools.rules import regio_of
from kopkrakers.pools.service import ASSIGNED
from kopkrakers.privacy.labels import SOMETHING_ELSE
from kopkrakers.privacy.release import ReleasedNational, ReleasedTop
from kopkrakers.privacy.rules import TOP_SHARE

RECENT = 30
"""Editions, the latest, that Vandaag looks through; those of chapters among them."""
NEWS_DAYS = 7
"""Days on which Vandaag tells of a chapter; after that the result of its card still does."""
FEWEST_TO_COMPARE = 2
"""Dilemmas of a week with figures, before one of them can be the most divided."""
_OPENED_WEEK = and_(
    CHAIR_WEEK.c.dilemma == EDITION.c.dilemma, CHAIR_WEEK.c.monday == EDITION.c.opens_on
)
_RECENT_EDITIONS = (
    select(
        EDITION.c.dilemma,
        EDITION.c.number,
        EDITION.c.opens_on,
        and_(*TAKES_ANSWERS).label("is_open"),
        DAY.c.day.is_not(None).label("is_of_day"),
        CHAIR_WEEK.c.monday.is_not(None).label("is_of_week"),
        POOL_ASSIGNMENT.c.pool,
        EDITION.c.chapter,
    )
    .outerjoin(POOL_ASSIGNMENT, ASSIGNED)
    .outerjoin(DAY, (DAY.c.dilemma == EDITION.c.dilemma) & (DAY.c.day == EDITION.c.opens_on))
    .outerjoin(CHAIR_WEEK, _OPENED_WEEK)
    .where(EDITION.c.opens_on <= bindparam("today"), EDITION.c.settled.is_(False))
    .order_by(EDITION.c.opens_on.desc(), EDITION.c.dilemma)
    .limit(RECENT)
)


@dataclass(frozen=True)
class RecentEdition:
    """An edition of the last weeks. `is_of_day`: it was the dilemma of the day it opened.

    `is_of_week`: that of leidinggevenden in the week it opened. `pool`: that of the gemeente of who
    looks, verified or not, for it says whose totals are shown.
    `chapter`: 0 for that of a card.
    """

    dilemma: str
    number: int
    opens_on: date
    is_open: bool
    is_of_day: bool
    is_of_week: bool
    pool: str | None
    chapter: int

    @property
    def place(self) -> tuple[str, int]:
        """Return what names it."""
        return self.dilemma, self.number


Turns = Mapping[tuple[str, int], Turn]


@dataclass(frozen=True)
class ShownEdition:
    """The edition that shows, among those of the last weeks and this person's turns on them.

    `keys` verify totals.
    """

    edition: PublishedEdition
    recent: Sequence[RecentEdition]
    turns: Turns
    rhythm: Rhythm
    keys: Keys


def recent_editions(session: Rows, today: date, gemeente_id: int) -> list[RecentEdition]:
    """Return the editions of the last weeks that are not emptied yet, the latest first."""
    asked = {"today": today, "gemeente": gemeente_id}
    rows = session.connection().execute(_RECENT_EDITIONS, asked)
    return list(starmap(RecentEdition, rows))


def chapter_news(
    library: Library, recent: Iterable[RecentEdition], turns: Turns, today: date
) -> UnfoldingLink | None:
    """Return the latest chapter that came in these days for whoever answered the part before it."""
    for edition in recent:
        is_news = edition.opens_on > today - timedelta(days=NEWS_DAYS)
        if not edition.chapter or not is_news or not edition.is_open or edition.place in turns:
            continue
        card = library.card(edition.dilemma)
        before = turns.get((edition.dilemma, edition.number - 1))
        if card is not None and before in ANSWERED:
            first = edition.number - edition.chapter
            return UnfoldingLink(edition.dilemma, first, card.title)
    return None


def ending(upcoming: ComingDilemma, today: date, rhythm: Rhythm) -> Ending:
    """Return how the day closes, or the week for whoever has one dilemma a week."""
    period, title, theme = "vandaag", "", ""
    if rhythm is Rhythm.WEEKLY:
        period = "deze week"
    if upcoming.card is not None:
        title, theme = upcoming.card.title, upcoming.card.theme
    when = near_day(upcoming.day, today).capitalize()
    return Ending(period, when, title, theme)


# D-115
def yesterday(
    session: Rows, library: Library, shown: ShownEdition, today: date
) -> Yesterday | None:
    """Return the figure of the dilemma before the one that shows.

    None when this person did not answer it, when nothing was counted, and when it takes no more
    answers: then it may have come back, to be answered blind.
    """
    edition = _answered_before(shown)
    if edition is None or not edition.is_open:
        return None
    dilemma, number = edition.place
    card = library.card(dilemma)
    if card is None:
        return None
    figures = distributions_of(
        session, shown.keys, dilemma, number, card.option_codes, edition.pool
    )
    told = _told(card, figures.local or figures.national, whose_choices(edition, figures.local))
    if not told:
        return None
    when = near_day(edition.opens_on, today).capitalize()
    if shown.rhythm is Rhythm.WEEKLY:
        when = "Vorige week"
    return Yesterday(when, card.title, dilemma, number, told)


def _answered_before(shown: ShownEdition) -> RecentEdition | None:
    """Return the dilemma of the day before; in another rhythm the last that was answered of the
    period before.
    """
    before = shown.edition.opens_on
    is_daily = shown.rhythm is Rhythm.DAILY
    # every day: whichever came before, also when that was on Friday
    earliest = date.min
    if not is_daily:
        start, _ = period_of(before, shown.rhythm)
        earliest, _ = period_of(start - timedelta(days=1), shown.rhythm)
    for edition in shown.recent:
        if not edition.is_of_day or not earliest <= edition.opens_on < before:
            continue
        if shown.turns.get(edition.place) in ANSWERED:
            return edition
        if is_daily:
            return None
    return None


def whose_choices(edition: RecentEdition, local: ReleasedNational | None) -> str:
    """Return whose choices are told, for the beginning of a sentence."""
    if local is None or edition.pool is None:
        return "In alle gemeenten samen"
    if regio_of(edition.pool) is not None:
        return "In je regio"
    return "In je gemeente"


def _told(card: Card, figures: ReleasedNational | None, whose: str) -> str:
    """Return the largest share as a sentence; empty without figures."""
    if figures is None:
        return ""
    if isinstance(figures, ReleasedTop):
        return _sentence(card, figures.share, figures.option, whose)
    most = max(row.percent for row in figures.rows)
    largest = [row.option for row in figures.rows if row.percent == most]
    if len(largest) > 1:
        return f"{whose} twee keuzes even vaak."
    return _sentence(card, f"{most}%", largest[0], whose)


def _sentence(card: Card, share: str, option: str, whose: str) -> str:
    if card.is_stelling:
        return f"{whose} koos {share} ‘{labels_of(card)[option]}’."
    if option == SOMETHING_ELSE:
        return f"{whose} zou {share} iets anders doen."
    return f"{whose} koos {share} {option.upper()}."


def beside(
    library: Library, recent: Iterable[RecentEdition], turns: Turns, today: date
) -> WeekOfLeaders | None:
    """Return the dilemma of this week from the chair of leidinggevenden; None without one."""
    for edition in recent:
        if edition.is_of_week and edition.is_open and edition.opens_on == monday_of(today):
            card = library.card(edition.dilemma)
            if card is not None:
                return WeekOfLeaders(card.slug, card.title, edition.place in turns)
    return None


def is_last_of_week(shown_on: date, upcoming: ComingDilemma) -> bool:
    """Whether the next dilemma comes in another week."""
    return monday_of(upcoming.day) > shown_on


def week_of(session: Rows, library: Library, shown: ShownEdition) -> tuple[WeekDilemma, ...]:
    """Return the dilemmas of the days of this week, the first day first.

    Which of them divided people most is told of those that this person answered.
    """
    shown_on = shown.edition.opens_on
    monday = monday_of(shown_on)
    cards = library.planned_cards()
    in_week = []
    options = {}
    for edition in reversed(shown.recent):
        # an edition can outlive its card
        is_shown = edition.is_of_day and edition.dilemma in cards
        if not is_shown or not monday <= edition.opens_on <= shown_on:
            continue
        in_week.append(edition)
        # the figures of what is not answered yet stay unseen
        if edition.is_open and shown.turns.get(edition.place) in ANSWERED:
            options[edition.place] = cards[edition.dilemma].option_codes
    divided = _most_divided(national_distributions(session, shown.keys, options))
    dilemmas = []
    for edition in in_week:
        dilemma = WeekDilemma(
            edition.dilemma,
            cards[edition.dilemma].title,
            is_answered=edition.place in shown.turns,
            is_most_divided=edition.place == divided,
        )
        dilemmas.append(dilemma)
    return tuple(dilemmas)


def _most_divided(
    figures: Mapping[tuple[str, int], ReleasedNational],
) -> tuple[str, int] | None:
    """Return the dilemma whose favourite has the smallest share; None with too few to compare."""
    if len(figures) < FEWEST_TO_COMPARE:
        return None
    return min(figures, key=lambda place: _largest_percent(figures[place]))


def _largest_percent(figures: ReleasedNational) -> int:
    if isinstance(figures, ReleasedTop):
        return TOP_SHARE
    return max(row.percent for row in figures.rows)
