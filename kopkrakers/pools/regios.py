"""Regio's: put gemeenten together, move them, rename and remove."""

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
from kopkrakers.pools.rules import GemeenteSize, pools_of, regio_pool
from kopkrakers.pools.sizes import believed_sizes, believed_sizes_near, membership_fields
from kopkrakers.privacy.rules import POOL_DAYS

# with one gemeente in it, the totals of the regio would be those of a gemeente too small for them
FEWEST = 2
"""Gemeenten in a new regio, at least."""
FROM_THE_NEXT = (
    "Dit geldt vanaf het volgende dilemma. Dilemma’s die nu open zijn, tellen de eerste "
    f"{POOL_DAYS} dagen zoals ze begonnen."
)
_REGIOS = select(REGIO.c.id, REGIO.c.name, REGIO.c.removed).order_by(REGIO.c.id)
_GEMEENTEN = (
    select(GEMEENTE.c.id, GEMEENTE.c.name, GEMEENTE.c.regio_id)
    .where(GEMEENTE.c.left_on.is_(None), GEMEENTE.c.is_organisation.is_(False))
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

    @property
    def gemeente_ids(self) -> set[int]:
        """Return the ids of its gemeenten."""
        return {member.id for member in self.gemeenten}


@dataclass(frozen=True)
class MovedGemeente:
    """A gemeente that was put in a regio, and the id and name of the one it was in before."""

    gemeente_id: int
    gemeente: str
    before_id: int | None = None
    before: str | None = None


def regios(session: Session, keys: Keys) -> list[RegioLine]:
    """Return the regio's with their gemeenten, by name."""
    return _lines(session, believed_sizes(session, keys))


def find_line(session: Session, keys: Keys, regio_id: int) -> RegioLine:
    """Return a regio that is known to be there."""
    return next(line for line in regios(session, keys) if line.id == regio_id)


def regio_of_gemeente(session: Session, keys: Keys, gemeente_id: int) -> RegioLine | None:
    """Return the regio that a gemeente is in; None when it is in none.

    The accounts of other regio's are not verified, so no more of it may be told than of this one.
    """
    known = believed_sizes_near(session, keys, gemeente_id)
    for line in _lines(session, known):
        if any(member.id == gemeente_id for member in line.gemeenten):
            return line
    return None


def _lines(session: Session, known: Sequence[GemeenteSize]) -> list[RegioLine]:
    by_id = {gemeente.gemeente_id: gemeente for gemeente in known}
    pools = pools_of(known)
    members: dict[int, list[Member]] = defaultdict(list)
    for row in session.execute(_GEMEENTEN):
        gemeente = by_id[row.id]
        if gemeente.regio_id is not None:
            # a gemeente that grew to K_POOL accounts is its own pool, and stays in the regio
            here = pools.get(row.id) == regio_pool(gemeente.regio_id)
            member = Member(row.id, row.name, gemeente.accounts, here)
            members[gemeente.regio_id].append(member)
    lines = []
    for row in session.execute(_REGIOS):
        if not row.removed:
            gemeenten = by_name(members[row.id], lambda member: member.name)
            lines.append(RegioLine(row.id, row.name, tuple(gemeenten)))
    return by_name(lines, lambda line: line.name)


def add_regio(
    session: Session, keys: Keys, name: str, gemeenten: Sequence[str]
) -> list[MovedGemeente]:
    """Put gemeenten together in a new regio, or one that was removed before. Return who moved.

    Raises: WrongInput for a name that is taken, fewer than two gemeenten, one that is unknown or
    named twice.
    """
    name = clean_regio_name(name)
    ids = []
    names = []
    for typed in gemeenten:
        gemeente_id, gemeente_name = find_gemeente(session, typed)
        ids.append(gemeente_id)
        names.append(gemeente_name)
    refuse_doubles(names)
    if len(ids) < FEWEST:
        raise WrongInput(
            "Een regio heeft minstens twee gemeenten. Met één gemeente is de uitslag van de regio "
            "die van de gemeente."
        )
    return make_regio(session, keys, name, ids)


def make_regio(
    session: Session, keys: Keys, name: str, gemeente_ids: Sequence[int]
) -> list[MovedGemeente]:
    """Put gemeenten together under a clean name, by their ids. Return who moved.

    Raises: WrongInput for a name that is taken.
    """
    regio_id = _new_regio(session, name)
    joined = []
    for gemeente_id in gemeente_ids:
        joined.append(put_in_regio(session, keys, gemeente_id, regio_id))
    return joined


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


def remove_regio(session: Session, keys: Keys, regio_id: int) -> None:
    """Take every gemeente out of a regio. Its name stays with the figures that were counted."""
    row = session.get_one(Regio, regio_id)
    for gemeente in session.execute(_GEMEENTEN).all():
        if gemeente.regio_id == regio_id:
            _put(session, keys, gemeente.id, None)
    _write(session, regio_id, row.name, removed=True)


def put_in_regio(session: Session, keys: Keys, gemeente_id: int, regio_id: int) -> MovedGemeente:
    """Put a gemeente in a regio. Return where it was before: a gemeente is in one at most."""
    name, before_id = _gemeente(session, gemeente_id)
    _put(session, keys, gemeente_id, regio_id)
    if before_id is None or before_id == regio_id:
        return MovedGemeente(gemeente_id, name)
    before = session.get_one(Regio, before_id)
    return MovedGemeente(gemeente_id, name, before_id, before.name)


def take_out_of_regio(session: Session, keys: Keys, gemeente_id: int) -> RegioLine:
    """Take a gemeente out of its regio. Return the regio as it is now.

    Raises: WrongInput when it is in none.
    """
    name, regio_id = _gemeente(session, gemeente_id)
    if regio_id is None:
        raise WrongInput(f"{name} zit niet in een regio.")
    _put(session, keys, gemeente_id, None)
    return find_line(session, keys, regio_id)


def leave_regio(session: Session, keys: Keys, gemeente_id: int) -> RegioLine:
    """Take a gemeente out of its regio, and remove the regio when it was the last. Return it.

    Raises: WrongInput when it is in none.
    """
    line = take_out_of_regio(session, keys, gemeente_id)
    # its name would stay taken, and nobody in the browser could ask for it
    if not line.gemeenten:
        remove_regio(session, keys, line.id)
    return line


def gemeenten_in(session: Session, regio_id: int) -> list[int]:
    """Return the ids of the gemeenten that stand in a regio, verified or not."""
    here = _GEMEENTEN.with_only_columns(GEMEENTE.c.id).where(GEMEENTE.c.regio_id == regio_id)
    return list(session.execute(here).scalars())


def find_gemeente(session: Session, typed: str) -> tuple[int, str]:
    """Return the id and name of a gemeente: exactly as typed, else as names are compared.

    Raises: WrongInput when there is none.
    """
    row = gemeente_named(session, typed)
    if row is None:
        raise WrongInput(
            f"Er is geen gemeente {typed}. Voeg die eerst toe: kopkrakers gemeente add {typed!r}"
        )
    return row


def gemeente_named(session: Session, typed: str) -> tuple[int, str] | None:
    """Return the id and name of a gemeente: exactly as typed, else as names are compared."""
    rows = []
    for row in session.execute(_GEMEENTEN):
        rows.append((int(row.id), str(row.name)))
    # exactly first: the unique index lets names through that compare as equal
    for one in rows:
        if one[1] == typed:
            return one
    for one in rows:
        if fold(one[1]) == fold(typed):
            return one
    return None


def find_regio(session: Session, typed: str) -> tuple[int, str]:
    """Return the id and name of a regio that was not removed.

    Raises: WrongInput when there is none.
    """
    row = _regio_named(session, clean_regio_name(typed))
    if row is None or row.removed:
        raise WrongInput(f"Er is geen regio {typed}. Kijk met: kopkrakers regio list")
    return row.id or 0, row.name


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


def refuse_doubles(names: Sequence[str], field: str | None = None) -> None:
    """Raise WrongInput at a form field for a gemeente that is named twice."""
    for name, times in Counter(names).items():
        if times > 1:
            raise WrongInput(f"{name} staat er {times} keer. Noem elke gemeente één keer.", field)


def is_taken(session: Session, name: str, *, but_for: int | None = None) -> bool:
    """Whether there is another regio of this name than the one with the id `but_for`.

    A new regio may have the name of one that was removed; one that is there may not.
    """
    known = _regio_named(session, name)
    if known is None or known.id == but_for:
        return False
    return but_for is not None or not known.removed


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
