"""The courier's process: one look at what is due, and the loop that keeps looking."""

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import Event

import structlog

from kopkrakers.base.clock import Clock, amsterdam_day
from kopkrakers.base.processes.last_look import LastLook, Process
from kopkrakers.catalogue.editions.working_days import is_working_day
from kopkrakers.reminders.sending.beginning import begin
from kopkrakers.reminders.sending.courier import Courier, write_together
from kopkrakers.reminders.sending.hooks import tell_teams
from kopkrakers.reminders.sending.invitations import send_invitations
from kopkrakers.reminders.sending.mail import send_mails
from kopkrakers.reminders.sending.push import push_titles

LOOK_SECONDS = 20.0
"""Seconds between two looks."""
Road = Callable[[Courier, datetime], int]
"""Sends what is due by one road; returns how many messages left."""
ROADS: tuple[Road, ...] = (push_titles, tell_teams, send_mails)
log = structlog.get_logger()


def look(courier: Courier, now: datetime, roads: Sequence[Road] = ROADS) -> int:
    """Send all that is due. Return how many messages left."""
    sent = 0
    if is_working_day(amsterdam_day(now)):
        sent = _remind(courier, now, roads)
    invited = send_invitations(courier, now)
    if invited:
        log.info("invitations sent", messages=invited)
    return sent + invited


def _remind(courier: Courier, now: datetime, roads: Sequence[Road]) -> int:
    """Send the reminders that are due. Return how many left."""
    sent = 0
    # one after the other: mail, the slowest, comes last and holds up nothing
    for send in roads:
        sent += send(courier, now)
    if sent:
        log.info("reminders sent", messages=sent)
        # once for all of them, and not at each
        write_together(courier)
    return sent


def keep_sending(
    courier: Courier, clock: Clock, stop: Event, roads: Sequence[Road] = ROADS
) -> None:
    """Look every `LOOK_SECONDS` until told to stop; the message in hand is finished first.

    A look that fails is logged, and the next one tries again.
    """
    told = LastLook(courier.database, Process.COURIER)
    has_begun = False
    while not stop.is_set():
        has_begun = has_begun or _went_well(lambda: begin(courier))
        if _went_well(lambda: look(courier, clock(), roads)):
            told.tell(clock())
        stop.wait(LOOK_SECONDS)
    told.close()


def _went_well(act: Callable[[], object]) -> bool:
    """Act, and log a failure instead of raising it. Return whether it went well."""
    try:
        act()
    # the loop must survive a database that is unreachable for a moment
    except Exception as error:  # noqa: BLE001
        # the kind alone: the words of an error can repeat an address
        log.error("courier failed", kind=type(error).__name__)
        return False
    return True
