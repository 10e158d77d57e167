"""The counter's process: one tick, with all that belongs to it, and the loop that keeps ticking."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from threading import Event, Thread

import structlog

from kopkrakers.accounts.trail.chain import forget_old
from kopkrakers.base.clock import AMSTERDAM, Clock, amsterdam_day
from kopkrakers.base.dutch import moment
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.processes.last_look import LastLook, Process, has_jumped
from kopkrakers.catalogue.editions.calendar import plan_calendar
from kopkrakers.catalogue.editions.chair_weeks import plan_chair_weeks
from kopkrakers.catalogue.editions.chapters import open_chapters
from kopkrakers.catalogue.editions.editions import renew_editions
from kopkrakers.catalogue.editions.moments import moments_between
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.believing import accounts_that_fail
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.counting import look_into_boxes, mark_lived, renew_old_attributes
from kopkrakers.counter.daily import settle_closed_editions, wanted_boxes
from kopkrakers.counter.keys import KeyFolder
from kopkrakers.counter.moving import move_unwanted, night
from kopkrakers.counter.newest.trail_head import remember_trail, trail_fault
from kopkrakers.counter.sessions.quick import AFTER_A_FAILURE, QuickJob
from kopkrakers.counter.totals import catch_up_totals, recalled_numbers, sign_totals_once
from kopkrakers.counter.turns import rekey_turns
from kopkrakers.desk.sending.reports import forget_old_reports
from kopkrakers.desk.sending.service import forget_old_cases
from kopkrakers.pools.service import assign_pools
from kopkrakers.privacy.rules import TICK_MINUTES

NIGHT_FROM = time(2, 0)
"""The time in Amsterdam from which the round of a night is due."""
JUMPED = (
    "De klok staat op {now}, en stond bij de laatste ronde van de teller op {last}. Er is niets "
    "geteld, geopend of gesloten. Staat de klok verkeerd? Zet hem goed, dan gaat de teller vanzelf "
    "verder. Klopt de klok, en stond de teller zo lang stil? Typ: kopkrakers {command} --yes"
)
LAST_NIGHT = "last-night"
"""The file in the key folder with the day of the last night."""
LAST_LOOK = "last-look"
"""The file in the key folder with the moment of the last look."""
LAST_OPENING = "last-opening"
"""The file in the key folder with the point in time up to which all moments had their look."""
SLACK = timedelta(seconds=30)
"""How much earlier than `TICK_MINUTES`, or than a moment, a look may come.

A clock that is set right by a little then skips none.
"""
JUST_AFTER = 1.0
"""Seconds after a quarter of the clock at which the loop ticks."""
log = structlog.get_logger()


def tick(counter: Counter, library: Library, now: datetime) -> int:
    """Do all that is due, and a look into the boxes. Return the number of boxes emptied.

    Boxes are opened only when one of the counter's moments has come since it last opened them.
    """
    today = amsterdam_day(now)
    with counter.folder.locked():
        # first: with the keys of another database every box would be given up
        counter.check_instance()
        _tell_altered(counter)
        tend_trail(counter, now)
        sign_totals_once(counter)
        catch_up_totals(counter)
        rekey_turns(counter)
        counter.sweep(now)
        # editions first: which boxes are wanted follows from them and their pools
        with counter.database.transaction() as session:
            plan_calendar(session, library, today)
            plan_chair_weeks(session, library, today)
            renew_editions(session, library, today)
            open_chapters(session, library, today)
            forget_old_cases(session, today)
            forget_old_reports(session, today)
            assign_pools(session, counter.keys, today, counted=recalled_numbers(counter.folder))
        counter.replace_lost_boxes(now)
        counter.end_old_attributes(now)
        with counter.database.reading() as session:
            wanted = wanted_boxes(session, counter.keys, today)
        counter.make_boxes(wanted, now)
        move_unwanted(counter, wanted, today)
        _night_if_due(counter, now)
        return look_if_due(counter, now)


# D-67
def refuse_a_jump(folder: KeyFolder, now: datetime, *, command: str = "count") -> None:
    """Do nothing by a clock that differs more than `MOST_DAYS` from the last look, either way.

    What is counted, closed and forgotten by a wrong clock does not come back.
    `command`: what to type when the clock is right.
    Raises: ConfigurationError.
    """
    line = folder.recall(LAST_LOOK)
    if line is None:
        return
    last = datetime.fromisoformat(line)
    if has_jumped(last, now):
        words = JUMPED.format(now=moment(now), last=moment(last), command=command)
        raise ConfigurationError(words)


def tick_by_a_right_clock(counter: Counter, library: Library, now: datetime) -> int:
    """Tick, unless the clock jumped. Raises: ConfigurationError, as `refuse_a_jump`."""
    refuse_a_jump(counter.folder, now)
    return tick(counter, library, now)


def _tell_altered(counter: Counter) -> None:
    """Log how many accounts somebody altered outside the product; `kopkrakers check` names them."""
    with counter.database.snapshot() as session:
        failing = accounts_that_fail(session, counter.keys)
    if failing:
        log.error("accounts altered outside kopkrakers", accounts=len(failing))


def tend_trail(counter: Counter, now: datetime) -> None:
    """Forget what is a year old, and let the key folder know the newest action, if all hold."""
    with counter.database.transaction() as session:
        if trail_fault(session, counter.folder, counter.keys) is None:
            forget_old(session, counter.keys, amsterdam_day(now))
            remember_trail(session, counter.folder)


def keep_looking(
    counter: Counter,
    library: Library,
    clock: Clock,
    stop: Event,
    quick_jobs: Sequence[QuickJob] = (),
) -> None:
    """Tick at once, and at every quarter of the clock until told to stop.

    A tick that fails is logged, and the next one tries again. While the clock is wrong nothing is
    done at all.
    Each quick job runs in a thread of its own, so that a live session never waits for a tick.
    """
    threads = []
    for job in quick_jobs:
        arguments = (job, counter, clock, stop)
        thread = Thread(target=_repeat, args=arguments, daemon=True)
        thread.start()
        threads.append(thread)
    told = LastLook(counter.database, Process.COUNTER)
    while not stop.is_set():
        if _logged(lambda: tick_by_a_right_clock(counter, library, clock())) is not None:
            log.info("ticked")
            told.tell(clock())
        stop.wait(_seconds_to_next_quarter(clock()))
    told.close()
    for thread in threads:
        thread.join()


def _repeat(job: QuickJob, counter: Counter, clock: Clock, stop: Event) -> None:
    while not stop.is_set():
        # without a word, for the tick of this quarter says it
        if _has_jumped(counter.folder, clock()):
            stop.wait(AFTER_A_FAILURE)
            continue
        done = _logged(lambda: job(counter, clock()))
        stop.wait(job.rest_after(done))


def _has_jumped(folder: KeyFolder, now: datetime) -> bool:
    try:
        refuse_a_jump(folder, now)
    except ConfigurationError:
        return True
    return False


def _logged(act: Callable[[], int]) -> int | None:
    """Act, and log a failure instead of raising it. Return what it returned; None if it failed."""
    try:
        return act()
    except ConfigurationError as error:
        log.error("counter refused", reason=str(error))
        return None
    # the loop must survive a database that is unreachable for a moment
    except Exception as error:  # noqa: BLE001
        # the kind alone: the words of a database's error can repeat what was being written
        log.error("counter failed", kind=type(error).__name__)
        return None


# D-3
def look_if_due(counter: Counter, now: datetime) -> int:
    """Look into the boxes, unless the last look was less than `TICK_MINUTES` ago.

    Also when the process starts again: otherwise a restart would shorten the time that everyone
    has to take an answer back. Return the number of boxes emptied.
    """
    last = _recall_time(counter, LAST_LOOK, now)
    opened = _recall_time(counter, LAST_OPENING, now) or last or now
    if last is not None and now - last < timedelta(minutes=TICK_MINUTES) - SLACK:
        return 0
    # before it looks: killed in the midst of it, the next look comes no sooner
    counter.folder.remember(LAST_LOOK, now.isoformat())
    settle_closed_editions(counter, amsterdam_day(now), now)
    until = now + SLACK
    came = moments_between(counter.moments, opened, until)
    if not came:
        mark_lived(counter)
        return 0
    # several moments may have passed while it stood still: the one that asks least decides
    emptied = look_into_boxes(counter, now, at_least=min(one.at_least for one in came))
    # only now: a counter that was killed meanwhile opens the other boxes at its next look
    counter.folder.remember(LAST_OPENING, until.isoformat())
    return emptied


# D-51
def _recall_time(counter: Counter, name: str, now: datetime) -> datetime | None:
    """Return the point in time in a file of the key folder, never one that is still to come.

    A clock that was set back would leave one behind, and nothing would be due for as long.
    """
    line = counter.folder.recall(name)
    if line is None:
        return None
    recalled = datetime.fromisoformat(line)
    if recalled <= now + SLACK:
        return recalled
    counter.folder.remember(name, now.isoformat())
    return now


def _night_if_due(counter: Counter, now: datetime) -> None:
    """Do the night once a day, from `NIGHT_FROM`; a new installation begins tomorrow."""
    here = now.astimezone(AMSTERDAM)
    today = here.date().isoformat()
    last = counter.folder.recall(LAST_NIGHT)
    # days are compared and no moments: a clock that is set by an hour makes no second night
    if last is not None and last <= today:
        if last == today or here.time() < NIGHT_FROM:
            return
        night(counter, now)
        renew_old_attributes(counter, now)
    # also after a clock was set back: the nights that it had already counted are to come again
    counter.folder.remember(LAST_NIGHT, today)


def _seconds_to_next_quarter(now: datetime) -> float:
    quarter = TICK_MINUTES * 60
    return quarter - now.timestamp() % quarter + JUST_AFTER
