"""Reading for the pages of the day: the card, the own turn, and whether a result may be seen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlmodel import Session

from kopkrakers.accounts.models import MEMBERSHIP, PAUSE, TEAM, USER, Rhythm
from kopkrakers.answers.figures import national_distributions
from kopkrakers.answers.kraakvraag import most_chosen
from kopkrakers.answers.pages.around import (
    RecentEdition,
    ShownEdition,
    Turns,
    beside,
    chapter_news,
    ending,
    is_last_of_week,
    recent_editions,
    week_of,
    yesterday,
)
from kopkrakers.answers.pages.views import CountedDilemma, Day, DayState, Ending, card_view
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Turn, Vote, edition_and_turn, turn_of, turns_of
from kopkrakers.base.db import Rows
from kopkrakers.base.errors import NotYours
from kopkrakers.base.keys import Keys
from kopkrakers.base.typed import by_name
from kopkrakers.catalogue.cards.card import Card, is_slug
from kopkrakers.catalogue.editions.archive import archive
from kopkrakers.catalogue.editions.calendar import dilemma_of_day
from kopkrakers.catalogue.editions.coming import coming
from kopkrakers.catalogue.editions.editions import (
    PublishedEdition,
    latest_edition,
    shown_card,
)
from kopkrakers.catalogue.editions.rhythm import rhythm_of
from kopkrakers.catalogue.editions.working_days import last_working_day, period_of
from kopkrakers.catalogue.library import Library
from kopkrakers.pools.chairs import CHOSEN_CHAIR
from kopkrakers.pools.reading import is_pilot

_TEAMS = (
    select(TEAM.c.id, TEAM.c.name, TEAM.c.rhythm)
    .join(MEMBERSHIP, MEMBERSHIP.c.team_id == TEAM.c.id)
    .where(MEMBERSHIP.c.user_id == bindparam("user_id"))
    .order_by(TEAM.c.id)
)
_RHYTHMS_PAUSE_AND_CHAIR = (
    select(TEAM.c.rhythm, PAUSE.c.last_day, CHOSEN_CHAIR.label("leads"))
    .select_from(USER)
    .outerjoin(MEMBERSHIP, MEMBERSHIP.c.user_id == USER.c.id)
    .outerjoin(TEAM, TEAM.c.id == MEMBERSHIP.c.team_id)
    .outerjoin(PAUSE, (PAUSE.c.user_id == USER.c.id) & (PAUSE.c.last_day >= bindparam("today")))
    .where(USER.c.id == bindparam("user_id"))
)
"""In one statement: Vandaag is the page that is opened most. A row without a team has no rhythm."""


@dataclass(frozen=True)
class Person:
    """The person who asks. `votes`: has a role that answers cards."""

    voter: Voter
    gemeente_id: int
    votes: bool

    def vote(self, dilemma: str, edition: int, answer: Answer) -> Vote:
        """Return an answer of this person as it is handed in."""
        return Vote(self.voter, self.gemeente_id, dilemma, edition, answer)


@dataclass(frozen=True)
class DayEdition:
    """An edition with its card, and this person's turn on it today."""

    card: Card
    published: PublishedEdition
    is_open: bool
    turn: Turn
    today: date

    @property
    def dilemma(self) -> str:
        """Return the slug of its dilemma."""
        return self.published.dilemma

    @property
    def number(self) -> int:
        """Return the number of the edition."""
        return self.published.number


def day_of(session: Rows, library: Library, keys: Keys, person: Person, today: date) -> Day:
    """Return Vandaag: the card to answer, the way to its result, or the card to read.

    `keys` verify totals. Which dilemma that is follows from the rhythm of this person's teams.
    """
    rhythm, paused_until, leads = _rhythm_pause_and_chair(session, person, today)
    planned = dilemma_of_day(session, library, today, rhythm)
    if planned is None:
        return Day(DayState.EMPTY, today, paused_until=paused_until)
    edition = planned.edition
    everything = []
    # who reads along has no turns, so there is nothing to look for
    if person.votes:
        everything = recent_editions(session, today, person.gemeente_id)
    recent = [one for one in everything if not one.chapter]
    turns = _turns(session, person, edition, everything)
    turn = turns.get((edition.dilemma, edition.number), Turn.NONE)
    day = Day(
        state=_day_state(person, turn, is_open=edition.is_open(today)),
        today=today,
        card=card_view(planned.card, edition.number, today),
        planned_on=edition.opens_on,
        turn=turn,
        rhythm=rhythm,
        paused_until=paused_until,
        counted=_counted_dilemmas(library, everything, turns),
        has_more=any(one.is_open and one.place not in turns for one in recent),
        leads=leads,
        unfolding=chapter_news(library, everything, turns, today),
    )
    # who does not lead meets it once the dilemma of the day is answered
    if leads or day.state is DayState.CHOSEN:
        day = replace(day, beside=beside(library, recent, turns, today))
    shown = ShownEdition(edition, recent, turns, rhythm, keys)
    return _with_neighbours(session, library, day, shown)


def _with_neighbours(session: Rows, library: Library, day: Day, shown: ShownEdition) -> Day:
    """Return Vandaag with the day before, how the day ends and, at its end, the week."""
    if day.state is DayState.CHOSEN:
        upcoming = coming(session, library, day.today, shown.rhythm)
        day = replace(day, ending=ending(upcoming, day.today, shown.rhythm))
        if day.turn is Turn.IN_BOX and _is_national(shown):
            day = replace(day, is_pilot=is_pilot(session, shown.keys))
        opened = shown.edition.opens_on
        if shown.rhythm is not Rhythm.WEEKLY and is_last_of_week(opened, upcoming):
            return replace(day, week=week_of(session, library, shown))
    before = yesterday(session, library, shown, day.today)
    # whoever chooses again is not told first what others chose
    if before and day.unfolding and day.unfolding.slug == before.slug:
        before = None
    # one line about a dilemma is enough
    told = {one.slug for one in (before, day.unfolding) if one}
    counted = tuple(one for one in day.counted if one.slug not in told)
    return replace(day, yesterday=before, counted=counted)


def _is_national(shown: ShownEdition) -> bool:
    """Whether the edition that shows is counted nationally only, for whoever looks."""
    place = shown.edition.dilemma, shown.edition.number
    return any(one.place == place and one.pool is None for one in shown.recent)


def find_edition(
    session: Rows,
    library: Library,
    person: Person,
    slug: str,
    today: date,
    *,
    number: int | None = None,
) -> DayEdition:
    """Return an edition of a dilemma: the one with this number, else the last published.

    Raises: NotYours when there is none, it is not published yet, or the redactie withdrew it.
    """
    found = None
    # anything can stand in an address: what is no slug is asked of no database
    if is_slug(slug):
        found = _edition_and_turn(session, person, slug, number, today)
    # what is planned looks as if it were not there: a title would tell what comes
    if found is None or found[0].opens_on > today:
        raise NotYours("Dit dilemma bestaat niet, of niet meer.")
    edition, turn = found
    return DayEdition(shown_card(library, edition), edition, edition.is_open(today), turn, today)


def _edition_and_turn(
    session: Rows, person: Person, slug: str, number: int | None, today: date
) -> tuple[PublishedEdition, Turn] | None:
    if number is not None:
        return edition_and_turn(session, person.voter, slug, number)
    edition = latest_edition(session, slug, today)
    if edition is None:
        return None
    return edition, turn_of(session, person.voter, slug, edition.number)


# D-18
def may_see_result(session: Rows, person: Person, edition: DayEdition, today: date) -> bool:
    """Whether figures, arguments and knowledge may be shown to this person.

    An open edition: once their turn on it is used. A closed one: to anyone, unless the dilemma
    takes answers again in a later edition and this person can still answer there; that vote must
    be blind too.
    """
    if edition.is_open:
        return edition.turn is not Turn.NONE
    latest = latest_edition(session, edition.dilemma, today)
    if latest is None or not latest.is_open(today):
        return True
    return turn_of(session, person.voter, latest.dilemma, latest.number) is not Turn.NONE


def outcomes_of(
    session: Session, library: Library, keys: Keys, voter: Voter, today: date
) -> dict[str, str]:
    """Return what most people chose, by the key of an edition, where this person may see it.

    Of the last edition of each dilemma, as `may_see_result` says: closed, or their turn is used.
    `keys` verify the totals. So the page of the diary is the same for every choice.
    """
    published = archive(session, library, today)
    are_open = [(one.card.slug, one.edition_number) for one in published if one.is_open]
    turns = turns_of(session, voter, are_open)
    codes = {}
    for one in published:
        place = (one.card.slug, one.edition_number)
        # an open one that this person did not answer yet must be answered blind
        if place in turns or not one.is_open:
            codes[place] = one.card.option_codes
    outcomes = {}
    for (slug, number), released in national_distributions(session, keys, codes).items():
        most = most_chosen(released)
        if most is not None:
            outcomes[f"{slug}.{number}"] = most
    return outcomes


def _rhythm_pause_and_chair(
    session: Rows, person: Person, today: date
) -> tuple[Rhythm, date | None, bool | None]:
    """Return the rhythm of this person’s teams, the last day of their pause, and if they lead."""
    asked = {"user_id": person.voter.user_id, "today": today}
    rows = session.connection().execute(_RHYTHMS_PAUSE_AND_CHAIR, asked).all()
    paused_until = leads = None
    if rows:
        paused_until, leads = rows[0].last_day, rows[0].leads
    # who is in no team has a row too, for the pause
    rhythms = [row.rhythm for row in rows if row.rhythm is not None]
    return rhythm_of(rhythms), paused_until, leads


def teams_of(session: Rows, voter: Voter) -> list[Row[tuple[int, str, str]]]:
    """Return the id, name and rhythm of this person's teams, by name."""
    rows: list[Any] = list(session.connection().execute(_TEAMS, {"user_id": voter.user_id}))
    return by_name(rows, lambda team: team.name)


def ending_of(
    session: Rows, library: Library, edition: DayEdition, rhythm: Rhythm
) -> Ending | None:
    """Return how the day closes under today's dilemma; None under any other."""
    shown_since, _ = period_of(last_working_day(edition.today), rhythm)
    if not edition.is_open or edition.published.opens_on < shown_since:
        return None
    upcoming = coming(session, library, edition.today, rhythm)
    if upcoming.shown != edition.dilemma:
        return None
    return ending(upcoming, edition.today, rhythm)


def _day_state(person: Person, turn: Turn, *, is_open: bool) -> DayState:
    if not person.votes:
        return DayState.READ_ONLY
    if is_open and turn is Turn.NONE:
        return DayState.CHOOSE
    return DayState.CHOSEN


def _turns(
    session: Rows, person: Person, edition: PublishedEdition, recent: list[RecentEdition]
) -> Turns:
    """Return this person's turns on the edition that shows and on the recent ones, latest first."""
    if not person.votes:
        return {}
    places = [one.place for one in recent]
    turns = turns_of(session, person.voter, [(edition.dilemma, edition.number), *places])
    in_order = {}
    for place in places:
        if place in turns:
            in_order[place] = turns[place]
    # the edition that shows last, when it is none of the recent ones
    return in_order | dict(turns)


def _counted_dilemmas(
    library: Library, recent: list[RecentEdition], turns: Mapping[tuple[str, int], Turn]
) -> tuple[CountedDilemma, ...]:
    chapters = {one.place for one in recent if one.chapter}
    counted = []
    for (slug, number), turn in turns.items():
        card = library.card(slug)
        # a turn outlives its card when the redactie withdraws it
        if turn is Turn.COUNTED and card is not None and (slug, number) not in chapters:
            counted.append(CountedDilemma(slug, number, card.title))
    return tuple(counted)
