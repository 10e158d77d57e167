"""Whether everybody can vote: every open edition needs the national box and those of its pools."""

from datetime import date, timedelta

from sqlalchemy import and_, select, true
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.ballots import boxes
from kopkrakers.ballots.boxes import BOX
from kopkrakers.base.typed import by_name
from kopkrakers.catalogue.editions.editions import EDITION, TAKES_ANSWERS
from kopkrakers.pools.models import POOL_ASSIGNMENT
from kopkrakers.privacy.rules import POOL_DAYS

_OF_EDITION = and_(BOX.c.subject == EDITION.c.dilemma, BOX.c.edition == EDITION.c.number)
_OF_ALL = and_(_OF_EDITION, BOX.c.kind == boxes.NATIONAL)
_OF_LEADERS = and_(_OF_EDITION, BOX.c.kind == boxes.LEADING)
_OF_POOL = and_(_OF_EDITION, BOX.c.kind == boxes.GEMEENTE, BOX.c.pool == POOL_ASSIGNMENT.c.pool)
_PRESENT = select(GEMEENTE.c.name).where(
    GEMEENTE.c.left_on.is_(None), GEMEENTE.c.is_organisation.is_(False)
)
_IN_EDITION = POOL_ASSIGNMENT.c.version == EDITION.c.pools


def gemeenten_without_boxes(session: Session, today: date) -> list[str]:
    """Return the names of gemeenten whose pool lacks a box for an edition that is open today.

    All of them, when the national box is not there, for everybody's answers go there later; or when
    that of leidinggevenden is not, who are of every gemeente.
    """
    on_day = {"today": today}
    for of_box, asks in ((_OF_ALL, true()), (_OF_LEADERS, EDITION.c.two_chairs)):
        lacking = select(EDITION.c.number).outerjoin(BOX, of_box).where(BOX.c.id.is_(None), asks)
        if session.execute(lacking.where(*TAKES_ANSWERS).limit(1), on_day).first() is not None:
            return by_name(session.execute(_PRESENT).scalars(), str)
    takes_local_answers = EDITION.c.opens_on > today - timedelta(days=POOL_DAYS)
    bare = (
        select(GEMEENTE.c.name)
        .distinct()
        .select_from(GEMEENTE)
        .join(POOL_ASSIGNMENT, POOL_ASSIGNMENT.c.gemeente_id == GEMEENTE.c.id)
        .join(EDITION, _IN_EDITION)
        .outerjoin(BOX, _OF_POOL)
        .where(*TAKES_ANSWERS, takes_local_answers, BOX.c.id.is_(None))
    )
    return by_name(session.execute(bare, on_day).scalars(), str)
