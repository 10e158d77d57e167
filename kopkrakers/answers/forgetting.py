"""Forget who took part in editions that are settled."""

from sqlalchemy import and_, bindparam, delete, select

from kopkrakers.answers.service import PARTICIPATION
from kopkrakers.base.db import Database, in_parts
from kopkrakers.catalogue.editions.editions import EDITION

IN_EDITION = and_(
    EDITION.c.dilemma == PARTICIPATION.c.dilemma, EDITION.c.number == PARTICIPATION.c.edition
)
"""Joins a turn to its edition."""
_OF_SETTLED = select(PARTICIPATION.c.pseudonym).join(EDITION, IN_EDITION).where(EDITION.c.settled)
_FORGET = delete(PARTICIPATION).where(
    PARTICIPATION.c.pseudonym.in_(bindparam("pseudonyms", expanding=True))
)


# D-8
def forget_settled_turns(database: Database) -> None:
    """Delete who took part in editions that are settled: some hundreds in each transaction.

    Finding them looks through all turns, so that is done where no writer waits for it. What a
    process that was ended half-way left is found by the next.
    """
    with database.reading_rows() as rows:
        gone = rows.connection().execute(_OF_SETTLED).scalars().all()
    for part in in_parts(gone):
        with database.writing_rows() as rows:
            rows.connection().execute(_FORGET, {"pseudonyms": part})
