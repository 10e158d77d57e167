"""Lines for the trail when a regio changes: every gemeente in it hears who came and left."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlmodel import Session

from kopkrakers.accounts.trail.models import Deed
from kopkrakers.pools.regios import MovedGemeente, RegioLine, gemeenten_in


class Heard(NamedTuple):
    """A line in the trail of one gemeente; of the whole server where that is None."""

    what: Deed
    gemeente_id: int | None
    detail: str


def of_coming(
    session: Session, moved: Iterable[MovedGemeente], regio_id: int, name: str
) -> list[Heard]:
    """Return what is heard of gemeenten that came into a regio, also where they were before."""
    came = list(moved)
    already = set(gemeenten_in(session, regio_id))
    heard = []
    for one in came:
        heard.append(Heard(Deed.REGIO_IN, one.gemeente_id, name))
        already.discard(one.gemeente_id)
    for one in came:
        heard += _others(already, f"{name}: {one.gemeente} erbij")
        if one.before_id is not None:
            left = gemeenten_in(session, one.before_id)
            heard += _others(left, f"{one.before}: {one.gemeente} eruit")
    return heard


def of_leaving(session: Session, gemeente_id: int, gemeente: str, regio: RegioLine) -> list[Heard]:
    """Return what is heard of a gemeente that went out of a regio."""
    left = gemeenten_in(session, regio.id)
    return [
        Heard(Deed.REGIO_OUT, gemeente_id, regio.name),
        *_others(left, f"{regio.name}: {gemeente} eruit"),
    ]


def of_another_name(regio: RegioLine, name: str) -> list[Heard]:
    """Return what is heard of a new name. `regio`: as it was."""
    said = f"{regio.name}, nu {name}"
    # of a regio without gemeenten everybody reads it: its name stands with earlier figures
    if not regio.gemeenten:
        return [Heard(Deed.REGIO_RENAMED, None, said)]
    heard = []
    for member in regio.gemeenten:
        heard.append(Heard(Deed.REGIO_RENAMED, member.id, said))
    return heard


def _others(gemeente_ids: Iterable[int], said: str) -> list[Heard]:
    heard = []
    for gemeente_id in sorted(gemeente_ids):
        heard.append(Heard(Deed.REGIO_OTHERS, gemeente_id, said))
    return heard
