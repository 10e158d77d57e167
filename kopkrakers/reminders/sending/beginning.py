"""Begin as courier: with the leftovers of an earlier one, or of an earlier secret."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select, update

from kopkrakers.reminders.models import REMINDER, TEAM_HOOK
from kopkrakers.reminders.push import subscription
from kopkrakers.reminders.sealing import sealed_anew
from kopkrakers.reminders.sending.courier import Courier, write_together
from kopkrakers.reminders.team_hooks import LABEL as HOOK_LABEL

SEALED = ((REMINDER, subscription.LABEL), (TEAM_HOOK, HOOK_LABEL))
"""The tables with something sealed, each with the label of its key."""


def begin(courier: Courier) -> None:
    """Seal anew what only a former secret opens, and finish what one that was killed did not."""
    for of, label in SEALED:
        with courier.database.transaction() as session:
            rows: Sequence[Row[Any]] = session.execute(
                select(of).where(of.c.sealed.is_not(None))
            ).all()
            for row in rows:
                anew = sealed_anew(courier.keys, label, row.sealed)
                if anew is not None:
                    # by what is sealed: a person who chose another device meanwhile keeps that
                    is_row = of.c.sealed == row.sealed
                    session.execute(update(of).where(is_row).values(sealed=anew))
    write_together(courier)
