"""Send in a case, follow it by its code, and forget it in time."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import USER, Status
from kopkrakers.base.db import changed, insert_once
from kopkrakers.base.errors import NotYours, TooLate
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.editions.working_days import monday_of
from kopkrakers.desk.sending.codes import code_hash_of
from kopkrakers.desk.sending.marks import Mark, told
from kopkrakers.desk.sending.models import SENT_CASE, CaseState

CASE_WEEKS = 26
"""Weeks after which a case is destroyed, whatever became of it: the half year of /privacy."""
UNKNOWN = (
    "Deze code kennen we niet. Kijk of je hem goed overtypte. "
    f"Na {CASE_WEEKS} weken gaat een verhaal weg, en dan werkt de code niet meer."
)
ALREADY = (
    "Dit verhaal stuurde je al in, en de redactie is ermee bezig. Wil je iets anders insturen? "
    "Kopieer je tekst en begin een nieuw formulier."
)
_NAMES = select(USER.c.name).where(
    USER.c.gemeente_id == bindparam("gemeente_id"), USER.c.status != Status.REMOVED
)
_PLANNED = select(DAY.c.day).where(DAY.c.dilemma == bindparam("slug")).order_by(DAY.c.day)


@dataclass(frozen=True)
class SentText:
    """The words of a sender, with what was marked in them."""

    happened: str
    ways: str
    hard: str
    theme: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Signature:
    """The name and gemeente that a sender gives; nothing at all unless they chose so."""

    user_id: int | None = None
    gemeente: str | None = None


@dataclass(frozen=True)
class CaseNews:
    """The fate of a case, for its sender. `day`: the first on which its card is planned."""

    state: CaseState
    answer: str
    slug: str | None
    day: date | None


def send_case(
    session: Session, code: str, text: SentText, signature: Signature, today: date
) -> None:
    """Keep a case under the hash of its code. The same form a second time puts its text over it.

    Raises: TooLate when the redactie is at work on what was sent before.
    """
    row = {
        "code_hash": code_hash_of(code),
        "week": monday_of(today),
        "happened": text.happened,
        "ways": text.ways,
        "hard": text.hard,
        "theme": text.theme,
        "marks": told(text.marks),
        "sender_id": signature.user_id,
        "gemeente": signature.gemeente,
        "state": CaseState.RECEIVED,
        "taken_by": None,
        "answer": "",
        "slug": None,
    }
    if insert_once(session, SENT_CASE, row):
        return
    # somebody went back to the form and sent it again: what they wrote last is what they mean
    unread = SENT_CASE.c.state == CaseState.RECEIVED
    mine = SENT_CASE.c.code_hash == row["code_hash"]
    if changed(session.execute(update(SENT_CASE).where(mine, unread).values(row))) == 0:
        raise TooLate(ALREADY)


def follow_case(session: Session, typed_code: str) -> CaseNews:
    """Return what became of the case with this code. Raises: NotYours for an unknown one."""
    statement = select(SENT_CASE).where(SENT_CASE.c.code_hash == code_hash_of(typed_code))
    row = session.execute(statement).first()
    if row is None:
        raise NotYours(UNKNOWN)
    day = None
    if row.slug is not None:
        day = session.execute(_PLANNED, {"slug": row.slug}).scalars().first()
    return CaseNews(CaseState(row.state), row.answer, row.slug, day)


def names_of_gemeente(session: Session, gemeente_id: int) -> list[str]:
    """Return the names of the people of a gemeente, to mark them in a text."""
    names = session.execute(_NAMES, {"gemeente_id": gemeente_id}).scalars()
    return list(filter(None, names))


def forget_old_cases(session: Session, today: date) -> None:
    """Destroy what was sent in more than `CASE_WEEKS` weeks ago."""
    # by weeks on both sides: the row knows no day
    old = SENT_CASE.c.week < monday_of(today) - timedelta(weeks=CASE_WEEKS)
    session.execute(delete(SENT_CASE).where(old))


def forget_who(session: Session, user_id: int) -> None:
    """Take a person who leaves from what they sent in and from what they had taken up."""
    sent = update(SENT_CASE).where(SENT_CASE.c.sender_id == user_id)
    session.execute(sent.values(sender_id=None, gemeente=None))
    taken = SENT_CASE.c.taken_by == user_id
    waits = SENT_CASE.c.state == CaseState.TAKEN
    session.execute(update(SENT_CASE).where(taken, waits).values(state=CaseState.RECEIVED))
    session.execute(update(SENT_CASE).where(taken).values(taken_by=None))
