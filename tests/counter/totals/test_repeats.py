"""That a dilemma comes back is signed: who deletes the totals of before reads nothing finer."""

from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select, update

from kopkrakers.answers.figures import national_distributions, result_of
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.counter.rotation.lasting import sign_lasting_anew
from kopkrakers.counter.totals import sign_restored_totals
from kopkrakers.privacy.release import ReleasedNational
from kopkrakers.privacy.rules import COMES_BACK_SHARES
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, EDITION_MAC, NL, TALLY, TOTAL_MAC
from kopkrakers.tallies.reading import read_verified_scopes
from tests.pools.voting import next_edition
from tests.support.polling import KEYS, OPTIONS, SLUG, Polling, prepare
from tests.support.tally_guard import unhooked

GROUP = "aaaaaaaaaabbbbbbcccc"


@pytest.fixture
def repeated(polling: Polling) -> Iterator[Polling]:
    """A dilemma that was counted, came back, and was counted again, with too few for figures."""
    assert len(GROUP) < COMES_BACK_SHARES
    polling.cast_all(GROUP)
    polling.tick(2)
    next_edition(polling, settled=True)
    polling.edition = 2
    prepare(polling)
    polling.cast_all(GROUP)
    polling.tick(2)
    assert sum(polling.totals(NL).values()) == len(GROUP)
    yield polling


def delete_first(polling: Polling) -> None:
    """As someone who writes to the database does with all totals of the first edition."""
    with unhooked("someone who writes to the database"), polling.database.transaction() as session:
        for totals in (TALLY, ATTRIBUTE_TALLY, TOTAL_MAC, EDITION_MAC):
            session.execute(delete(totals).where(totals.c.edition == 1))


def shown(polling: Polling, keys: Keys = KEYS) -> list[ReleasedNational | None]:
    """Return the second edition as the result page and the list of a week tell it."""
    with polling.database.reading() as session:
        result = result_of(session, keys, SLUG, 2, OPTIONS, None)
        week = national_distributions(session, keys, {(SLUG, 2): OPTIONS})
    assert not result.doubtful
    return [result.national, week.get((SLUG, 2))]


def exact_in(polling: Polling, edition: int) -> dict[str, int]:
    with polling.database.reading() as session:
        rows = session.execute(select(TALLY).where(TALLY.c.edition == edition, TALLY.c.scope == NL))
        return {row.option: row.n for row in rows}


def test_who_deletes_the_totals_of_before_reads_nothing_finer(repeated: Polling) -> None:
    before = shown(repeated)
    delete_first(repeated)
    assert exact_in(repeated, 1) == {}
    assert shown(repeated) == before
    assert not any(rows_of(one) for one in before)


def rows_of(released: ReleasedNational | None) -> object:
    return getattr(released, "rows", None)


def test_where_it_is_not_signed_the_attack_works(
    repeated: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kopkrakers.counter.totals._comes_back", lambda *_: False)
    repeated.cast_all(GROUP, skip=len(GROUP))
    repeated.tick(2)
    before = shown(repeated)
    delete_first(repeated)
    assert shown(repeated) != before
    assert all(rows_of(one) for one in shown(repeated))


def test_another_secret_and_a_restore_leave_it_signed(repeated: Polling) -> None:
    new = Keys(b"n" * 32, (KEYS.current,))
    delete_first(repeated)
    sign_restored_totals(repeated.counter, as_they_are=True)
    before = shown(repeated)
    assert not any(rows_of(one) for one in before)
    with repeated.database.transaction() as session:
        sign_lasting_anew(session, new)
    assert shown(repeated, Keys(new.current)) == before


def test_an_earlier_edition_that_is_counted_later_is_signed_in_the_one_after_it(
    polling: Polling,
) -> None:
    polling.cast_all(GROUP)
    next_edition(polling, settled=False)
    polling.edition = 2
    prepare(polling)
    polling.cast_all(GROUP, others=True)
    # the envelopes of the first edition wait until it is settled
    with polling.database.transaction() as session:
        session.execute(update(EDITION).where(EDITION.c.number == 1).values(frozen=True))
    polling.tick(2)
    assert {edition: sum(exact_in(polling, edition).values()) for edition in (1, 2)} == {
        1: len(GROUP),
        2: len(GROUP),
    }
    delete_first(polling)
    with polling.database.reading() as session:
        assert read_verified_scopes(session, KEYS, SLUG, 2).comes_back
