"""Take up, answer and decline what was sent in. One redacteur has a case at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, update
from sqlmodel import Session

from kopkrakers.base.db import changed
from kopkrakers.base.errors import NotYours, TooLate
from kopkrakers.base.paging import ListPage, rows_page
from kopkrakers.desk.inbox.people import with_people
from kopkrakers.desk.sending.models import SENT_CASE, CaseState

SOMEBODY_ELSE = (
    "Een andere redacteur heeft dit verhaal intussen. Kijk hieronder wie. "
    "Wat je typte, staat er nog."
)
ON_A_PAGE = 10
"""Cases, or reports, on a page of the desk."""
OPEN = (CaseState.RECEIVED, CaseState.TAKEN)
_CASES = with_people(SENT_CASE)


@dataclass(frozen=True)
class InboxCase:
    """A case as redacteuren see it. `key`: how it stands in addresses; it gives no code."""

    key: str
    week: date
    happened: str
    ways: str
    hard: str
    theme: str
    marks: tuple[str, ...]
    sender: str | None
    gemeente: str | None
    state: CaseState
    taken_by: int | None
    taker: str | None
    answer: str
    slug: str | None

    @property
    def is_open(self) -> bool:
        """Whether something still has to be done with it."""
        return self.state in OPEN


def inbox(session: Session, number: int, *, is_open: bool) -> ListPage[InboxCase]:
    """Return a page of what was sent in and still is open, or is done with: the oldest first."""
    states = SENT_CASE.c.state.in_(OPEN)
    if not is_open:
        states = ~states
    # within a week by key: nothing tells in which order they came
    wanted = _CASES.where(states).order_by(SENT_CASE.c.week, SENT_CASE.c.code_hash)
    return rows_page(session, wanted, number, ON_A_PAGE).each(_case)


def inbox_case(session: Session, key: str) -> InboxCase:
    """Return one case. Raises: NotYours."""
    row = session.execute(_CASES.where(SENT_CASE.c.code_hash == key)).first()
    if row is None:
        raise NotYours("Dit verhaal is er niet, of niet meer.")
    return _case(row)


def take_case(session: Session, key: str, *, by: int, shown: int | None) -> None:
    """Give a case to a redacteur. `shown`: who had it when the page was made.

    Raises: TooLate when somebody else took it meanwhile, or it is done; NotYours.
    """
    inbox_case(session, key)
    # as the page showed it: nobody takes over from somebody of whom they did not know
    had = SENT_CASE.c.taken_by.is_not_distinct_from(shown)
    _change(session, key, had, SENT_CASE.c.state.in_(OPEN), taken_by=by, state=CaseState.TAKEN)


def answer_case(session: Session, key: str, text: str, *, by: int) -> None:
    """Say something to whoever has the code. Raises: TooLate unless `by` has it; NotYours."""
    inbox_case(session, key)
    _change(session, key, SENT_CASE.c.taken_by == by, answer=text)


def decline_case(session: Session, key: str, reason: str, *, by: int) -> None:
    """Decline a case, with the reason. Raises: TooLate unless `by` has it; NotYours."""
    inbox_case(session, key)
    mine = SENT_CASE.c.taken_by == by
    open_ = SENT_CASE.c.state.in_(OPEN)
    _change(session, key, mine, open_, answer=reason, state=CaseState.DECLINED)


def becomes_card(session: Session, key: str, slug: str, *, by: int) -> None:
    """Note which card a case becomes. Raises: TooLate unless `by` has it; NotYours."""
    inbox_case(session, key)
    mine = SENT_CASE.c.taken_by == by
    _change(session, key, mine, slug=slug, state=CaseState.CARD)


def _change(session: Session, key: str, *conditions: Any, **values: Any) -> None:
    statement = update(SENT_CASE).where(SENT_CASE.c.code_hash == key, *conditions)
    if changed(session.execute(statement.values(values))) == 0:
        raise TooLate(SOMEBODY_ELSE)


def _case(row: Row[Any]) -> InboxCase:
    return InboxCase(
        key=row.code_hash,
        week=row.week,
        happened=row.happened,
        ways=row.ways,
        hard=row.hard,
        theme=row.theme,
        marks=tuple(row.marks.splitlines()),
        sender=row.sender,
        gemeente=row.gemeente,
        state=CaseState(row.state),
        taken_by=row.taken_by,
        taker=row.taker,
        answer=row.answer,
        slug=row.slug,
    )
