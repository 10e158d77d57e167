"""Three stored releases of several editions: their tables and sums, and attacks on all."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete

from kopkrakers.base.db import Database
from kopkrakers.privacy.audit import Counts
from kopkrakers.privacy.column_parts import NOT_APART
from kopkrakers.privacy.pooled_columns import POOLED_SHIFT, SHIFT_MOVED, SHIFT_TOTALS, VALUE_TOTALS
from kopkrakers.privacy.release import bounds, protect
from kopkrakers.privacy.rules import MARGIN
from kopkrakers.privacy.sums import Of
from kopkrakers.research.protected.earlier import Earlier, read_earlier
from kopkrakers.research.release.releases import parts_of
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, SHIFT_TALLY, AttributeTally, ShiftTally
from tests.research.attacking import STRONG
from tests.research.pooled.attacker import Attacker
from tests.research.pooled.making import shifts_of, states_of
from tests.research.small import SLUG, add_edition, add_totals, release_of
from tests.support.signed_totals import sign_by_hand
from tests.support.tally_guard import unhooked

EDITIONS = (Of(SLUG, 1), Of(SLUG, 2), Of("tweede-kans", 1))
MONTHS = (date(2026, 11, 23), date(2026, 12, 23), date(2027, 1, 23))
WHY = "totals of a dataset, whoever counted them"
OF_CONSIDERATION = "choice_by_consideration"
SEED = 7


def put(database: Database, considered: Mapping[Of, Counts], pairs: Mapping[Of, Counts]) -> None:
    """Write these totals in the place of what stood."""
    with unhooked(WHY), database.transaction() as session:
        session.execute(delete(ATTRIBUTE_TALLY))
        session.execute(delete(SHIFT_TALLY))
        for of, counts in considered.items():
            for attribute in ("consideration", "expected"):
                for value, row in counts.items():
                    code = value if attribute == "consideration" else EXPECTED[value]
                    for option, n in row.items():
                        session.add(
                            AttributeTally(
                                dilemma=of.dilemma,
                                edition=of.edition,
                                attribute=attribute,
                                value=code,
                                option=option,
                                n=n,
                            )
                        )
        for of, counts in pairs.items():
            for after, row in counts.items():
                for before, n in row.items():
                    session.add(
                        ShiftTally(
                            dilemma=of.dilemma,
                            edition=of.edition,
                            before=before,
                            after=after,
                            n=n,
                        )
                    )
    sign_by_hand(database)


EXPECTED = {"w": "a", "r": "b", "b": "c", "-": "-"}
"""The same people, who expect an option where they gave a doorslag."""


def renamed(of: Of) -> Of:
    return EDITIONS[of.edition]


@pytest.fixture
def three(database: Database, cards_dir: Path) -> Earlier:
    """All that left of three releases."""
    for of in EDITIONS:
        add_edition(database, cards_dir, of.dilemma, of.edition)
        add_totals(database, "NL", (600, 300, 200, 40), of.dilemma, of.edition)
    considered = states_of(SEED, len(EDITIONS), STRONG)
    pairs = shifts_of(SEED, len(EDITIONS))
    for month, of_month, talked in zip(MONTHS, considered, pairs, strict=True):
        put(
            database,
            {renamed(of): counts for of, counts in of_month.items()},
            {renamed(of): counts for of, counts in talked.items()},
        )
        release_of(database, cards_dir, month)
    with database.reading() as session:
        return read_earlier(session)


def test_no_release_and_no_sum_tells_a_small_number(three: Earlier) -> None:
    of_table = {
        OF_CONSIDERATION: ("pooled_by_consideration",),
        "choice_by_expectation": ("pooled_expectation",),
        "shift": (SHIFT_MOVED.id, POOLED_SHIFT.id),
    }
    for table, ids in of_table.items():
        margin = 0 if table == "shift" else MARGIN
        told = [three.sums[one] for one in ids]
        assert all(told), f"{ids} are empty: the attack had nothing to look at"
        tables = {of: list(series) for of, series in three.tables[table].items()}
        found, tried = Attacker(tables, told, margin=margin).told()
        assert tried and found == [], table


def test_what_is_read_back_is_what_left(database: Database, three: Earlier) -> None:
    """Else a later release would be held against something that nobody has."""
    latest = three.sums["pooled_by_consideration"][-1]
    with database.reading() as session:
        [part] = parts_of(session, 3, "pooled_by_consideration")
    assert {(row, column): text for row, column, text, *_ in part.rows} == {
        (row, column): text for row, cells in latest.cells.items() for column, text in cells.items()
    }
    for at, part_of in latest.parts.items():
        snapshot = three.tables[OF_CONSIDERATION][at][part_of.place]
        assert {value for value, _ in part_of.names} == set(snapshot.cells)


def test_every_sum_is_of_the_tables_as_they_stand_in_the_release(
    database: Database, three: Earlier
) -> None:
    """Added up from the numbers behind the tables, also where a table left as it was before."""
    for table, summed in ((OF_CONSIDERATION, "pooled_by_consideration"), ("shift", SHIFT_MOVED.id)):
        for left in three.sums[summed]:
            totals = dict.fromkeys(left.limits, 0)
            for of, part in left.parts.items():
                counts = three.tables[table][of][part.place].counts
                assert counts is not None
                for (value, option), name in part.names.items():
                    totals[name] += counts[value][option]
            for name, (low, high) in left.limits.items():
                assert low <= totals[name] <= high


def test_sums_of_values_tell_no_more_than_the_look_gives_away(
    database: Database, three: Earlier
) -> None:
    """The attacker above has the exact sums of every table as it left; these are of those alone."""
    for number in range(1, len(MONTHS) + 1):
        with database.reading() as session:
            parts = parts_of(session, number, VALUE_TOTALS.id)
        assert parts
        for part in parts:
            of = Of(part.dilemma, part.edition)
            for _, _, attribute, code, text, low, high, _ in part.rows:
                if text == NOT_APART:
                    continue
                assert (low, high) == bounds(text)
                known = exact_sums(three, TABLE_OF[attribute], of, code)
                assert any(low <= n <= high for n in known), (number, of, attribute, code)
                assert text in {protect(n) for n in known}


def exact_sums(earlier: Earlier, table: str, of: Of, code: str) -> set[int]:
    """The sum of a value at every release in which its table changed; nobody where it had none."""
    value = "-" if code == "niet" else code
    return {snapshot.by_value.get(value, 0) for snapshot in earlier.tables[table][of]}


TABLE_OF = {"consideration": OF_CONSIDERATION, "expected": "choice_by_expectation"}


def test_totals_before_and_after_are_of_the_same_people(database: Database, three: Earlier) -> None:
    snapshot = three.tables["shift"][EDITIONS[0]][-1]
    by_after, by_before = snapshot.sums
    with database.reading() as session:
        parts = parts_of(session, 3, SHIFT_TOTALS.id)
    [rows] = [part.rows for part in parts if (part.dilemma, part.edition) == EDITIONS[0]]
    assert {(row[2], row[3]) for row in rows} == {
        (moment, option) for moment in ("before", "after") for option in by_after
    }
    for _, _, moment, option, text, *_ in rows:
        low, high = bounds(text)
        totals = by_before if moment == "before" else by_after
        assert low <= totals[option] <= high
