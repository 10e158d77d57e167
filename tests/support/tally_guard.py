"""Watches every write to the totals in the whole suite:
whole safe groups, every option, added in one go.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any
from weakref import WeakKeyDictionary

from ruamel.yaml import YAML
from sqlalchemy import Engine, event, select
from sqlalchemy.sql.dml import Delete, Insert, Update

from kopkrakers.base.db import table
from kopkrakers.catalogue.editions.models import Edition
from kopkrakers.privacy.bundles import safe
from kopkrakers.privacy.labels import SOMETHING_ELSE
from kopkrakers.privacy.rules import K_ATTRIBUTE_LATE, K_ATTRIBUTE_VALUE, K_GEMEENTE, K_NATIONAL
from kopkrakers.tallies.models import AttributeTally, Tally

NAMES = (Tally.__tablename__, AttributeTally.__tablename__)
RAW_WRITE = re.compile(
    r"\b(insert\s+(or\s+\w+\s+)?into|replace\s+into|update(\s+or\s+\w+)?|delete\s+from|truncate(\s+table)?|copy|merge\s+into)"
    r"\s+(only\s+)?[\"`\[]?(attribute_)?tally\b",
    re.IGNORECASE,
)
HINT = (
    " A test that needs totals without a count says so: "
    "`with tests.support.tally_guard.unhooked('why'):`."
)
EDITION = table(Edition)
Row = Mapping[str, Any]


class TallyGuard:
    """Refuses writes that could tell of one person, and remembers them,
    for the code may catch the refusal.
    """

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.seen = 0
        self.reasons: list[str] = []
        self._written: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
        self._approved: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()

    def install(self) -> None:
        event.listen(Engine, "before_execute", self._before_execute)
        event.listen(Engine, "before_cursor_execute", self._before_cursor)

    def uninstall(self) -> None:
        event.remove(Engine, "before_execute", self._before_execute)
        event.remove(Engine, "before_cursor_execute", self._before_cursor)

    @contextmanager
    def unhooked(self, reason: str) -> Iterator[None]:
        """Totals set up by hand, for a test that is about something else."""
        self.reasons.append(reason)
        try:
            yield
        finally:
            self.reasons.pop()

    def _before_execute(self, conn: Any, element: Any, many: Any, one: Any, _options: Any) -> None:
        if self.reasons or not isinstance(element, Insert | Update | Delete):
            return
        name = getattr(element.table, "name", None)
        if name not in NAMES:
            return
        self.seen += 1
        rows = [dict(row) for row in (many or ([one] if one else []))]
        fault = self._fault_of_statement(conn, element, name)
        self._hold(fault or fault_of_rows(name, rows, self._options(conn, rows)))
        self._approved[conn] = True

    def _before_cursor(
        self, conn: Any, _cursor: Any, statement: str, _params: Any, _context: Any, _m: bool
    ) -> None:
        if self.reasons or not RAW_WRITE.search(statement):
            return
        if not self._approved.pop(conn, False):
            self._hold(f"totals were written by text: {statement[:60]}")

    def _fault_of_statement(self, conn: Any, element: Any, name: str) -> str | None:
        if not isinstance(element, Insert):
            return (
                f"{name} was {type(element).__name__.lower()}d: totals only ever grow by a bundle"
            )
        if not _adds(str(element.compile(dialect=conn.dialect)), name):
            return f"{name} was inserted without adding to what stands there"
        written = self._written.setdefault(conn.get_transaction() or conn, set())
        if name in written:
            return f"{name} was written twice in one transaction"
        written.add(name)
        return None

    def _options(self, conn: Any, rows: Sequence[Row]) -> tuple[str, ...] | None:
        if not rows:
            return None
        which = select(EDITION.c.source).where(
            EDITION.c.dilemma == rows[0].get("dilemma"), EDITION.c.number == rows[0].get("edition")
        )
        return options_of(conn.execute(which).scalar_one_or_none() or "")

    def _hold(self, fault: str | None) -> None:
        if fault:
            self.faults.append(fault)
            raise AssertionError(fault + "." + HINT)


GUARD = TallyGuard()
unhooked = GUARD.unhooked


def options_of(source: str) -> tuple[str, ...] | None:
    """The option codes of a card's source, or None when a test made the source up."""
    # a set of stellingen, whose answers are the same for all
    if "\nstellingen:" in source:
        return tuple("abc")
    parts = source.split("---\n")
    card = YAML(typ="safe").load(parts[1]) if len(parts) > 2 else None
    ways = card.get("werkwijzen") if isinstance(card, dict) else None
    return (*"abcd"[: len(ways)], SOMETHING_ELSE) if ways else None


def fault_of_rows(name: str, rows: Sequence[Row], options: tuple[str, ...] | None) -> str | None:
    """Return the fault of the totals that one statement adds, or None."""
    kind = "scope" if name == Tally.__tablename__ else "value"
    if (
        not rows
        or len({(row["dilemma"], row["edition"], row.get("attribute")) for row in rows}) != 1
    ):
        return f"{name}: one bundle is of one edition (and one attribute)"
    groups = [(key, list(group)) for key, group in groupby(rows, key=lambda row: row[kind])]
    if len({key for key, _ in groups}) != len(groups):
        return f"{name}: the rows of a {kind} do not stand together"
    orders = {_order_of(group) for _, group in groups}
    if len(orders) != 1 or not _whole(min(orders), options):
        return f"{name}: not every option in the card's order, zeros included: {sorted(orders)}"
    vectors = {key: _vector_of(group) for key, group in groups}
    return _unsafe_scopes(vectors) if kind == "scope" else _unsafe_values(vectors)


def _order_of(group: list[Row]) -> tuple[str, ...]:
    return tuple(row["option"] for row in group)


def _vector_of(group: list[Row]) -> dict[str, int]:
    return {row["option"]: row["n"] for row in group}


def _whole(order: tuple[str, ...], options: tuple[str, ...] | None) -> bool:
    if options is not None:
        return order == options
    return order == (*"abcd"[: len(order) - 1], SOMETHING_ELSE)


def _unsafe_scopes(vectors: dict[str, dict[str, int]]) -> str | None:
    *local, national = vectors
    if list(vectors) == ["L"]:
        return None if safe(vectors["L"], K_NATIONAL) else f"tally: leaders: {vectors['L']}"
    if national != "NL" or len(local) > 1:
        return "tally: a bundle is written to at most one gemeente and then to NL"
    if any(vector != vectors["NL"] for vector in vectors.values()):
        return "tally: NL grows by something else than the gemeente's bundle"
    k = K_GEMEENTE if local else K_NATIONAL
    return (
        None
        if safe(vectors["NL"], k)
        else f"tally: a group that is not safe at {k}: {vectors['NL']}"
    )


def _unsafe_values(vectors: dict[str, dict[str, int]]) -> str | None:
    for value, vector in vectors.items():
        if not safe(vector, K_ATTRIBUTE_VALUE):
            return f"attribute_tally: value {value} is not safe at {K_ATTRIBUTE_VALUE}: {vector}"
    people = sum(sum(vector.values()) for vector in vectors.values())
    return (
        None if people >= K_ATTRIBUTE_LATE else f"attribute_tally: only {people} people in a bundle"
    )


def _adds(statement: str, name: str) -> bool:
    """Whether an insert adds to what stands there, and does nothing else in a conflict."""
    return (
        re.search(rf"DO UPDATE SET n = \(?{name}\.n \+ excluded\.n\)?$", statement.strip())
        is not None
    )
