"""What readers say is wrong on cards, as redacteuren see it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, update
from sqlmodel import Session

from kopkrakers.base.db import changed
from kopkrakers.base.errors import NotYours, TooLate
from kopkrakers.base.paging import ListPage, rows_page
from kopkrakers.desk.inbox.people import SENDER, with_people
from kopkrakers.desk.inbox.service import ON_A_PAGE
from kopkrakers.desk.sending.models import CARD_REPORT

SOMEBODY_ELSE = "Een andere redacteur heeft deze melding intussen. Kijk hieronder wie."
DONE = "Deze melding was al klaar."
_REPORTS = with_people(CARD_REPORT).add_columns(SENDER.c.email.label("address"))


@dataclass(frozen=True)
class InboxReport:
    """A report. `address`: of a sender who gave their name, to answer to."""

    id: str
    week: date
    slug: str
    edition: int
    part: str
    text: str
    marks: tuple[str, ...]
    sender: str | None
    address: str | None
    gemeente: str | None
    taken_by: int | None
    taker: str | None
    done: bool


def reports(session: Session, number: int) -> ListPage[InboxReport]:
    """Return a page of the reports that are not done yet, of a week those of a card together."""
    wanted = _REPORTS.where(CARD_REPORT.c.done.is_(False)).order_by(
        CARD_REPORT.c.week, CARD_REPORT.c.slug, CARD_REPORT.c.id
    )
    return rows_page(session, wanted, number, ON_A_PAGE).each(_report)


def one_report(session: Session, report_id: str) -> InboxReport:
    """Return one report. Raises: NotYours."""
    row = session.execute(_REPORTS.where(CARD_REPORT.c.id == report_id)).first()
    if row is None:
        raise NotYours("Deze melding is er niet, of niet meer.")
    return _report(row)


def take_report(session: Session, report_id: str, *, by: int, shown: int | None) -> None:
    """Give a report to a redacteur. `shown`: who had it when the page was made.

    Raises: TooLate when somebody else took it meanwhile, or it is done; NotYours.
    """
    had = CARD_REPORT.c.taken_by.is_not_distinct_from(shown)
    if not _change(session, report_id, had, taken_by=by):
        raise TooLate(SOMEBODY_ELSE)


def end_report(session: Session, report_id: str, *, by: int) -> None:
    """Say that a report is done. Raises: TooLate when it was; NotYours."""
    if not _change(session, report_id, taken_by=by, done=True):
        raise TooLate(DONE)


def reopen_report(session: Session, report_id: str) -> None:
    """Say that a report is not done after all. Once more is the same. Raises: NotYours."""
    one_report(session, report_id)
    this = update(CARD_REPORT).where(CARD_REPORT.c.id == report_id)
    session.execute(this.values(done=False))


def _change(session: Session, report_id: str, *conditions: Any, **values: Any) -> bool:
    one_report(session, report_id)
    where = (CARD_REPORT.c.id == report_id, CARD_REPORT.c.done.is_(False), *conditions)
    return changed(session.execute(update(CARD_REPORT).where(*where).values(values))) == 1


def _report(row: Row[Any]) -> InboxReport:
    return InboxReport(
        id=row.id,
        week=row.week,
        slug=row.slug,
        edition=row.edition,
        part=row.part,
        text=row.text,
        marks=tuple(row.marks.splitlines()),
        sender=row.sender,
        address=row.address,
        gemeente=row.gemeente,
        taken_by=row.taken_by,
        taker=row.taker,
        done=row.done,
    )
