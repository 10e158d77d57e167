"""Redacteuren on one card: they see each other, and leave each other remarks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import USER
from kopkrakers.base.db import changed, new_id
from kopkrakers.base.errors import TooLate, WrongInput
from kopkrakers.catalogue.stored.models import CARD_REMARK, STORED_CARD

TOLD_EVERY = timedelta(seconds=30)
"""How often it is written that somebody types: at most once in so long."""
BUSY_FOR = timedelta(minutes=5)
"""How long after the last key somebody counts as busy with a card."""
LONGEST_REMARK = 2000
NOTHING_SAID = "Schrijf je opmerking op."
TOO_LONG = f"Houd het bij {LONGEST_REMARK} tekens. Alles staat er nog."
_REMARKS = select(CARD_REMARK, USER.c.name.label("writer")).select_from(
    CARD_REMARK.outerjoin(USER, USER.c.id == CARD_REMARK.c.written_by)
)
_BUSY = select(USER.c.name).select_from(STORED_CARD.join(USER, USER.c.id == STORED_CARD.c.busy_by))


@dataclass(frozen=True)
class Remark:
    """A remark on a card. `writer` is None for whoever is gone."""

    id: str
    number: int
    part: str
    text: str
    writer: str | None
    day: date


def tell_busy(session: Session, slug: str, *, by: int, now: datetime) -> None:
    """Write that somebody types in a card, unless it was written a moment ago."""
    card = STORED_CARD.c
    is_news = or_(card.busy_by.is_distinct_from(by), card.busy_at < now - TOLD_EVERY)
    statement = update(STORED_CARD).where(card.slug == slug, is_news)
    session.execute(statement.values(busy_by=by, busy_at=now))


def who_else_is_busy(session: Session, slug: str, *, me: int, now: datetime) -> str | None:
    """Return the name of another redacteur who types in this card now."""
    card = STORED_CARD.c
    of_card = _BUSY.where(card.slug == slug, card.busy_by != me, card.busy_at > now - BUSY_FOR)
    return session.execute(of_card).scalar()


def open_remarks(session: Session, slug: str) -> list[Remark]:
    """Return the remarks on a card that are not solved yet, the oldest version first."""
    open_remarks = _REMARKS.where(CARD_REMARK.c.slug == slug, CARD_REMARK.c.solved.is_(False))
    rows = session.execute(open_remarks.order_by(CARD_REMARK.c.number, CARD_REMARK.c.id))
    remarks = []
    for row in rows:
        remarks.append(Remark(row.id, row.number, row.part, row.text, row.writer, row.day))
    return remarks


def remark(
    session: Session, slug: str, number: int, part: str, text: str, *, by: int, today: date
) -> None:
    """Leave a remark on a version of a card. Raises: WrongInput."""
    if not text:
        raise WrongInput(NOTHING_SAID, "opmerking")
    if len(text) > LONGEST_REMARK:
        raise WrongInput(TOO_LONG, "opmerking")
    row = {"id": new_id(), "slug": slug, "number": number, "part": part, "text": text}
    session.execute(insert(CARD_REMARK), row | {"written_by": by, "day": today, "solved": False})


def solve(session: Session, slug: str, remark_id: str) -> None:
    """Say that a remark is done. Raises: TooLate when it was already."""
    conditions = (CARD_REMARK.c.id == remark_id, CARD_REMARK.c.slug == slug)
    unsolved = update(CARD_REMARK).where(*conditions, CARD_REMARK.c.solved.is_(False))
    if changed(session.execute(unsolved.values(solved=True))) == 0:
        raise TooLate("Deze opmerking was al klaar, of is er niet.")
