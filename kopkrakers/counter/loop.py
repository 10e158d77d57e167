"""One look into the boxes, with all that belongs to it; and the loop of the process that keeps looking."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from threading import Event, Thread

import structlog

from kopkrakers.base.clock import AMSTERDAM, Clock, amsterdam_day
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.catalogue.editions.calendar import plan_calendar
from kopkrakers.catalogue.editions.editions import renew_editions
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.daily import settle_closed_editions, wanted_boxes
from kopkrakers.privacy.rules import TICK_MINUTES

NIGHT_FROM = time(2, 0)
"""The hour in Amsterdam from which a day's night tick is due."""
LAST_NIGHT = "last-night"
LAST_LOOK = "last-look"
SLACK = timedelta(seconds=30)
"""How much earlier than `TICK_MINUTES` a look may come, so that a loop's drift skips none."""
QUICK_SECONDS = 0.3
"""Seconds between two turns of a quick job: what a room of people waits for."""
AFTER_A_FAILURE = 2.0
"""Seconds that a quick job rests when it failed, so that a database that is away does not fill the log."""
QuickJob = Callable[[Counter, datetime], int]
"""What the counter does often: gets itself and the moment, gives how much it did."""
log = structlog.get_logger()


def tick(counter: Counter, library: Library, now: datetime) -> int:
    """Draw up the calendar, open and close editions, keep boxes ready, count; gives how many boxes were emptied."""
    today = amsterdam_day(now)
    with counter.folder.locked():
        counter.belong()
        counter.sweep(now)
        with counter.database.transaction() as session:
            plan_calendar(session, library, today)
            renew_editions(session, library, today)
        counter.replace_lost_boxes(now)
        settle_closed_editions(counter, today, now)
        counter.end_old_attributes(now)
        with counter.database.reading() as session:
            wanted = wanted_boxes(session, today)
        counter.make_boxes(wanted, now)
        _night_if_due(counter, now)
        return _look_if_due(counter, now)


def keep_looking(
    counter: Counter,
    library: Library,
    clock: Clock,
    stop: Event,
    quick_jobs: Sequence[QuickJob] = (),
) -> None:
    """Tick every `TICK_MINUTES` until told to stop. A tick that fails is logged and tried again at the next.

    Each quick job runs beside it, every `QUICK_SECONDS`: what people in a room wait for never waits for a tick.
    """
    quick = [
        Thread(target=_keep_doing, args=(job, counter, clock, stop), daemon=True)
        for job in quick_jobs
    ]
    for thread in quick:
        thread.start()
    while not stop.is_set():
        if _logged(lambda: tick(counter, library, clock())):
            log.info("ticked")
        stop.wait(TICK_MINUTES * 60)
    for thread in quick:
        thread.join()


def _keep_doing(job: QuickJob, counter: Counter, clock: Clock, stop: Event) -> None:
    while not stop.is_set():
        went_well = _logged(lambda: job(counter, clock()))
        stop.wait(QUICK_SECONDS if went_well else AFTER_A_FAILURE)


def _logged(act: Callable[[], int]) -> bool:
    """Do something that the loop must outlive; False when it failed."""
    try:
        act()
    except ConfigurationError as error:
        log.error("counter refused", reason=str(error))
        return False
    except Exception as error:  # noqa: BLE001  the loop must outlive a database that is away for a moment
        log.error("counter failed", kind=type(error).__name__)
        return False
    return True


def _night_if_due(counter: Counter, now: datetime) -> None:
    here = now.astimezone(AMSTERDAM)
    last = counter.folder.recall(LAST_NIGHT)
    if last is not None and (last >= here.date().isoformat() or here.time() < NIGHT_FROM):
        return
    if last is not None:
        counter.night(now)
    counter.folder.remember(LAST_NIGHT, here.date().isoformat())


def _look_if_due(counter: Counter, now: datetime) -> int:
    """Looks are `TICK_MINUTES` apart, also when the process starts again: everyone keeps that time to take back."""
    last = counter.folder.recall(LAST_LOOK)
    if (
        last is not None
        and now - datetime.fromisoformat(last) < timedelta(minutes=TICK_MINUTES) - SLACK
    ):
        return 0
    counter.folder.remember(LAST_LOOK, now.isoformat())
    return counter.look(now)
