"""The demo's other process: runs the real counter and courier, and lets colleagues answer."""

from collections import Counter
from datetime import date, datetime
from random import Random
from threading import Event, Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError

from kopkrakers.accounts.models import Rhythm
from kopkrakers.base.clock import Clock, amsterdam_day
from kopkrakers.base.config import Settings
from kopkrakers.base.errors import KopkrakersError
from kopkrakers.catalogue.editions.calendar import edition_of_day
from kopkrakers.catalogue.editions.editions import PublishedEdition
from kopkrakers.counter.build import QUICK_JOBS
from kopkrakers.counter.loop import keep_looking, tick
from kopkrakers.demo.choices import two_camps
from kopkrakers.demo.first_release import keep_trying
from kopkrakers.demo.people import Colleague
from kopkrakers.demo.stage import Stage
from kopkrakers.demo.visit.asking import QuestionKind, asked
from kopkrakers.demo.visit.clock import demo_clock, move_a_day
from kopkrakers.demo.visit.post import take_in
from kopkrakers.demo.weeks import end_day, open_today
from kopkrakers.desk.inbox.daily import tell_redactie
from kopkrakers.privacy.rules import K_GEMEENTE
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.loop import ROADS, keep_sending

BREATH = 0.1
"""Seconds between two looks at what is asked."""
BETWEEN_ANSWERS = (15.0, 40.0)
"""Seconds between two answers of colleagues."""
KEPT_APART = 2 * K_GEMEENTE
"""Colleagues per gemeente who wait with answering until a visitor wants to look into the bus."""


# D-16
def live_on(settings: Settings, stop: Event) -> None:
    """Count, send, answer and look when asked, until told to stop."""
    stage, clock = Stage.of(settings), demo_clock(settings)
    # a demo that was kept may be opened weeks later, by a clock that is right
    tick(stage.counter, stage.library, clock())
    looking = (stage.counter, stage.library, clock, stop, QUICK_JOBS)
    counter = Thread(target=keep_looking, args=looking, daemon=True)
    counter.start()
    Thread(target=keep_trying, args=(stage.database, stop), daemon=True).start()
    Thread(target=take_in, args=(settings, stop), daemon=True).start()
    courier = Courier(settings, stage.database, stage.library, stop.is_set)
    sending = (courier, clock, stop, (*ROADS, tell_redactie))
    Thread(target=keep_sending, args=sending, daemon=True).start()
    chance = Random()
    next_answer = clock().timestamp() + chance.uniform(*BETWEEN_ANSWERS)
    while not stop.wait(BREATH):
        try:
            answer_questions(stage, clock)
            if clock().timestamp() > next_answer:
                next_answer = clock().timestamp() + chance.uniform(*BETWEEN_ANSWERS)
                one_answers(stage, clock(), chance)
        except (KopkrakersError, SQLAlchemyError) as error:
            structlog.get_logger().error("demo stumbled", kind=type(error).__name__)
    counter.join()


def answer_questions(stage: Stage, clock: Clock) -> None:
    """Look into the boxes for whoever asked, and go to tomorrow when somebody did."""
    for path, user_id in asked(stage.settings, QuestionKind.LOOK):
        try:
            count_for(stage, user_id, clock())
        finally:
            path.unlink(missing_ok=True)
    for path, left in asked(stage.settings, QuestionKind.TOMORROW):
        try:
            leave_day(stage, date.fromordinal(left), clock)
        finally:
            path.unlink(missing_ok=True)


def leave_day(stage: Stage, day: date, clock: Clock) -> None:
    """End a day, move the clock, and open the next. Nothing when that day was left before."""
    if amsterdam_day(clock()) != day:
        return
    end_day(stage, clock())
    move_a_day(stage.settings)
    open_today(stage, clock())


def count_for(stage: Stage, user_id: int, now: datetime) -> None:
    """Fill the boxes in which this person's envelopes wait, while there are colleagues; look."""
    everyone = stage.everyone()
    gemeente_of = {one.user_id: one.gemeente_id for one in everyone}
    # an answer is counted with those of its own gemeente first
    at_home = [one for one in everyone if one.gemeente_id == gemeente_of.get(user_id)]
    today = amsterdam_day(now)
    for edition in stage.waiting_editions(user_id, today):
        fill_up(stage, edition, at_home, today)
    stage.look_twice(now)


def fill_up(stage: Stage, edition: PublishedEdition, at_home: list[Colleague], today: date) -> None:
    """Let colleagues of a gemeente answer until its box can be opened; the first few differ."""
    missing = max(0, K_GEMEENTE - len(stage.waiting(edition, at_home)))
    # a persona answers when a visitor does so for them
    ready = [one for one in stage.not_yet(edition, at_home) if not one.played]
    if ready:
        agreed = two_camps(stage.card(edition), ready[0].gemeente)
        stage.cast(edition, ready[:missing], today, agreed)


def one_answers(stage: Stage, now: datetime, chance: Random) -> None:
    """One colleague answers today's dilemma, unless the rest is kept apart."""
    today = amsterdam_day(now)
    with stage.database.reading() as session:
        edition = edition_of_day(session, today, Rhythm.DAILY)
    if edition is None:
        return
    waiting = stage.not_yet(edition, stage.colleagues())
    in_gemeente = Counter(one.gemeente_id for one in waiting)
    free = [one for one in waiting if in_gemeente[one.gemeente_id] > KEPT_APART]
    if free:
        stage.cast(edition, [chance.choice(free)], today)
