"""Every night: does each provider still know whoever is signed in with a work account?

All sessions are asked about, in the order of nothing, whether they were used or not: what a
provider writes down of it says nothing of who came when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from secrets import SystemRandom
from typing import Any

from sqlalchemy import Row, bindparam, delete, select, update

from kopkrakers.accounts.models import BROWSER_SESSION
from kopkrakers.accounts.sso.discovery import ProviderMemory
from kopkrakers.accounts.sso.flow import renewed
from kopkrakers.accounts.sso.providers import (
    Provider,
    providers,
    seal_text,
    unseal_text,
)
from kopkrakers.accounts.sso.tokens import NotBelieved
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys
from kopkrakers.base.wire.asking import Unreachable

_WAITING = select(BROWSER_SESSION.c.id_hash, BROWSER_SESSION.c.renewal)
_END = delete(BROWSER_SESSION).where(BROWSER_SESSION.c.id_hash == bindparam("of"))
_KEEP = (
    update(BROWSER_SESSION)
    .where(BROWSER_SESSION.c.id_hash == bindparam("of"))
    .values(checked=bindparam("day"), renewal=bindparam("by"))
)


@dataclass(frozen=True)
class SessionCounts:
    """Numbers of sessions whose people a provider knows, does not know, or said nothing about."""

    known: int
    gone: int
    unanswered: int


# D-92
def check_sessions(
    database: Database, told: ProviderMemory, *, keys: Keys, now: datetime
) -> SessionCounts:
    """Ask about every session by a provider that was not asked about for this day.

    Who is not known any more is signed out. Where nobody answers the session ends by itself when
    the night does, unless this is done again before.
    """
    day = amsterdam_day(now)
    with database.reading() as session:
        by_gemeente = {one.gemeente_id: one for one in providers(session, keys)}
        due = BROWSER_SESSION.c.renewal.is_not(None) & (BROWSER_SESSION.c.checked < day)
        rows = list(session.execute(_WAITING.where(due)))
    SystemRandom().shuffle(rows)
    known: dict[str, bytes] = {}
    gone: set[str] = set()
    for row in rows:
        _ask(told, by_gemeente, row, keys, known, gone)
    _write(database, day, known, gone)
    return SessionCounts(len(known), len(gone), len(rows) - len(known) - len(gone))


def _ask(
    told: ProviderMemory,
    by_gemeente: dict[int, Provider],
    row: Row[Any],
    keys: Keys,
    known: dict[str, bytes],
    gone: set[str],
) -> None:
    gemeente, _, renewal = (unseal_text(keys, row.renewal) or "").partition(" ")
    if gemeente:
        provider = by_gemeente.get(int(gemeente))
    else:
        provider = None
    if provider is None:
        gone.add(row.id_hash)
        return
    try:
        next_time = renewed(told, provider, renewal)
    except NotBelieved:
        gone.add(row.id_hash)
    except Unreachable:
        return
    else:
        known[row.id_hash] = seal_text(keys, f"{provider.gemeente_id} {next_time}")


def _write(database: Database, day: date, known: dict[str, bytes], gone: Iterable[str]) -> None:
    """Write all of it together, in the order of the hashes, which is that of nothing else."""
    kept = []
    for of in sorted(known):
        kept.append({"of": of, "day": day, "by": known[of]})
    ended = [{"of": of} for of in sorted(gone)]
    with database.transaction() as session:
        if kept:
            session.connection().execute(_KEEP, kept)
        if ended:
            session.connection().execute(_END, ended)
