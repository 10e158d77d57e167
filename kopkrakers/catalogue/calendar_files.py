"""Calendar files: the only place that makes them, so that all assume the same (RFC 5545)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

REFRESHED = timedelta(hours=12)
"""The pause after which a calendar that follows a feed is asked to look again."""


def event_of(
    *,
    uid: str,
    stamp: datetime,
    begins: date,
    ends: date,
    title: str,
    url: str,
    reminded_after: timedelta,
) -> Event:
    """Return an event that keeps nobody away and reminds some time after it begins.

    `begins` and `ends` are both days or both moments with their time zone.
    """
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", begins)
    event.add("dtend", ends)
    event.add("summary", title)
    event.add("url", url)
    # Calendars take an event without this as a time at which somebody is away.
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", reminded_after)
    event.add_component(alarm)
    return event


def file_of(events: Iterable[Event], *, about: str) -> bytes:
    """Return a file with these events. `about` is the part of the product it comes from."""
    return bytes(_calendar(events, about).to_ical())


def feed_of(events: Iterable[Event], *, about: str, name: str) -> bytes:
    """Return what a calendar fetches again and again, under this name, with its time zones."""
    calendar = _calendar(events, about)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESHED, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _calendar(events: Iterable[Event], about: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//Kopkrakers//{about}//NL")
    calendar.add("version", "2.0")
    for event in events:
        calendar.add_component(event)
    return calendar
