"""Regio's: put gemeenten together, move them, rename and remove. For who runs the server."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import GEMEENTE
from kopkrakers.accounts.rules import clean_name
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import sign
from kopkrakers.base.typed import by_name, fold
from kopkrakers.pools.models import REGIO, Regio
from kopkrakers.pools.rules import pools_of, regio_pool
from kopkrakers.pools.sizes import believed_sizes, membership_fields

# with one gemeente in it, the totals of the regio would be those of a gemeente too small for them
FEWEST = 2
"""Gemeenten in a new regio, at least."""
_REGIOS = select(REGIO.c.id, REGIO.c.name, REGIO.c.removed).order_by(REGIO.c.id)
_GEMEENTEN = (
    select(GEMEENTE.c.id, GEMEENTE.c.name, GEMEENTE.c.regio_id)
    .where(GEMEENTE.c.left_on.is_(None))
    .order_by(GEMEENTE.c.id)
)
# parameters may not have the names of the columns: SQLAlchemy keeps those for new values
_PUT = (
    update(GEMEENTE)
    .where(GEMEENTE.c.id == bindparam("gemeente"))
    .values(regio_id=bindparam("regio"), regio_mac=bindparam("signed"))
)
_RENAME = (
    update(REGIO)
    .where(REGIO.c.id == bindparam("regio"))
    .values(name=bindparam("new_name"), removed=bindparam("gone"))
)


@dataclass(frozen=True)
class Member:
    """A gemeente in a regio. `counts_here`: its next answers go to the regio's pool."""

    id: int
    name: str
    accounts: int
    counts_here: bool


@dataclass(frozen=True)
class RegioLine:
    """A regio with its gemeenten, by name."""

    id: int
    name: str
    gemeenten: tuple[Member, ...]


@dataclass(frozen=True)
class Moved:
    """A gemeente that was put in a regio, and the one it was in before."""

    gemeente: str
    before: str | None


def regios(session: Session, keys: Keys) -> list[RegioLine]:
    """Return the regio's with their gemeenten, by name."""
    known = believed_sizes(session, keys)
    accounts = {gemeente.gemeente_id: gemeente.accounts for gemeente in known}
    pools = pools_of(known)
    members: dict[int, list[Member]] = defaultdict(list)
    for row in session.execute(_GEMEENTEN):
        if row.regio_id is not None:
            # a gemeente that grew to K_POOL accounts is its own pool, and stays in the regio
            here = pools.get(row.id) == regio_pool(row.regio_id)
            members[row.regio_id].append(Member(row.id, row.name, accounts[row.id], here))
    lines = []
    for row in session.execute(_REGIOS):
        if not row.removed:
            gemeenten = by_name(members[row.id], lambda member: member.name)
            lines.append(RegioLine(row.id, row.name, tuple(gemeenten)))
    return by_name(lines, lambda line: line.name)


def add_regio(session: Session, keys: Keys, name: str, gemeenten: Sequence[str]) -> list[Moved]:
    """Put gemeenten together in a new regio, or one that was removed before. Return who moved.

    Raises: WrongInput for a name that is taken, fewer than two gemeenten, one that is unknown or
    named twice.
    """
    name = clean_regio_name(name)
    found = [find_gemeente(session, typed) for typed in gemeenten]
    _refuse_doubles([gemeente_name for _, gemeente_name in found])
    if len(found) < FEWEST:
        raise WrongInput(
            "Een regio heeft minstens twee gemeenten. Met één gemeente is de uitslag van de regio "
            "die van de gemeente."
        )
    regio_id = _new_regio(session, name)
    return [put_in_regio(session, keys, gemeente_id, regio_id) for gemeente_id, _ in found]


def rename_regio(session: Session, regio_id: int, name: str) -> str:
    """Give a regio another name, also on figures of earlier dilemmas. Return the name.

    Raises: WrongInput for a name that is taken.
    """
    name = clean_regio_name(name)
    taken = _regio_named(session, name)
    if taken is not None and taken.id != regio_id:
        raise WrongInput(_taken(taken.name))
    _write(session, regio_id, name, removed=False)
    return name


def renamed(before: str, name: str) -> str:
    """Return what the trail says of a new name."""
    return f"{before}, nu {name}"


def remove_regio(session: Session, keys: Keys, regio_id: int) -> None:
    """Take every gemeente out of a regio. Its name stays with the figures that were counted."""
    row = session.get_one(Regio, regio_id)
    for gemeente in session.execute(_GEMEENTEN).all():
        if gemeente.regio_id == regio_id:
            _put(session, keys, gemeente.id, None)
    _write(session, regio_id, row.name, removed=True)


def put_in_regio(session: Session, keys: Keys, gemeente_id: int, regio_id: int) -> Moved:
    """Put a gemeente in a regio. Return where it was before: a gemeente is in one at most."""
    row = _gemeente(session, gemeente_id)
    if row[1] is not None:
        before = session.get(Regio, row[1])
    else:
        before = None
    _put(session, keys, gemeente_id, regio_id)
    return Moved(row[0], before.name if before and before.id != regio_id else None)


def take_out_of_regio(session: Session, keys: Keys, gemeente_id: int) -> RegioLine:
    """Take a gemeente out of its regio. Return the regio as it is now.

    Raises: WrongInput when it is in none.
    """
    name, regio_id = _gemeente(session, gemeente_id)
    if regio_id is None:
        raise WrongInput(f"{name} zit niet in een regio.")
    _put(session, keys, gemeente_id, None)
    return next(line for line in regios(session, keys) if line.id == regio_id)


def find_gemeente(session: Session, typed: str) -> tuple[int, str]:
    """Return the id and name of a gemeente: exactly as typed, else as names are compared.

    Raises: WrongInput when there is none.
    """
    rows = [(int(row.id), str(row.name)) for row in session.execute(_GEMEENTEN)]
    # exactly first: the unique index lets names through that compare as equal
    for one in rows:
        if one[1] == typed:
            return one
    for one in rows:
        if fold(one[1]) == fold(typed):
            return one
    raise WrongInput(
        f"Er is geen gemeente {typed}. Voeg die eerst toe: kopkrakers gemeente add {typed!r}"
    )


def find_regio(session: Session, typed: str) -> tuple[int, str]:
    """Return the id and name of a regio that was not removed.

    Raises: WrongInput when there is none.
    """
    found = _regio_named(session, clean_regio_name(typed))
    if found is None or found.removed:
        raise WrongInput(f"Er is geen regio {typed}. Kijk met: kopkrakers regio list")
    return found.id or 0, found.name


def clean_regio_name(typed: str) -> str:
    """Return the name of a regio without the word "regio" before it, which pages write.

    Raises: WrongInput.
    """
    name = clean_name(typed)
    first, _, rest = name.partition(" ")
    rest = rest.strip()
    # a regio that is called "Regio" and no more keeps that name
    if fold(first) == "regio" and rest:
        return rest
    return name


def _refuse_doubles(names: Sequence[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise WrongInput(f"{name} staat er {times} keer. Noem elke gemeente één keer.")


def _new_regio(session: Session, name: str) -> int:
    known = _regio_named(session, name)
    if known is not None and not known.removed:
        raise WrongInput(_taken(known.name))
    # the row of a removed regio comes back: its id stands in totals, and its name is unique
    if known is not None and known.id is not None:
        _write(session, known.id, name, removed=False)
        return known.id
    regio = Regio(name=name)
    session.add(regio)
    session.flush()
    return regio.id or 0


def _taken(name: str) -> str:
    return f"Er is al een regio {name}. Kies een andere naam, of zet gemeenten erbij met: regio zet"


def _regio_named(session: Session, name: str) -> Regio | None:
    # not by the database: SQLite folds only A to Z, so "Súdwest" and "sudwest" would be two names
    for row in session.execute(_REGIOS).all():
        if fold(row.name) == fold(name):
            return session.get(Regio, row.id)
    return None


def _write(session: Session, regio_id: int, name: str, *, removed: bool) -> None:
    session.execute(_RENAME, {"regio": regio_id, "new_name": name, "gone": removed})


def _gemeente(session: Session, gemeente_id: int) -> tuple[str, int | None]:
    row = session.execute(_GEMEENTEN.where(GEMEENTE.c.id == gemeente_id)).one()
    return row.name, row.regio_id


def _put(session: Session, keys: Keys, gemeente_id: int, regio_id: int | None) -> None:
    signed = None
    if regio_id is not None:
        # `membership_holds` asks it: a gemeente that SQL puts among an attacker's own stays out
        signed = sign(keys, *membership_fields(gemeente_id, regio_id))
    parameters = {"gemeente": gemeente_id, "regio": regio_id, "signed": signed}
    session.connection().execute(_PUT, parameters)
