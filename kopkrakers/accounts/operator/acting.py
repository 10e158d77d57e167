"""What every command of the operator does: open a transaction, find a gemeente, leave a trail."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.accounts.trail import chain
from kopkrakers.accounts.trail.models import Deed
from kopkrakers.base.clock import amsterdam_day, utc_now
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.keys import Use, keys_for
from kopkrakers.base.typed import fold

ALL_GEMEENTEN = select(GEMEENTE.c.id, GEMEENTE.c.name).order_by(GEMEENTE.c.id)
GEMEENTEN = ALL_GEMEENTEN.where(GEMEENTE.c.left_on.is_(None))


@contextmanager
def transaction(settings: Settings) -> Iterator[Session]:
    """Yield a transaction of a command; bad input ends it with a sentence."""
    try:
        with Database(settings.database_url) as database, database.transaction() as session:
            yield session
    except WrongInput as error:
        raise click.ClickException(error.sentence) from None


def of_gemeente(session: Session, name: str) -> tuple[int, str]:
    """Return the id and name of a gemeente, by its name."""
    row = row_named(session.execute(GEMEENTEN), name)
    if row is None:
        raise click.ClickException(
            f"Er is geen gemeente {name}. Voeg haar toe: kopkrakers gemeente add {name!r}"
        )
    return row


def note(
    session: Session, settings: Settings, what: Deed, gemeente_id: int | None, detail: str = ""
) -> None:
    """Write down what the operator just did. Call this last in its transaction."""
    entry = chain.TrailEntry(what, gemeente_id, detail=detail)
    chain.write(session, keys_for(Use.ROWS, settings), entry, amsterdam_day(utc_now()))


def row_named(rows: Iterable[Any], name: str) -> tuple[int, str] | None:
    """Return the id and name of the row with this name: exactly, else as names are compared."""
    alike = None
    for row in rows:
        found = int(row.id), str(row.name)
        if row.name == name:
            return found
        if alike is None and fold(row.name) == fold(name):
            alike = found
    return alike


def typed_secret(question: str) -> str:
    """Return what somebody types without seeing it, or else the first line of the input."""
    if sys.stdin.isatty():
        return str(click.prompt(question, hide_input=True)).strip()
    return sys.stdin.readline().strip()
