"""Pools of editions, with the real counter: chosen at the opening, kept, moved and counted once."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from kopkrakers.accounts.chain.changes import record_change
from kopkrakers.accounts.models import GEMEENTE, USER, Change
from kopkrakers.answers.service import Turn
from kopkrakers.ballots.boxes import BOX, ENVELOPE
from kopkrakers.base.db import Database
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.rotation.lasting import sign_lasting_anew
from kopkrakers.counter.totals import recalled_numbers, sign_restored_totals, total_faults
from kopkrakers.pools import regios
from kopkrakers.pools.checking import changed_pools
from kopkrakers.pools.models import POOL_ASSIGNMENT
from kopkrakers.pools.service import (
    Versions,
    assign_pools,
    choose_pools,
    edition_holds,
    pools_in,
    write_version,
)
from kopkrakers.privacy.rules import K_POOL, POOL_DAYS
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, EDITION_MAC, TALLY, TOTAL_MAC
from tests.pools.voting import make_and_move, next_edition, vote
from tests.support.polling import KEYS, SLUG, Polling, give_pools, make_polling
from tests.support.tally_guard import unhooked
from tests.support.world import add_gemeente, add_people


@pytest.fixture
def small(polling: Polling) -> dict[int, list[int]]:
    """Three gemeenten of six in regio Zaanstreek, beside the two large ones; the edition opens."""
    people: dict[int, list[int]] = {}
    with polling.database.transaction() as session:
        for name in ("Wormerland", "Oostzaan", "Landsmeer"):
            gemeente = add_gemeente(session, name)
            people[gemeente] = add_people(session, gemeente, 6)
        regios.add_regio(session, KEYS, "Zaanstreek", ["Wormerland", "Oostzaan", "Landsmeer"])
    reopen(polling)
    return people


@pytest.fixture
def pilot(database: Database, key_dir: Path) -> Polling:
    """A server with one team of twenty, and a gemeente beside it with nobody."""
    return make_polling(database, key_dir, people=20, others=0)


def reopen(polling: Polling) -> None:
    """Let the counter choose the pools of the open edition again, as if it opened now."""
    with polling.database.transaction() as session:
        session.execute(update(EDITION).values(pools=None, pools_mac=None))
        assign_pools(session, KEYS, polling.today, counted=())
    make_and_move(polling)


def places(polling: Polling) -> dict[str, int]:
    """Return the number of envelopes that wait in the boxes of each pool."""
    with polling.database.reading() as session:
        waiting = select(BOX.c.pool).join(ENVELOPE, ENVELOPE.c.box_id == BOX.c.id)
        pools = list(session.execute(waiting).scalars())
    return {pool: pools.count(pool) for pool in pools}


def local_boxes(polling: Polling) -> set[str]:
    with polling.database.reading() as session:
        return set(session.execute(select(BOX.c.pool).where(BOX.c.kind == "gemeente")).scalars())


@pytest.mark.parametrize(("accounts", "counted"), [(K_POOL - 1, False), (K_POOL, True)])
def test_a_pilot_has_no_national_figures_of_its_own_team(
    pilot: Polling, accounts: int, counted: bool
) -> None:
    """Exact shares of one small gemeente, and of nearly everybody in it (D-131)."""
    with pilot.database.transaction() as session:
        here = select(func.count()).select_from(USER)
        add_people(session, pilot.other_gemeente, accounts - session.execute(here).scalar_one())
    pilot.cast_all("a" * 17 + "bbb")
    pilot.tick(3)
    pilot.nights(4)
    assert bool(pilot.totals("NL")) is counted


def test_a_pilot_counts_nothing_when_its_dilemma_closes(pilot: Polling) -> None:
    voters = pilot.cast_all("a" * 16 + "bbbb")
    pilot.close()
    assert pilot.totals("NL") == {}
    assert {pilot.turn(user_id) for user_id in voters} == {Turn.NONE}


def test_what_waited_in_a_pilot_is_counted_once_the_server_grew(pilot: Polling) -> None:
    pilot.cast_all("a" * 16 + "bbbb")
    pilot.tick(3)
    assert pilot.totals("NL") == {}
    with pilot.database.transaction() as session:
        add_people(session, add_gemeente(session, "Purmerend"), 5)
    pilot.tick(2)
    assert sum(pilot.totals("NL").values()) == 20


def test_small_gemeenten_of_a_regio_are_counted_together_once(
    polling: Polling, small: dict[int, list[int]]
) -> None:
    assert local_boxes(polling) == {str(polling.gemeente), str(polling.other_gemeente), "R1"}
    for gemeente, people in small.items():
        vote(polling, gemeente, people[:4], "aabc")
    assert places(polling) == {"R1": 12}
    polling.tick(2)
    assert polling.totals("R1") == {"a": 6, "b": 3, "c": 3, "x": 0}
    assert polling.totals("NL") == polling.totals("R1")
    assert places(polling) == {}


def test_a_gemeente_that_moves_meanwhile_is_counted_where_the_edition_began(
    polling: Polling, small: dict[int, list[int]]
) -> None:
    mover, *others = small
    for gemeente in others:
        vote(polling, gemeente, small[gemeente][:4], "aabc")
    with polling.database.transaction() as session:
        regios.take_out_of_regio(session, KEYS, mover)
        assert assign_pools(session, KEYS, polling.today, counted=()) == 0
    make_and_move(polling)
    vote(polling, mover, small[mover][:4], "aabc")
    assert places(polling) == {"R1": 12}
    polling.tick(2)
    assert sum(polling.totals("R1").values()) == 12


def test_a_version_that_holds_already_is_used_again(
    polling: Polling, small: dict[int, list[int]]
) -> None:
    reopen(polling)
    reopen(polling)
    with polling.database.reading() as session:
        # one with the large gemeenten alone, and one with the regio
        assert set(session.execute(select(POOL_ASSIGNMENT.c.version)).scalars()) == {1, 2}


def test_after_two_weeks_everything_is_national_also_what_waits(
    polling: Polling, small: dict[int, list[int]]
) -> None:
    first, second, _ = small
    vote(polling, first, small[first][:4], "aabc")
    polling.now += timedelta(days=POOL_DAYS)
    vote(polling, second, small[second][:4], "aabc")
    assert places(polling) == {"R1": 4, "NL": 4}
    assert make_and_move(polling) == 3
    assert places(polling) == {"NL": 8}
    assert local_boxes(polling) == set()
    polling.cast_all("aaaabbbccccx")
    polling.tick(2)
    assert sum(polling.totals("NL").values()) == 20
    assert polling.totals("R1") == {}


def test_a_dilemma_that_was_counted_before_comes_back_national_only(polling: Polling) -> None:
    polling.cast_all("aaaaabbbcc")
    polling.tick(2)
    next_edition(polling, settled=True)
    assert pools_of_edition(polling, 2) == {}


def delete_totals(polling: Polling) -> None:
    """As someone who writes to the database does: no trace of a count is left there."""
    with unhooked("someone who writes to the database"), polling.database.transaction() as session:
        for totals in (TALLY, ATTRIBUTE_TALLY, TOTAL_MAC, EDITION_MAC):
            session.execute(delete(totals))


def test_who_deletes_the_totals_of_before_gets_no_local_figures(polling: Polling) -> None:
    polling.cast_all("aaaaabbbcc")
    polling.tick(2)
    delete_totals(polling)
    next_edition(polling, settled=True)
    assert pools_of_edition(polling, 2) == {}


def test_nor_once_that_database_was_restored(polling: Polling) -> None:
    """Without its totals it looks like one of before the first count."""
    polling.cast_all("aaaaabbbcc")
    polling.tick(2)
    delete_totals(polling)
    sign_restored_totals(polling.counter, as_they_are=False)
    next_edition(polling, settled=True)
    assert pools_of_edition(polling, 2) == {}
    with polling.database.reading() as session:
        assert total_faults(polling.counter, session) == {}


def test_nor_who_lets_a_second_edition_have_the_number_of_the_first(polling: Polling) -> None:
    polling.cast_all("aaaaabbbcc")
    polling.tick(2)
    delete_totals(polling)
    reset = update(EDITION).values(pools=None, pools_digest=None, pools_mac=None)
    with polling.database.transaction() as session:
        session.execute(reset.values(opens_on=polling.today))
        counted = recalled_numbers(polling.counter.folder)
        assign_pools(session, KEYS, polling.today, counted=counted)
    assert pools_of_edition(polling, 1) == {}


@pytest.mark.parametrize("ended", [{"frozen": True}, {"settled": False}])
def test_so_does_one_that_was_broken_off_or_still_waits(
    polling: Polling, ended: dict[str, bool]
) -> None:
    next_edition(polling, **{"settled": True} | ended)
    assert pools_of_edition(polling, 2) == {}


def test_one_that_was_never_answered_has_pools_again(polling: Polling) -> None:
    next_edition(polling, settled=True)
    assert pools_of_edition(polling, 2) == {
        polling.gemeente: str(polling.gemeente),
        polling.other_gemeente: str(polling.other_gemeente),
    }


def pools_of_edition(polling: Polling, number: int) -> dict[int, str]:
    with polling.database.reading() as session:
        version = session.execute(
            select(EDITION.c.pools).where(EDITION.c.number == number)
        ).scalar_one()
        return pools_in(session, KEYS, version)


def test_envelopes_of_the_first_edition_are_moved_to_their_pool_and_counted_once(
    polling: Polling, small: dict[int, list[int]]
) -> None:
    """An installation of before: every gemeente, however small, has a box of its own."""
    with polling.database.transaction() as session:
        give_pools(session, KEYS, polling.today)
    make_and_move(polling)
    lonely = add_lonely(polling)
    for gemeente, people in small.items():
        vote(polling, gemeente, people[:4], "aabc")
    assert set(places(polling)) == {str(gemeente) for gemeente in small}
    reopen(polling)
    assert places(polling) == {"R1": 12}
    assert str(lonely) not in local_boxes(polling)
    polling.tick(2)
    assert polling.totals("R1") == {"a": 6, "b": 3, "c": 3, "x": 0}
    assert polling.totals("NL") == polling.totals("R1")
    assert {polling.turn(person) for people in small.values() for person in people[:4]} == {
        "counted"
    }


def add_lonely(polling: Polling) -> int:
    with polling.database.transaction() as session:
        return add_gemeente(session, "Urk")


def test_a_group_that_was_tried_stays_tried_in_the_box_of_its_pool(
    polling: Polling, small: dict[int, list[int]]
) -> None:
    """Else who takes back would let the next one in decide, and show what that one chose."""
    with polling.database.transaction() as session:
        give_pools(session, KEYS, polling.today)
    make_and_move(polling)
    gemeente = next(iter(small))
    with polling.database.transaction() as session:
        more = add_people(session, add_gemeente(session, "Edam"), 10)
        session.execute(update(USER).where(USER.c.id.in_(more)).values(gemeente_id=gemeente))
        record_change(session, KEYS, more, Change.MADE)
    vote(polling, gemeente, more, "a" * 10)
    polling.tick(2)
    reopen(polling)
    with polling.database.reading() as session:
        assert session.execute(select(ENVELOPE.c.tried)).scalars().all() == [True] * 10
    assert places(polling) == {"R1": 10}


def test_who_writes_to_the_database_puts_nobody_in_another_pool(
    polling: Polling, small: dict[int, list[int]]
) -> None:
    """A changed pool, version or regio counts for nothing: the answer goes to the national box."""
    gemeente = next(iter(small))
    with polling.database.transaction() as session:
        session.execute(
            update(POOL_ASSIGNMENT)
            .where(POOL_ASSIGNMENT.c.gemeente_id == gemeente)
            .values(pool=str(gemeente))
        )
    make_and_move(polling)
    assert str(gemeente) not in local_boxes(polling)
    vote(polling, gemeente, small[gemeente][:1], "a")
    assert places(polling) == {"NL": 1}


def test_nor_does_a_version_that_the_counter_did_not_choose(polling: Polling) -> None:
    with polling.database.transaction() as session:
        give_pools(session, KEYS, polling.today, {polling.gemeente: "R9"})
        chosen = session.execute(select(EDITION.c.pools)).scalar_one()
        choose_pools(session, KEYS, SLUG, 1, chosen - 1)
        session.execute(update(EDITION).values(pools=chosen))
    polling.cast(polling.people[0])
    assert places(polling) == {"NL": 1}


def test_nor_a_gemeente_that_was_put_in_a_regio_by_sql(
    polling: Polling, small: dict[int, list[int]]
) -> None:
    with polling.database.transaction() as session:
        urk = add_gemeente(session, "Urk")
        add_people(session, urk, 6)
        taken = select(GEMEENTE.c.regio_mac).where(GEMEENTE.c.id == next(iter(small)))
        mac = session.execute(taken).scalar_one()
        values = {"regio_id": 1, "regio_mac": mac}
        session.execute(update(GEMEENTE).where(GEMEENTE.c.id == urk).values(values))
    reopen(polling)
    assert urk not in pools_of_edition(polling, 1)
    assert set(small) <= set(pools_of_edition(polling, 1))


def test_a_new_key_leaves_pools_and_regios_as_they_are(
    polling: Polling, small: dict[int, list[int]]
) -> None:
    before = pools_of_edition(polling, 1)
    rotating = Keys(b"n" * 40, (KEYS.current,))
    with polling.database.transaction() as session:
        sign_lasting_anew(session, rotating)
    only_new = Keys(b"n" * 40)
    with polling.database.reading() as session:
        edition = session.execute(select(EDITION)).one()
        assert edition_holds(only_new, edition)
        assert pools_in(session, only_new, edition.pools) == before
        assert changed_pools(session, only_new) == []


def pools_today(polling: Polling) -> Mapping[int, str]:
    """The pools to which the counter lets answers to the open edition go."""
    with polling.database.reading() as session:
        edition = session.execute(select(EDITION)).one()
        return Versions(KEYS).today(session, edition, polling.today)


def test_a_pool_that_somebody_deleted_sends_the_edition_to_the_national_box(
    polling: Polling, small: dict[int, list[int]]
) -> None:
    """Without one of its gemeenten the others of a regio would be fewer than they seem."""
    before = pools_of_edition(polling, 1)
    assert set(small) <= set(before)
    with polling.database.transaction() as session:
        gone = POOL_ASSIGNMENT.c.gemeente_id == next(iter(small))
        session.execute(delete(POOL_ASSIGNMENT).where(gone))
        assert f"{SLUG}, editie 1" in changed_pools(session, KEYS)[0]
    assert pools_today(polling) == {}


def test_a_version_that_was_deleted_never_comes_back_with_other_pools(
    polling: Polling, small: dict[int, list[int]]
) -> None:
    """An edition that is open would else be counted by the pools of another."""
    with polling.database.transaction() as session:
        session.execute(delete(POOL_ASSIGNMENT))
        edition = session.execute(select(EDITION)).one()
        version = write_version(session, KEYS, {next(iter(small)): "7"})
        assert version > edition.pools
    assert pools_today(polling) == {}


@pytest.mark.parametrize("digest", [None, b"0" * 32])
def test_the_digest_of_the_pools_is_under_the_mac(
    polling: Polling, small: dict[int, list[int]], digest: bytes | None
) -> None:
    with polling.database.transaction() as session:
        session.execute(update(EDITION).values(pools_digest=digest))
        assert changed_pools(session, KEYS)
    assert pools_today(polling) == {}
