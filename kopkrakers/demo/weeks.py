"""Four weeks of answers in a few seconds: the real path under a clock that runs fast."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from random import Random

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.personas import PERSONAS
from kopkrakers.accounts.service import teams_of, visitor_by_email
from kopkrakers.base.clock import AMSTERDAM, amsterdam_day
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.processes.progress import Progress
from kopkrakers.catalogue.cards.card import is_stelling_slug
from kopkrakers.catalogue.editions.editions import PublishedEdition, latest_edition
from kopkrakers.catalogue.editions.models import CalendarDay, ChairWeek
from kopkrakers.catalogue.editions.working_days import is_working_day, last_working_day, monday_of
from kopkrakers.counter.loop import tick
from kopkrakers.demo.choices import answer_of, two_camps
from kopkrakers.demo.people import REGIOS, Colleague
from kopkrakers.demo.simulation import unfolding
from kopkrakers.demo.simulation.living import (
    PEAKS,
    Plan,
    PlannedAnswer,
    answer_time,
    edition_on,
    live_day,
    on_clock,
)
from kopkrakers.demo.simulation.unfolding import choose_again_at_once, choosing_again
from kopkrakers.demo.stage import Stage
from kopkrakers.intervisie.agenda.service import add_wish
from kopkrakers.pools.chairs import choose_chair
from kopkrakers.privacy.rules import K_GEMEENTE

WEEKS = 4
"""So many that loose attributes of some dilemmas have waited long enough to be counted."""
JOINING = (0.5, 0.75)
"""The part of the colleagues that answers the dilemma of a day, between these."""
TODAY_COUNTED = 0.32
"""The part of a pool whose answers of today are counted when the demo opens."""
HALF_FULL = 6
"""Envelopes that wait in each local box when the demo opens."""
OPENING_CARD = "timo-of-kevin"
"""The dilemma that a visitor of a fresh demo meets."""
CARD_BEFORE = "de-wasmachine"
"""The dilemma of the working day before, which goes on today."""
ONE_LEADS_IN = 4
"""Colleagues of whom one leads."""
LEADERS_JOINING = 0.85
"""The part of them that answers the dilemma of a week from their chair."""
AGENDA_DAYS = (2, 6, 11)
"""Days with a dilemma ago of those on agendas; the first is wished most."""
WISHES = (0, 0, 0, 0, 1, 1, 2, 3)
"""Dilemmas that a colleague puts on the agenda: one of these numbers."""


def live_through_weeks(stage: Stage, now: datetime, progress: Progress) -> None:
    """Live through the last four weeks, and through today until `now`.

    Nobody can copy the database of these nights, so none of them writes loose attributes anew:
    that would take as long as all else. The first real night does.
    """
    stage = replace(stage, counter=replace(stage.counter, renew_after=timedelta.max))
    today = last_working_day(now.astimezone(AMSTERDAM).date())
    first = today - timedelta(weeks=WEEKS)
    days = (today - first).days
    _plan(stage, today, OPENING_CARD)
    _plan(stage, last_working_day(today - timedelta(days=1)), CARD_BEFORE)
    people = stage.everyone()
    leaders = seat_leaders(stage, people, first - timedelta(days=1))
    waiting: list[PlannedAnswer] = []
    worked = []
    for done in range(days):
        progress(done, days + 1)
        day = first + timedelta(days=done)
        # by its date, so that one day of two demos has the same answers
        chance = Random(day.toordinal())
        plan = joining(stage, people, part=chance.uniform(*JOINING), chance=chance)
        waiting += choosing_again(stage, people, day, chance)
        live_day(stage, day, waiting, plan=plan)
        if day == monday_of(day):
            waiting += from_both_chairs(stage, people, leaders, day, chance)
        if is_working_day(day):
            worked.append(day)
    progress(days, days + 1)
    shown = [edition_on(stage, day).dilemma for day in worked]
    # a stelling comes to no agenda
    dilemmas = [slug for slug in shown if not is_stelling_slug(slug)]
    put_on_agendas(stage, [dilemmas[-ago] for ago in AGENDA_DAYS])
    open_today(stage, now)
    progress(days + 1, days + 1)


def seat_leaders(stage: Stage, people: list[Colleague], day: date) -> frozenset[int]:
    """Let the persona who leads, and some colleagues, choose their chair on a day. Return who."""
    emails = []
    for persona in PERSONAS:
        if persona.role == Role.LEIDINGGEVENDE:
            emails.append(persona.email)
    seated = []
    for place, colleague in enumerate(people):
        if not colleague.played and place % ONE_LEADS_IN == 0:
            seated.append(colleague.user_id)
    with stage.database.transaction() as session:
        for email in emails:
            seated.append(visitor_by_email(session, email, stage.counter.keys).id)
        for user_id in seated:
            choose_chair(session, stage.counter.keys, user_id, leads=True, today=day)
    return frozenset(seated)


def from_both_chairs(
    stage: Stage, people: list[Colleague], leaders: frozenset[int], monday: date, chance: Random
) -> Iterator[PlannedAnswer]:
    """Yield the answers to the dilemma of a week: of whoever leads most, of the others a part."""
    with stage.database.reading() as session:
        week = session.get(ChairWeek, monday)
        edition = latest_edition(session, week.dilemma, monday) if week else None
    if edition is None:
        return
    card = stage.card(edition)
    for colleague in people:
        part = LEADERS_JOINING if colleague.user_id in leaders else JOINING[0]
        if not colleague.played and chance.random() < part:
            at = answer_time(chance, monday + timedelta(days=1))
            yield PlannedAnswer(at, edition, colleague, answer_of(colleague, card))


def joining(stage: Stage, people: list[Colleague], *, part: float, chance: Random) -> Plan:
    """Return a plan in which this part of the people answers, each at a time of their own."""

    def plan(edition: PublishedEdition) -> Iterable[PlannedAnswer]:
        card = stage.card(edition)
        joins = unfolding.JOINING if card.chapters else part
        for colleague in people:
            at = answer_time(chance, edition.opens_on)
            sees_how_it_goes_on = colleague.played and edition.dilemma == CARD_BEFORE
            if sees_how_it_goes_on:
                at = on_clock(edition.opens_on, PEAKS[0])
            if sees_how_it_goes_on or chance.random() < joins:
                yield PlannedAnswer(at, edition, colleague, answer_of(colleague, card))

    return plan


def put_on_agendas(stage: Stage, slugs: list[str]) -> None:
    """Let some colleagues ask their team to talk about these dilemmas."""
    keys = keys_for(Use.WISHES, stage.settings)
    with stage.database.transaction() as session:
        for colleague in stage.colleagues():
            for team in teams_of(session, colleague.user_id):
                for slug in slugs[: Random(colleague.user_id).choice(WISHES)]:
                    add_wish(
                        session,
                        stage.library,
                        user_id=colleague.user_id,
                        team_id=team.id,
                        dilemma=slug,
                        keys=keys,
                    )


def open_today(stage: Stage, now: datetime) -> None:
    """Bring today's card where a visitor should find it: a count is in, and each box is half full.

    Does nothing to a card that already has answers, so that it can be called at every start.
    """
    tick(stage.counter, stage.library, now)
    today = now.astimezone(AMSTERDAM).date()
    edition = edition_on(stage, today)
    people = stage.colleagues()
    if choose_again_at_once(stage, people, today):
        stage.look_twice(now)
    if len(stage.not_yet(edition, people)) < len(people):
        return
    rests = {}
    for gemeente, colleagues in by_pool(people):
        early = max(round(TODAY_COUNTED * len(colleagues)), K_GEMEENTE)
        stage.cast(edition, colleagues[:early], today, two_camps(stage.card(edition), gemeente))
        rests[gemeente] = colleagues[early:]
    stage.look_twice(now)
    for gemeente, colleagues in rests.items():
        stage.cast(edition, colleagues[:HALF_FULL], today, two_camps(stage.card(edition), gemeente))


def end_day(stage: Stage, now: datetime) -> None:
    """Let most of the colleagues answer who did not yet, and look into the boxes."""
    today = amsterdam_day(now)
    if is_working_day(today):
        edition = edition_on(stage, today)
        people = stage.colleagues()
        left = stage.not_yet(edition, people)
        chance = Random(today.toordinal())
        part = chance.uniform(*JOINING)
        if stage.card(edition).chapters:
            part = unfolding.JOINING
        wanted = round(part * len(people)) - (len(people) - len(left))
        stage.cast(edition, chance.sample(left, max(wanted, 0)), today)
    stage.look_twice(now)


def by_pool(people: list[Colleague]) -> Iterator[tuple[str, list[Colleague]]]:
    """The colleagues who are counted together, mixed over teams, with a gemeente of theirs."""
    mixed = sorted(people, key=lambda one: (pool_name(one), Random(one.user_id).random()))
    for _, group in groupby(mixed, key=pool_name):
        together = list(group)
        yield together[0].gemeente, together


def pool_name(colleague: Colleague) -> str:
    """The regio of a colleague from a small gemeente, else the gemeente."""
    for regio, members in REGIOS.items():
        if colleague.gemeente in members:
            return regio
    return colleague.gemeente


def _plan(stage: Stage, day: date, slug: str) -> None:
    """Give a day its dilemma before the calendar is drawn up around it."""
    if stage.library.card(slug) is not None:
        with stage.database.transaction() as session:
            session.merge(CalendarDay(day=day, dilemma=slug))
