"""A report to take along: Markdown, and the day of looking back for a calendar."""

from datetime import date, datetime, timedelta

from babel.dates import format_date
from icalendar import Alarm, Calendar, Event

from kopkrakers.intervisie.session.cases import CaseOption
from kopkrakers.intervisie.session.reports import ReportView
from kopkrakers.privacy.release import ReleasedDistribution

REMINDED_AFTER = timedelta(hours=9)
"""From the midnight with which the day begins."""
NO_VOTE = "Er is niet gestemd."


def as_markdown(report: ReportView, url: str) -> str:
    """The report as Markdown. What people typed cannot break out of its line."""
    parts = [
        f"# {_plain(report.title)}",
        f"{_plain(report.team)} · {_plain(report.werkvorm_name)} · {day_text(report.held_on)}",
        "## Wat jullie kozen",
        _choices(report),
    ]
    if report.reasons:
        parts += ["## Argumenten", "\n".join(f"- {_plain(reason)}" for reason in report.reasons)]
    parts += ["## Werkafspraken", _agreements(report), f"Verslag: <{url}>"]
    return "\n\n".join(parts) + "\n"


def as_calendar(report: ReportView, url: str, *, now: datetime) -> bytes | None:
    """The day of looking back as iCalendar; None when no day was chosen."""
    if report.look_back_on is None:
        return None
    event = Event()
    event.add("uid", f"terugkijken-{report.id}@kopkrakers")
    event.add("dtstamp", now)
    event.add("dtstart", report.look_back_on)
    event.add("dtend", report.look_back_on + timedelta(days=1))
    event.add("summary", f"Terugkijken: {report.title}")
    event.add("description", "\n".join([*report.agreements, url]))
    event.add("url", url)
    # Calendars take a day without this as a day on which somebody is away.
    event.add("transp", "TRANSPARENT")
    event.add_component(_alarm(report))
    calendar = Calendar()
    calendar.add("prodid", "-//Kopkrakers//intervisie//NL")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _alarm(report: ReportView) -> Alarm:
    """Return a reminder on the morning of the day, by the clock of whoever reads it."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Terugkijken: {report.title}")
    alarm.add("trigger", REMINDED_AFTER)
    return alarm


def day_text(day: date) -> str:
    """A day in words."""
    return format_date(day, "d MMMM y", locale="nl")


def _choices(report: ReportView) -> str:
    if report.before is None or report.after is None:
        one = report.before or report.after
        words = [text for text in (report.before_sentence, report.after_sentence) if text]
        tables = [_table(report.options, one)] if one else []
        return "\n\n".join([*tables, *dict.fromkeys(words)]) or NO_VOTE
    return _table(report.options, report.before, report.after)


def _table(options: tuple[CaseOption, ...], *votes: ReleasedDistribution) -> str:
    heads = (
        ["Werkwijze", *("Eerst", "Daarna")[: len(votes)]]
        if len(votes) > 1
        else ["Werkwijze", "Stemmen"]
    )
    counts = [{row.option: row.n for row in vote.rows} for vote in votes]
    lines = [
        [f"{option.letter} {_plain(option.label)}", *(str(count[option.code]) for count in counts)]
        for option in options
    ]
    rows = [heads, ["---", *["---:"] * len(votes)], *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _agreements(report: ReportView) -> str:
    lines = [f"{number}. {_plain(text)}" for number, text in enumerate(report.agreements, start=1)]
    if report.look_back_on is not None:
        lines += ["", f"Terugkijken op {day_text(report.look_back_on)}."]
    return "\n".join(lines) or "Geen werkafspraken."


def _plain(text: str) -> str:
    return "".join("\\" + sign if sign in "\\`*_[]<>|#" else sign for sign in text)
