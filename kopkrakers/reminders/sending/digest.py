"""The weekly mail: the titles of one week, the same for everybody who asked for it."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.base.dutch import listed, weekday
from kopkrakers.catalogue.editions.editions import DAY
from kopkrakers.catalogue.editions.working_days import WEEK, monday_of
from kopkrakers.catalogue.library import Library
from kopkrakers.reminders.rules import FRIDAY


def digest(
    session: Session, library: Library, day: date, *, on: int, base_url: str
) -> tuple[str, str] | None:
    """Return the subject and the text of the mail of a week; None when nothing was planned.

    `on`: the day of the week on which it is sent, 0 is Monday. The link that ends it is not in it.
    """
    titles = _titles(session, library, monday_of(day))
    if not titles:
        return None
    if on == FRIDAY:
        subject = "De dilemma’s van deze week"
        before = "Deze dilemma’s kwamen er deze week bij:"
        after = f"Je vindt ze in het archief:\n{base_url}/archief"
    else:
        subject = "Deze week in Kopkrakers"
        before = "Deze dilemma’s komen er deze week:"
        after = f"Elke werkdag gaat er één open:\n{base_url}/"
    return subject, f"Dag,\n\n{before}\n\n{listed(titles)}\n\n{after}\n"


def _titles(session: Session, library: Library, monday: date) -> list[str]:
    """Return a line for each day of a week that has a dilemma."""
    statement = (
        select(DAY.c.day, DAY.c.dilemma)
        .where(DAY.c.day >= monday, DAY.c.day < monday + timedelta(days=WEEK))
        .order_by(DAY.c.day)
    )
    titles = []
    for row in session.execute(statement):
        card = library.card(row.dilemma)
        if card is not None:
            titles.append(f"{weekday(row.day)}: {card.title_in_list}")
    return titles
