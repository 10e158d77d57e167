"""Whether everybody can vote: each gemeente needs a box of its own for every open edition."""

from datetime import date

from sqlalchemy import String, and_, cast, select
from sqlmodel import Session

from kopkrakers.accounts.models import Gemeente
from kopkrakers.ballots.boxes import BOX, GEMEENTE
from kopkrakers.base.db import table
from kopkrakers.catalogue.editions.editions import EDITION

_GEMEENTE = table(Gemeente)
_ITS_BOX = and_(
    BOX.c.kind == GEMEENTE,
    BOX.c.subject == EDITION.c.dilemma,
    BOX.c.edition == EDITION.c.number,
    BOX.c.pool == cast(_GEMEENTE.c.id, String),
)


def gemeenten_without_boxes(session: Session, today: date) -> list[str]:
    """Return the names of gemeenten that lack a box for an edition that is open today."""
    is_open = and_(
        EDITION.c.opens_on <= today,
        EDITION.c.closes_on > today,
        ~EDITION.c.frozen,
        ~EDITION.c.settled,
    )
    pairs = _GEMEENTE.join(EDITION, is_open).outerjoin(BOX, _ITS_BOX)
    bare = select(_GEMEENTE.c.name).distinct().select_from(pairs).where(BOX.c.id.is_(None))
    return sorted(session.execute(bare).scalars())
