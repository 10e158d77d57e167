"""The demo's other process: runs the real counter and courier, and lets colleagues answer."""

from datetime import date, datetime
from random import Random
from threading import Event, Thread

import structlog
from sqlalchemy.exc import SQLAlchemyError

from kopkrakers.accounts.models import Rhythm
from kopkrakers.base.clock import amsterdam_day, utc_now
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
from kopkrakers.demo.visit.looking import questions
from kopkrakers.demo.visit.post import take_in
from kopkrakers.privacy.rules import K_GEMEENTE
from kopkrakers.reminders.sending.courier import Courier
from kopkrakers.reminders.sending.loop import keep_sending

BREATH = 0.1
"""Seconds between two looks at what is asked."""
BETWEEN_ANSWERS = (15.0, 40.0)
"""Seconds between two answers of colleagues."""
KEPT_APART = 2 * K_GEMEENTE
"""Colleagues per gemeente who wait with answering until a visitor wants to look into the bus."""


# D-16
def live_on(settings: Settings, stop: Event) -> None:
    """Count, send, answer and look when asked, until told to stop."""
    stage = Stage.of(settings)
    # a demo that was kept may be opened weeks later, by a clock that is right
    tick(stage.counter, stage.library, utc_now())
    looking = (stage.counter, stage.library, utc_now, stop, QUICK_JOBS)
    counter = Thread(target=keep_looking, args=looking, daemon=True)
    counter.start()
    Thread(target=keep_trying, args=(stage.database, stop), daemon=True).start()
    Thread(target=take_in, args=(settings, stop), daemon=True).start()
    courier = Courier(settings, stage.database, stage.library, stop.is_set)
    Thread(target=keep_sending, args=(courier, utc_now, stop), daemon=True).start()
    chance = Random()
    next_answer = utc_now().timestamp() + chance.uniform(*BETWEEN_ANSWERS)
    while not stop.wait(BREATH):
        try:
            answer_questions(stage, utc_now())
            if utc_now().timestamp() > next_answer:
                next_answer = utc_now().timestamp() + chance.uniform(*BETWEEN_ANSWERS)
                one_answers(stage, utc_now(), chance)
        except (KopkrakersError, SQLAlchemyError) as error:
            structlog.get_logger().error("demo stumbled", kind=type(error).__name__)
    counter.join()


def answer_questions(stage: Stage, now: datetime) -> None:
    """Look into the boxes for whoever asked."""
    for path, user_id in questions(stage.settings):
        try:
            look_for(stage, user_id, now)
        finally:
            path.unlink(missing_ok=True)


def look_for(stage: Stage, user_id: int, now: datetime) -> None:
    """Fill the boxes in which this person's envelopes wait, while there are colleagues; look."""
    everyone = stage.everyone()
    gemeente_of = {one.user_id: one.gemeente_id for one in everyone}
    at_home = [one for one in everyone if one.gemeente_id == gemeente_of.get(user_id)]
    today = amsterdam_day(now)
    for edition in stage.waiting_editions(user_id, today):
        fill_up(stage, edition, at_home, today)
    stage.look_twice(now)


def fill_up(stage: Stage, edition: PublishedEdition, at_home: list[Colleague], today: date) -> None:
    """Let colleagues of a gemeente answer until its box can be opened; the first few differ."""
    missing = max(0, K_GEMEENTE - len(stage.waiting(edition, at_home)))
    ready = [one for one in stage.not_yet(edition, at_home) if not one.played]
    if ready:
        stage.cast(
            edition, ready[:missing], today, two_camps(stage.card(edition), ready[0].gemeente)
        )


def one_answers(stage: Stage, now: datetime, chance: Random) -> None:
    """One colleague answers today's dilemma, unless the rest is kept apart."""
    today = amsterdam_day(now)
    with stage.database.reading() as session:
        edition = edition_of_day(session, today, Rhythm.DAILY)
    if edition is None:
        return
    waiting = stage.not_yet(edition, stage.colleagues())
    free = [one for one in waiting if _at_home(one, waiting) > KEPT_APART]
    if free:
        stage.cast(edition, [chance.choice(free)], today)


def _at_home(colleague: Colleague, people: list[Colleague]) -> int:
    return sum(one.gemeente_id == colleague.gemeente_id for one in people)
