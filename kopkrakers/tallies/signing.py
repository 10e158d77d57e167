"""Sign totals, so that one changed, moved, removed or put back by SQL is noticed.

A part of the totals is all rows of one scope, of one attribute, or the shift. Each has a MAC over
its rows and their number, and the edition one over the MACs of all its parts and the number of the
last count that added to it. Who removes rows with their MACs, or puts an older set in their place,
meets that number: the counter keeps it in the key folder too.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, Table, bindparam, select, union
from sqlmodel import Session

from kopkrakers.base.db import add_to, put_over
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import of_former_key, sign, verify_mac
from kopkrakers.tallies.models import (
    ATTRIBUTE_TALLY,
    EDITION_MAC,
    LEADERS,
    NL,
    SHIFT_TALLY,
    TALLY,
    TOTAL_MAC,
)

Part = tuple[str, str]
"""The name of a table of totals, and the scope or attribute in it; "" for the shift."""
Counts = Mapping[tuple[str, ...], int]
"""The people of a part, by the other columns of its rows."""
WHOLE: Part = ("edition", "")
"""Stands for all totals of an edition together."""
NATIONAL: Part = (TALLY.name, NL)
OF_LEADERS: Part = (TALLY.name, LEADERS)
SAY_SO = (NATIONAL, OF_LEADERS)
"""The parts whose MAC says whether the dilemma was counted before."""
_PART = {TALLY.name: "scope", ATTRIBUTE_TALLY.name: "attribute"}
"""The column that names the part of a row."""
_WITHIN = {
    TALLY.name: ("option",),
    ATTRIBUTE_TALLY.name: ("value", "option"),
    SHIFT_TALLY.name: ("before", "after"),
}
"""The columns that, within a part, name a row."""
_TABLES = (TALLY, ATTRIBUTE_TALLY, SHIFT_TALLY)


def _of_edition(of: Table, columns: Sequence[str]) -> Select[Any]:
    return select(*[of.c[name] for name in columns]).where(
        of.c.dilemma == bindparam("dilemma"), of.c.edition == bindparam("edition")
    )


def _columns(of: Table) -> tuple[str, ...]:
    part = (_PART[of.name],) if of.name in _PART else ()
    return (*part, *_WITHIN[of.name], "n")


_ROWS = {of.name: _of_edition(of, _columns(of)) for of in _TABLES}
_MACS = _of_edition(TOTAL_MAC, ("kind", "part", "mac"))
_EDITION = _of_edition(EDITION_MAC, ("count_number", "mac"))
_COUNTED = union(*[select(of.c.dilemma, of.c.edition) for of in (*_TABLES, TOTAL_MAC, EDITION_MAC)])


@dataclass(frozen=True)
class EditionTotals:
    """All totals of an edition with their MACs. `count_number`: of the last count; 0 for none."""

    dilemma: str
    edition: int
    counts: Mapping[Part, Counts]
    macs: Mapping[Part, bytes]
    count_number: int = 0
    mac: bytes | None = None

    def faults(self, keys: Keys, *, at_least: int) -> list[Part]:
        """Return the parts that do not hold, and `WHOLE` where together they are not all there.

        `at_least`: the number of the last count that is known to have added to them.
        """
        if not (self.counts or self.macs or self.mac or at_least):
            return []
        faults = []
        for part in sorted({*self.counts, *self.macs}):
            counts, mac = self.counts.get(part, {}), self.macs.get(part)
            if not part_holds(keys, self.dilemma, self.edition, part, counts, mac):
                faults.append(part)
        # rows that went with their MACs leave a whole that does not hold; in an older set all
        # holds, and only the number of its last count is too low
        is_old = self.count_number < at_least
        if is_old or self.mac is None or not verify_mac(keys, self.mac, *_edition_fields(self)):
            faults.append(WHOLE)
        return faults

    def says_comes_back(self, keys: Keys) -> bool:
        """Whether the MAC of totals of all gemeenten says that the dilemma was counted before."""
        for part in SAY_SO:
            mac, counts = self.macs.get(part), self.counts.get(part, {})
            if comes_back_by_mac(keys, self.dilemma, self.edition, part, counts, mac):
                return True
        return False

    def grown(self, to: Table, rows: Sequence[Mapping[str, Any]]) -> "EditionTotals":
        """Return these totals with the rows added that are added to a table."""
        counts = {part: dict(of_part) for part, of_part in self.counts.items()}
        for row in rows:
            part, key = _place(to, row)
            of_part = counts.setdefault(part, {})
            of_part[key] = of_part.get(key, 0) + int(row["n"])
        return replace(self, counts=counts)


def part_holds(
    keys: Keys, dilemma: str, edition: int, part: Part, counts: Counts, mac: bytes | None
) -> bool:
    """Whether these are all rows of a part as the counter wrote them.

    It does not tell an older set of rows and MAC from the last one.
    """
    if mac is None or not counts:
        return False
    if verify_mac(keys, mac, *_part_fields(dilemma, edition, part, counts)):
        return True
    return part in SAY_SO and comes_back_by_mac(keys, dilemma, edition, part, counts, mac)


# D-96
def comes_back_by_mac(
    keys: Keys, dilemma: str, edition: int, part: Part, counts: Counts, mac: bytes | None
) -> bool:
    """Whether a part of `SAY_SO` holds by a MAC that says that the dilemma was counted before."""
    if mac is None or not counts:
        return False
    fields = _part_fields(dilemma, edition, part, counts, comes_back=True)
    return verify_mac(keys, mac, *fields)


def _part_fields(
    dilemma: str, edition: int, part: Part, counts: Counts, *, comes_back: bool = False
) -> tuple[str | int | bytes, ...]:
    """Return what the MAC of a part covers: its rows in order, and how many there are."""
    kind = "totals that come back" if comes_back else "totals"
    fields: list[str | int | bytes] = [kind, dilemma, edition, *part, len(counts)]
    for key in sorted(counts):
        fields += (*key, counts[key])
    return tuple(fields)


def read_totals(session: Session, dilemma: str, edition: int) -> EditionTotals:
    """Return all totals of an edition as they stand in the database."""
    parameters = {"dilemma": dilemma, "edition": edition}
    counts: dict[Part, dict[tuple[str, ...], int]] = defaultdict(dict)
    for of in _TABLES:
        for row in session.execute(_ROWS[of.name], parameters):
            part, key = _place(of, row._asdict())
            counts[part][key] = row.n
    return with_macs(session, dilemma, edition, counts)


def with_macs(
    session: Session, dilemma: str, edition: int, counts: Mapping[Part, Counts]
) -> EditionTotals:
    """Return totals that were read with the MACs that stand in the database."""
    parameters = {"dilemma": dilemma, "edition": edition}
    macs = {}
    for row in session.execute(_MACS, parameters):
        macs[row.kind, row.part] = row.mac
    whole = session.execute(_EDITION, parameters).first()
    if whole is None:
        return EditionTotals(dilemma, edition, counts, macs)
    return EditionTotals(dilemma, edition, counts, macs, whole.count_number, whole.mac)


def add_signed(
    session: Session,
    keys: Keys,
    totals: EditionTotals,
    to: Table,
    rows: Sequence[Mapping[str, Any]],
    count_number: int,
    *,
    comes_back: bool,
) -> EditionTotals:
    """Add rows to totals that were verified, and sign them. Return the totals after that.

    What is signed are the totals as they were verified, with these rows: never what another writer
    made of them meanwhile. `comes_back`: as for `sign_totals`.
    """
    add_to(session, to, rows)
    grown = totals.grown(to, rows)
    return sign_totals(session, keys, grown, count_number, comes_back=comes_back)


def sign_totals(
    session: Session, keys: Keys, totals: EditionTotals, count_number: int, *, comes_back: bool
) -> EditionTotals:
    """Write the MACs of totals that are right, and no others. Return the totals with those.

    `count_number`: of the last count that added to them, at least 1. `comes_back`: whether an
    earlier edition of the dilemma was counted.
    """
    edition = {"dilemma": totals.dilemma, "edition": totals.edition}
    macs, written = {}, []
    for part in sorted(totals.counts):
        fields = _part_fields(
            totals.dilemma,
            totals.edition,
            part,
            totals.counts[part],
            comes_back=comes_back and part in SAY_SO,
        )
        mac = sign(keys, *fields)
        macs[part] = mac
        # what stands already right is not written again
        if totals.macs.get(part) != mac:
            kind, name = part
            written.append(edition | {"kind": kind, "part": name, "mac": mac})
    if written:
        put_over(session, TOTAL_MAC, written)
    signed = replace(totals, macs=macs, count_number=count_number)
    mac = sign(keys, *_edition_fields(signed))
    put_over(session, EDITION_MAC, [edition | {"count_number": count_number, "mac": mac}])
    return replace(signed, mac=mac)


def totals_of_former_key(session: Session, keys: Keys) -> list[EditionTotals]:
    """Return the totals that hold by a former key and not by the current one."""

    def holds(by: Keys, totals: EditionTotals) -> bool:
        return not totals.faults(by, at_least=1)

    editions = session.execute(select(EDITION_MAC.c.dilemma, EDITION_MAC.c.edition)).all()
    all_totals = (read_totals(session, row.dilemma, row.edition) for row in editions)
    return of_former_key(keys, all_totals, holds)


def sign_totals_anew(session: Session, keys: Keys, found: Sequence[EditionTotals]) -> None:
    """Sign totals that were verified by the current key; the number of their last count stays."""
    for totals in found:
        comes_back = totals.says_comes_back(keys)
        sign_totals(session, keys, totals, totals.count_number, comes_back=comes_back)


def is_anything_signed(session: Session) -> bool:
    """Whether any totals were ever signed: before the first count since an upgrade none may be.

    Somebody who takes all MACs away by SQL makes it look like one.
    """
    return session.execute(select(EDITION_MAC).limit(1)).first() is not None


def counted_editions(session: Session) -> list[tuple[str, int]]:
    """Return the editions of which there are totals, or MACs of totals."""
    rows = session.execute(_COUNTED)
    return sorted((row.dilemma, row.edition) for row in rows)


def _place(of: Table, row: Mapping[str, Any]) -> tuple[Part, tuple[str, ...]]:
    """Return the part that a row belongs to, and what names the row in it."""
    part = row[_PART[of.name]] if of.name in _PART else ""
    return (of.name, part), tuple(row[name] for name in _WITHIN[of.name])


def _edition_fields(totals: EditionTotals) -> tuple[str | int | bytes, ...]:
    fields: list[str | int | bytes] = ["totals of edition", totals.dilemma, totals.edition]
    fields += (totals.count_number, len(totals.macs))
    for part in sorted(totals.macs):
        fields += (*part, totals.macs[part])
    return tuple(fields)
