"""The people beside what lies in the inbox: who sent it with their name, and who took it up."""

from typing import Any

from sqlalchemy import Select, Table, select

from kopkrakers.accounts.models import USER

SENDER = USER.alias("sender")
_TAKER = USER.alias("taker")


def with_people(table: Table) -> Select[Any]:
    """Return the rows of a table, each with the names of its `sender` and its `taker` or None."""
    of_sender = SENDER.c.id == table.c.sender_id
    of_taker = _TAKER.c.id == table.c.taken_by
    return select(table, SENDER.c.name.label("sender"), _TAKER.c.name.label("taker")).select_from(
        table.outerjoin(SENDER, of_sender).outerjoin(_TAKER, of_taker)
    )
