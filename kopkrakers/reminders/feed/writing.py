"""A feed as a file that Outlook, Google and Apple read."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from kopkrakers.catalogue.calendar_files import event_of, feed_of
from kopkrakers.reminders.feed.service import Entry
from kopkrakers.reminders.rules import moment_of

LASTS = timedelta(minutes=10)


def feed_file(entries: Iterable[Entry], at: int, url: str, *, today: date) -> bytes:
    """Return the entries as a calendar, each at the same time of the Dutch day.

    `url` is where the dilemma of the day is. Within a day the same entries give the same bytes, so
    that a calendar that looks again is told that nothing changed.
    """
    # midnight and no moment: the file would differ at every look, and tell when it was made
    stamp = datetime.combine(today, time(), UTC)
    events = []
    for entry in entries:
        begins = moment_of(entry.day, at)
        event = event_of(
            uid=f"{entry.uid}@kopkrakers",
            stamp=stamp,
            begins=begins,
            ends=begins + LASTS,
            title=f"Kopkrakers: {entry.title}",
            url=url,
            reminded_after=timedelta(),
        )
        events.append(event)
    return feed_of(events, about="agenda", name="Kopkrakers")
