"""A report as Markdown, and its day of looking back for a calendar."""

import re
from datetime import date, datetime, timedelta

from babel.dates import format_date

from kopkrakers.catalogue.calendar_files import event_of, file_of
from kopkrakers.intervisie.session.cases import CaseOption
from kopkrakers.intervisie.session.group.retrospect import LookBack
from kopkrakers.intervisie.session.reporting.chapters import SmallMultiples
from kopkrakers.intervisie.session.reporting.reports import ReportView
from kopkrakers.privacy.release import ReleasedDistribution

REMINDED_AFTER = timedelta(hours=9)
"""From the midnight with which the day begins."""
NO_VOTE = "Er is niet gestemd."
MARKUP = "\\`*_[]<>|#"
_STARTS_LIST = re.compile(r"[-+=~]|\d+(?=[.)])")


def as_markdown(report: ReportView, url: str) -> str:
    """Return a report as Markdown. What people typed cannot break out of its line."""
    parts = [
        f"# {_plain(report.title)}",
        f"{_plain(report.team)} · {_plain(report.werkvorm_name)} · {day_text(report.held_on)}",
    ]
    if report.look_back is not None:
        parts += [
            f"## Teruggekeken op {day_text(report.look_back.held_on)}",
            _looked_back(report.look_back),
        ]
    heading, outcome = "## Wat jullie kozen", _choices(report)
    if report.stellingen:
        heading, outcome = "## Wat jullie vonden", _stellingen(report)
    parts.append(heading)
    if report.by_hand:
        parts.append("Zonder telefoons: de begeleider telde de handen in de zaal, of telde niet.")
    parts.append(outcome)
    for heading, text in report.boards:
        parts += [f"## {_plain(heading)}", _lines(text)]
    if report.rows:
        parts += [f"## {' – '.join(map(_plain, report.columns))}", _rows(report)]
    if report.reasons:
        items = []
        for reason in report.reasons:
            # a second line that is not indented would end the item
            items.append(f"- {_lines(reason)}".replace("\n", "\n  "))
        parts += ["## Argumenten", "\n".join(items)]
    parts += ["## Werkafspraken", _agreements(report), f"Verslag: <{url}>"]
    return "\n\n".join(parts) + "\n"


def as_calendar(report: ReportView, url: str, *, now: datetime) -> bytes | None:
    """Return the day of looking back as iCalendar; None when no day was chosen."""
    if report.look_back_on is None:
        return None
    event = event_of(
        uid=f"terugkijken-{report.id}@kopkrakers",
        stamp=now,
        begins=report.look_back_on,
        ends=report.look_back_on + timedelta(days=1),
        title=f"Terugkijken: {report.title}",
        url=url,
        reminded_after=REMINDED_AFTER,
    )
    event.add("description", "\n".join([*report.agreements, url]))
    return file_of([event], about="intervisie")


def day_text(day: date) -> str:
    """Return a day in words."""
    return format_date(day, "d MMMM y", locale="nl")


def _stellingen(report: ReportView) -> str:
    """Return each stelling with what the group answered, a paragraph and a list for each."""
    parts = []
    for one in report.stellingen:
        lines = [f"- {share.option.label}: {share.words}" for share in one.shares]
        parts += [f"**{_plain(one.text)}**", "\n".join(lines) or one.sentence or NO_VOTE]
    return "\n\n".join(parts)


def _choices(report: ReportView) -> str:
    if report.multiples is not None:
        return _told(report, report.multiples)
    if report.before is not None and report.after is not None:
        votes = {"Eerst": report.before, "Daarna": report.after}
        return _table(report.options, votes, written=report.written)
    parts = []
    one = report.before or report.after
    if one is not None:
        parts.append(_table(report.options, {"Stemmen": one}, written=report.written))
    elif report.written:
        parts += [f"- {_option(option, with_harm=True)}" for option in report.options]
    # said of the second time where the first has a table above it
    when = ""
    if report.before is not None:
        when = "De tweede keer: "
    # of two votes alike it is said once
    for sentence in dict.fromkeys([report.before_sentence, report.after_sentence]):
        if sentence:
            parts.append(f"{when}{sentence}")
    return "\n\n".join(parts) or NO_VOTE


def _told(report: ReportView, multiples: SmallMultiples) -> str:
    """Return what was told before each vote, the totals beside each other, and words."""
    parts = []
    for vote in multiples.votes:
        if vote.chapter is not None:
            parts.append(f"**{_plain(vote.chapter.voice)}.** {_plain(vote.chapter.text)}")
    votes = {_plain(vote.name): vote.totals for vote in multiples.counted if vote.totals}
    if votes:
        parts.append(_table(report.options, votes, written=False))
    for vote in multiples.in_words:
        parts.append(f"{_plain(vote.name)}: {vote.sentence}")
    return "\n\n".join(parts)


def _option(option: CaseOption, *, with_harm: bool) -> str:
    harm = ""
    if with_harm and option.line:
        harm = f" (nadeel: {_plain(option.line)})"
    return f"{option.letter} {_plain(option.label)}{harm}"


def _table(
    options: tuple[CaseOption, ...], votes: dict[str, ReleasedDistribution], *, written: bool
) -> str:
    """Return a Markdown table: a row for each werkwijze, a column for each vote."""
    lines = [_line("Werkwijze", *votes), _line("---", *["---:"] * len(votes))]
    for place, option in enumerate(options):
        counts = [str(vote.rows[place].n) for vote in votes.values()]
        lines.append(_line(_option(option, with_harm=written), *counts))
    return "\n".join(lines)


def _rows(report: ReportView) -> str:
    lines = [_line(*report.columns), _line(*["---"] * len(report.columns))]
    for row in report.rows:
        lines.append(_line(*map(_plain, row)))
    return "\n".join(lines)


def _line(*cells: str) -> str:
    """Return a line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def _looked_back(back: LookBack) -> str:
    """Return each werkafspraak of last time with what became of it."""
    lines = []
    for number, line in enumerate(back.lines, start=1):
        lines.append(f"{number}. {_plain(line.text)} **{line.words}**")
    return "\n".join(lines)


def _agreements(report: ReportView) -> str:
    lines = []
    for number, text in enumerate(report.agreements, start=1):
        lines.append(f"{number}. {_plain(text)}")
    if report.look_back_on is not None:
        lines += ["", f"Terugkijken op {day_text(report.look_back_on)}."]
    return "\n".join(lines) or "Geen werkafspraken."


def _lines(text: str) -> str:
    """Return a text of several lines as one paragraph, with each line end kept."""
    lines = filter(str.strip, text.splitlines())
    return "\\\n".join(map(_plain_line, lines))


def _plain_line(line: str) -> str:
    """Return a line that begins no list and no rule, whatever it begins with."""
    plain = _plain(line.strip())
    start = _STARTS_LIST.match(plain)
    if start is None:
        return plain
    number = ""
    if start[0].isdigit():
        number = start[0]
    return f"{number}\\{plain[len(number) :]}"


def _plain(text: str) -> str:
    """Return text with a backslash before each character that Markdown would read."""
    plain = ""
    for character in text:
        if character in MARKUP:
            plain += "\\"
        plain += character
    return plain
