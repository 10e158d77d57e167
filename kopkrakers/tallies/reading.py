"""Read totals, which leave by `privacy.release` only.

What a page shows is read with its MACs: a total that somebody changed in the database is left out.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, select
from sqlmodel import Session

from kopkrakers.base.db import Rows, in_parts
from kopkrakers.base.keys import Keys
from kopkrakers.base.memory import Memory
from kopkrakers.tallies.models import (
    ATTRIBUTE_TALLY,
    EDITION_MAC,
    LEADERS,
    NL,
    SHIFT_TALLY,
    TALLY,
    TOTAL_MAC,
)
from kopkrakers.tallies.signing import SAY_SO, Counts, comes_back_by_mac, part_holds

OptionCounts = Mapping[str, Mapping[str, int]]
"""People by scope or value, and option."""
SignedRows = tuple[tuple[Any, ...], ...]
"""Rows as the driver gives them, each with the MAC of its part."""
VERIFIED_SECONDS = 3600.0
"""Seconds for which it is remembered which rows hold."""
MOST_VERIFIED = 40
"""The sets of rows that are remembered: those of a national server are a quarter of a megabyte."""


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


_before = TALLY.alias("before")
# asked in the same statement: a page may ask few
_HAS_EARLIER = (
    select(_before.c.edition)
    .where(_before.c.dilemma == bindparam("dilemma"), _before.c.edition < bindparam("edition"))
    .exists()
)
_MAC_OF_EDITION = (
    select(EDITION_MAC.c.mac)
    .where(
        EDITION_MAC.c.dilemma == bindparam("dilemma"), EDITION_MAC.c.edition == bindparam("edition")
    )
    .scalar_subquery()
)
_SIGNED_SCOPES = (
    _with_macs(TALLY, TALLY.c.scope, "scope", "option", "n")
    .add_columns(_HAS_EARLIER, _MAC_OF_EDITION)
    .where(TALLY.c.dilemma == bindparam("dilemma"), TALLY.c.edition == bindparam("edition"))
)
# not joined, or PostgreSQL reads the MACs of every scope to find those of two
_MAC_OF_SCOPE = (
    select(TOTAL_MAC.c.mac)
    .where(
        TOTAL_MAC.c.dilemma == TALLY.c.dilemma,
        TOTAL_MAC.c.edition == TALLY.c.edition,
        TOTAL_MAC.c.kind == TALLY.name,
        TOTAL_MAC.c.part == TALLY.c.scope,
    )
    .scalar_subquery()
)
_SHOWN_ROWS = select(
    TALLY.c.scope, TALLY.c.option, TALLY.c.n, _MAC_OF_SCOPE, _HAS_EARLIER, _MAC_OF_EDITION
).where(
    TALLY.c.dilemma == bindparam("dilemma"),
    TALLY.c.edition == bindparam("edition"),
    TALLY.c.scope.in_((NL, LEADERS, bindparam("local"))),
)
# by dilemmas and numbers apart: SQLite finds pairs of them in no index
_NATIONAL_ROWS = (
    select(TALLY.c.dilemma, TALLY.c.edition)
    .add_columns(TALLY.c.scope, TALLY.c.option, TALLY.c.n, _MAC_OF_SCOPE, EDITION_MAC.c.mac)
    .join(
        EDITION_MAC,
        and_(EDITION_MAC.c.dilemma == TALLY.c.dilemma, EDITION_MAC.c.edition == TALLY.c.edition),
    )
    .where(
        TALLY.c.dilemma.in_(bindparam("dilemmas", expanding=True)),
        TALLY.c.edition.in_(bindparam("numbers", expanding=True)),
        TALLY.c.scope.in_((NL, LEADERS)),
    )
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


# one of them is another than any that was read earlier: what is made of it is remembered by it
@dataclass(frozen=True, eq=False)
class VerifiedCounts:
    """Totals by scope or value, and option, of those that hold. `doubtful`: the others.

    `comes_back`: whether the dilemma was counted before, by the MAC of the national totals or, in
    what is read of one edition alone, by totals of an earlier one. `leaders`: by option, of those
    who answered from the chair of a leidinggevende. They are no part of the national totals, so
    they never stand among `counts`. `rows`: what was verified, as it was read.
    """

    counts: OptionCounts
    doubtful: frozenset[str] = frozenset()
    comes_back: bool = False
    leaders: Mapping[str, int] = field(default_factory=dict)
    rows: SignedRows = ()

    def shown_rows(self, local: str | None) -> SignedRows:
        """Return what `read_shown_rows` reads of these totals."""
        return tuple(sorted(row for row in self.rows if row[0] in (NL, LEADERS, local)))

    @cached_property
    def scopes(self) -> frozenset[str]:
        """The scopes that have totals, those that do not hold among them."""
        return self.doubtful.union(self.counts)


_VERIFIED: Memory[tuple[Hashable, ...], VerifiedCounts] = Memory(
    seconds=VERIFIED_SECONDS, most=MOST_VERIFIED
)


def read_scopes(session: Session, dilemma: str, edition: int) -> dict[str, dict[str, int]]:
    """Return the totals of one edition by scope and option, as they stand: `LEADERS` too."""
    scopes: dict[str, dict[str, int]] = defaultdict(dict)
    parameters = {"dilemma": dilemma, "edition": edition}
    with session.connection().execute(_SCOPES, parameters) as result:
        assert result.cursor is not None
        # rows as the driver gives them: an edition can have those of hundreds of gemeenten
        for scope, option, n in result.cursor.fetchall():
            scopes[scope][option] = n
    return scopes


def read_shown_rows(session: Rows, dilemma: str, edition: int, local: str | None) -> SignedRows:
    """Return the rows of the totals that a page shows: national, of leidinggevenden, and `local`.

    Each stands with its MAC and with that of the whole edition, which is another after every count.
    So together they stand for all totals of the edition, of which there can be hundreds of scopes.
    """
    parameters = {"dilemma": dilemma, "edition": edition, "local": local}
    return tuple(sorted(_rows(session, _SHOWN_ROWS, parameters)))


def read_national_rows(
    session: Rows, dilemmas: Collection[str], last: int
) -> dict[tuple[str, int], SignedRows]:
    """Return the same of the signed editions of these dilemmas, without any local scope.

    `last`: the highest number of an edition that is asked.
    """
    rows_of: dict[tuple[str, int], list[tuple[Any, ...]]] = defaultdict(list)
    numbers = range(1, last + 1)
    for some in in_parts(sorted(dilemmas)):
        asked = {"dilemmas": some, "numbers": numbers}
        for dilemma, edition, *row in _rows(session, _NATIONAL_ROWS, asked):
            rows_of[dilemma, edition].append(tuple(row))
    return {place: tuple(sorted(rows)) for place, rows in rows_of.items()}


def read_verified_scopes(session: Rows, keys: Keys, dilemma: str, edition: int) -> VerifiedCounts:
    """Return the totals of one edition by scope and option."""
    rows = _rows(session, _SIGNED_SCOPES, {"dilemma": dilemma, "edition": edition})
    repeated = bool(rows) and bool(rows[0][4])
    return _verified_scopes(keys, dilemma, edition, rows, comes_back=repeated)


def read_verified_scopes_of(
    session: Rows, keys: Keys, dilemmas: Sequence[str]
) -> dict[tuple[str, int], VerifiedCounts]:
    """Return the totals of all editions of these dilemmas."""
    rows_of: dict[tuple[str, int], list[tuple[Any, ...]]] = defaultdict(list)
    for row in session.connection().execute(_SIGNED_SCOPES_OF, {"dilemmas": dilemmas}):
        rows_of[row.dilemma, row.edition].append((row.scope, row.option, row.n, row.mac))
    verified_by_edition = {}
    for (dilemma, edition), rows in rows_of.items():
        verified_by_edition[dilemma, edition] = _verified_scopes(
            keys, dilemma, edition, tuple(rows)
        )
    return verified_by_edition


def read_verified_attribute(
    session: Rows, keys: Keys, dilemma: str, edition: int, attribute: str
) -> VerifiedCounts:
    """Return the totals of one attribute of an edition, by value and option."""
    parameters = {"dilemma": dilemma, "edition": edition, "attribute": attribute}
    rows = _rows(session, _SIGNED_ATTRIBUTE, parameters)

    def verified() -> VerifiedCounts:
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        of_attribute: dict[tuple[str, ...], int] = {}
        for value, option, n, _ in rows:
            counts[value][option] = of_attribute[value, option] = n
        part = (ATTRIBUTE_TALLY.name, attribute)
        # the rows of an attribute are one part, with one MAC
        if rows and not part_holds(keys, dilemma, edition, part, of_attribute, rows[0][-1]):
            return VerifiedCounts({}, frozenset((attribute,)))
        return VerifiedCounts(dict(counts))

    return _remembered((keys, dilemma, edition, attribute, rows), verified)


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


def _rows(session: Rows, statement: Select[Any], parameters: dict[str, Any]) -> SignedRows:
    with session.connection().execute(statement, parameters) as result:
        assert result.cursor is not None
        # rows as the driver gives them: an edition can have those of hundreds of gemeenten
        return tuple(result.cursor.fetchall())


def _verified_scopes(
    keys: Keys, dilemma: str, edition: int, rows: SignedRows, *, comes_back: bool = False
) -> VerifiedCounts:
    """Verify the totals of one edition. `rows`: scope, option, people and MAC, and what more."""

    def verified() -> VerifiedCounts:
        counts: dict[str, dict[str, int]] = defaultdict(dict)
        macs: dict[str, bytes | None] = {}
        for scope, option, n, mac, *_ in rows:
            counts[scope][option] = n
            macs[scope] = mac
        counts_of_edition = _verified(keys, dilemma, edition, dict(counts), macs)
        return replace(
            counts_of_edition, comes_back=comes_back or counts_of_edition.comes_back, rows=rows
        )

    return _remembered((keys, dilemma, edition, rows), verified)


# D-77
def _remembered(
    what: tuple[Hashable, ...], verified: Callable[[], VerifiedCounts]
) -> VerifiedCounts:
    """Return what was verified of exactly these rows and MACs, or verify it.

    `what`: all that the outcome depends on, so that a row that somebody changed is never found.
    """
    outcome = _VERIFIED.get(what)
    if outcome is None:
        outcome = verified()
        _VERIFIED.put(what, outcome)
    return outcome


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
    again = False
    for scope, options in counts.items():
        part = (TALLY.name, scope)
        of_scope: Counts = {(option,): n for option, n in options.items()}
        if not part_holds(keys, dilemma, edition, part, of_scope, macs[scope]):
            doubtful.add(scope)
        elif part in SAY_SO:
            again |= comes_back_by_mac(keys, dilemma, edition, part, of_scope, macs[scope])
    if doubtful:
        doubtful.add(NL)
    kept = {scope: counts[scope] for scope in counts if scope not in doubtful}
    leaders = kept.pop(LEADERS, {})
    return VerifiedCounts(kept, frozenset(doubtful), comes_back=again, leaders=leaders)
