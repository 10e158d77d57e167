"""Read totals, which leave by `privacy.release` only.

What a page shows is read with its MACs: a total that somebody changed in the database is left out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, select
from sqlmodel import Session

from kopkrakers.base.keys import Keys
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, NL, SHIFT_TALLY, TALLY, TOTAL_MAC
from kopkrakers.tallies.signing import Counts, part_holds

OptionCounts = Mapping[str, Mapping[str, int]]
"""People by scope or value, and option."""


def _with_macs(of: Table, part: ColumnElement[str], *columns: str) -> Select[Any]:
    """Return the statement for these columns of totals, each row with the MAC of its part."""
    its_mac = and_(
        TOTAL_MAC.c.dilemma == of.c.dilemma,
        TOTAL_MAC.c.edition == of.c.edition,
        TOTAL_MAC.c.kind == of.name,
        TOTAL_MAC.c.part == part,
    )
    chosen = [of.c[name] for name in columns]
    return select(*chosen, TOTAL_MAC.c.mac).select_from(of.outerjoin(TOTAL_MAC, its_mac))


_SIGNED_SCOPES = _with_macs(TALLY, TALLY.c.scope, "scope", "option", "n").where(
    TALLY.c.dilemma == bindparam("dilemma"), TALLY.c.edition == bindparam("edition")
)
_SIGNED_ATTRIBUTE = _with_macs(
    ATTRIBUTE_TALLY, ATTRIBUTE_TALLY.c.attribute, "value", "option", "n"
).where(
    ATTRIBUTE_TALLY.c.dilemma == bindparam("dilemma"),
    ATTRIBUTE_TALLY.c.edition == bindparam("edition"),
    ATTRIBUTE_TALLY.c.attribute == bindparam("attribute"),
)
_SCOPES = select(TALLY.c.scope, TALLY.c.option, TALLY.c.n).where(
    TALLY.c.dilemma == bindparam("dilemma"), TALLY.c.edition == bindparam("edition")
)
_SIGNED_SCOPES_OF = _with_macs(
    TALLY, TALLY.c.scope, "dilemma", "edition", "scope", "option", "n"
).where(TALLY.c.dilemma.in_(bindparam("dilemmas", expanding=True)))
_BEFORE = (
    select(TALLY.c.edition)
    .where(TALLY.c.dilemma == bindparam("dilemma"), TALLY.c.edition < bindparam("edition"))
    .limit(1)
)
_OF_EDITION = select(SHIFT_TALLY.c.before, SHIFT_TALLY.c.after, SHIFT_TALLY.c.n).where(
    SHIFT_TALLY.c.dilemma == bindparam("dilemma"), SHIFT_TALLY.c.edition == bindparam("edition")
)


@dataclass(frozen=True)
class VerifiedCounts:
    """Totals by scope or value, and option, of those that hold. `doubtful`: the others."""

    counts: OptionCounts
    doubtful: frozenset[str] = frozenset()


def read_scopes(session: Session, dilemma: str, edition: int) -> dict[str, dict[str, int]]:
    """Return the totals of one edition by scope and option, as they stand."""
    scopes: dict[str, dict[str, int]] = defaultdict(dict)
    parameters = {"dilemma": dilemma, "edition": edition}
    with session.connection().execute(_SCOPES, parameters) as result:
        assert result.cursor is not None
        # rows as the driver gives them: an edition can have those of hundreds of gemeenten
        for scope, option, n in result.cursor.fetchall():
            scopes[scope][option] = n
    return scopes


def read_verified_scopes(
    session: Session, keys: Keys, dilemma: str, edition: int
) -> VerifiedCounts:
    """Return the totals of one edition by scope and option."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    macs: dict[str, bytes | None] = {}
    parameters = {"dilemma": dilemma, "edition": edition}
    with session.connection().execute(_SIGNED_SCOPES, parameters) as result:
        assert result.cursor is not None
        # rows as the driver gives them: an edition can have those of hundreds of gemeenten
        for scope, option, n, mac in result.cursor.fetchall():
            counts[scope][option] = n
            macs[scope] = mac
    return _verified(keys, dilemma, edition, counts, macs)


def read_verified_scopes_of(
    session: Session, keys: Keys, dilemmas: Sequence[str]
) -> dict[tuple[str, int], OptionCounts]:
    """Return the totals of all editions of these dilemmas, each by scope and option."""
    counts: dict[tuple[str, int], dict[str, dict[str, int]]] = {}
    macs: dict[tuple[str, int], dict[str, bytes | None]] = {}
    for row in session.connection().execute(_SIGNED_SCOPES_OF, {"dilemmas": dilemmas}):
        place = (row.dilemma, row.edition)
        counts.setdefault(place, {}).setdefault(row.scope, {})[row.option] = row.n
        macs.setdefault(place, {})[row.scope] = row.mac
    return {place: _verified(keys, *place, counts[place], macs[place]).counts for place in counts}


def read_verified_attribute(
    session: Session, keys: Keys, dilemma: str, edition: int, attribute: str
) -> VerifiedCounts:
    """Return the totals of one attribute of an edition, by value and option."""
    parameters = {"dilemma": dilemma, "edition": edition, "attribute": attribute}
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    of_attribute: dict[tuple[str, ...], int] = {}
    mac = None
    for row in session.connection().execute(_SIGNED_ATTRIBUTE, parameters):
        counts[row.value][row.option] = of_attribute[row.value, row.option] = row.n
        mac = row.mac
    part = (ATTRIBUTE_TALLY.name, attribute)
    if of_attribute and not part_holds(keys, dilemma, edition, part, of_attribute, mac):
        return VerifiedCounts({}, frozenset((attribute,)))
    return VerifiedCounts(counts)


def comes_back(session: Session, dilemma: str, edition: int) -> bool:
    """Whether an earlier edition of the dilemma has totals."""
    if edition == 1:
        return False
    parameters = {"dilemma": dilemma, "edition": edition}
    return session.execute(_BEFORE, parameters).first() is not None


def read_shift(session: Session, dilemma: str, edition: int) -> dict[str, dict[str, int]]:
    """Return totals of one edition by option before and option after.

    They are raw, and for `privacy.release` only.
    """
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in session.execute(_OF_EDITION, {"dilemma": dilemma, "edition": edition}):
        counts[row.before][row.after] = row.n
    return counts


def _verified(
    keys: Keys,
    dilemma: str,
    edition: int,
    counts: OptionCounts,
    macs: Mapping[str, bytes | None],
) -> VerifiedCounts:
    """Leave out the scopes that do not hold, and then the national one too.

    What the national totals may tell depends on how those of every pool leave.
    """
    doubtful = set()
    for scope, options in counts.items():
        of_scope: Counts = {(option,): n for option, n in options.items()}
        if not part_holds(keys, dilemma, edition, (TALLY.name, scope), of_scope, macs[scope]):
            doubtful.add(scope)
    if not doubtful:
        return VerifiedCounts(counts)
    doubtful.add(NL)
    kept = {scope: counts[scope] for scope in counts if scope not in doubtful}
    return VerifiedCounts(kept, frozenset(doubtful))
