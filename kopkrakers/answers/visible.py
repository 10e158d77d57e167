"""The editions of which a person may see results, all at once: the rule of a result page."""

from collections import defaultdict
from datetime import date

from sqlalchemy import and_, bindparam, select
from sqlmodel import Session

from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.answers.service import turns_of
from kopkrakers.catalogue.editions.editions import EDITION, OF_CARD, TAKES_ANSWERS

Place = tuple[str, int]
"""A dilemma and the number of its edition."""
_PUBLISHED = (
    select(EDITION.c.dilemma, EDITION.c.number, and_(*TAKES_ANSWERS).label("is_open"))
    .where(EDITION.c.opens_on <= bindparam("today"), OF_CARD)
    .order_by(EDITION.c.dilemma, EDITION.c.number)
)


def visible_editions(session: Session, voter: Voter, today: date) -> dict[Place, bool]:
    """Return which editions this person may see figures of, each with whether it is open.

    As `may_see_result` says of one: an open edition once their turn on it is used; a closed one,
    unless the dilemma is open again in a later edition that they can still answer.
    """
    editions: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for row in session.connection().execute(_PUBLISHED, {"today": today}):
        editions[row.dilemma].append((row.number, bool(row.is_open)))
    # only the last edition of a dilemma can be open: opening one closes those before it
    last = {dilemma: runs[-1] for dilemma, runs in editions.items()}
    are_open = []
    for dilemma, (number, is_open) in last.items():
        if is_open:
            are_open.append((dilemma, number))
    used = turns_of(session, voter, are_open)
    visible = {}
    for dilemma, runs in editions.items():
        number, is_open = last[dilemma]
        # one that must be answered blind hides the figures of the earlier ones as well
        if is_open and (dilemma, number) not in used:
            continue
        for edition, takes_answers in runs:
            visible[dilemma, edition] = takes_answers
    return visible
