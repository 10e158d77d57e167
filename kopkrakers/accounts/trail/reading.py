"""Read the trail: a beheerder that of the own gemeente, a person what was done to their account."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlmodel import Session

from kopkrakers.accounts.models import USER
from kopkrakers.accounts.trail.models import BEHEER_ACTION, DEEDS_OF_DESK, Deed
from kopkrakers.base.paging import ListPage, rows_page

ON_A_PAGE = 50
"""Actions on a page: the newest first."""
GONE = "iemand die weg is"
OPERATOR = "Wie de server beheert"
_actor = USER.alias("actor")
_person = USER.alias("person")
_NEWEST = (
    select(
        BEHEER_ACTION.c.day,
        BEHEER_ACTION.c.what,
        BEHEER_ACTION.c.detail,
        BEHEER_ACTION.c.actor_id,
        BEHEER_ACTION.c.person_id,
        _actor.c.name.label("actor"),
        _person.c.name.label("person"),
    )
    .select_from(
        BEHEER_ACTION.outerjoin(_actor, _actor.c.id == BEHEER_ACTION.c.actor_id).outerjoin(
            _person, _person.c.id == BEHEER_ACTION.c.person_id
        )
    )
    .order_by(BEHEER_ACTION.c.number.desc())
)


@dataclass(frozen=True)
class ActionLine:
    """An action as a page tells it: names, or who is gone. `person`: empty where there is none."""

    day: date
    what: Deed
    actor: str
    person: str
    detail: str


def actions_of_gemeente(session: Session, gemeente_id: int, number: int) -> ListPage[ActionLine]:
    """Return a page of what was done in a gemeente and on the whole server, the newest first."""
    return _page(session, _in_gemeente(gemeente_id), number)


def every_action_of_gemeente(session: Session, gemeente_id: int) -> list[ActionLine]:
    """Return all that was done in a gemeente and on the whole server, the newest first."""
    return list(map(_line, session.execute(_NEWEST.where(_in_gemeente(gemeente_id)))))


def actions_of_desk(session: Session, number: int) -> ListPage[ActionLine]:
    """Return a page of what redacteuren did, of every gemeente, the newest first."""
    return _page(session, BEHEER_ACTION.c.what.in_(DEEDS_OF_DESK), number)


def actions_on(session: Session, user_id: int, number: int) -> ListPage[ActionLine]:
    """Return a page of what was done to the account of one person, the newest first."""
    return _page(session, BEHEER_ACTION.c.person_id == user_id, number)


def _page(session: Session, which: ColumnElement[bool], number: int) -> ListPage[ActionLine]:
    return rows_page(session, _NEWEST.where(which), number, ON_A_PAGE).each(_line)


def _in_gemeente(gemeente_id: int) -> ColumnElement[bool]:
    # what stands for the whole server is of every gemeente, and of each the beheerder reads it
    here = or_(BEHEER_ACTION.c.gemeente_id == gemeente_id, BEHEER_ACTION.c.gemeente_id.is_(None))
    return and_(here, ~BEHEER_ACTION.c.what.in_(DEEDS_OF_DESK))


def _line(row: Row[Any]) -> ActionLine:
    actor = OPERATOR
    if row.actor_id is not None:
        # the name of whoever was removed is gone, and stays gone here as well
        actor = row.actor or GONE.capitalize()
    person = ""
    if row.person_id is not None:
        person = row.person or GONE
    return ActionLine(row.day, Deed(row.what), actor, person, row.detail)


def as_dict(line: ActionLine) -> dict[str, Any]:
    """Return an action for a file."""
    return {
        "dag": line.day.isoformat(),
        "wat": line.what.value,
        "door": line.actor,
        "bij": line.person,
        "met": line.detail,
    }
