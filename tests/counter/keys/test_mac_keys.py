"""The MAC key: replacing it costs no vote, and a wrong one stops the counter before any harm."""

from dataclasses import replace

import pytest

from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Keys
from kopkrakers.counter.believing import accounts_that_fail
from kopkrakers.counter.counter import MAC_CHECK_FILE, Counter
from kopkrakers.counter.rotation.lasting import LASTING, carries_former_key, sign_lasting_anew
from kopkrakers.counter.totals import total_faults
from kopkrakers.pools.checking import changed_pools
from kopkrakers.tallies.models import TALLY
from tests.support.attacks import Attacker
from tests.support.polling import KEYS
from tests.support.tally_guard import unhooked

NEW = b"n" * 40


def with_keys(attacker: Attacker, keys: Keys) -> Counter:
    return replace(attacker.polling.counter, keys=keys)


def test_what_was_signed_by_the_former_key_is_counted(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all("aaaaabbbcc")
    turned = with_keys(attacker, Keys(NEW, (KEYS.current,)))
    attacker.tick(2, counter=turned)
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}
    assert attacker.refused() == 0


@pytest.mark.parametrize("keys", [Keys(NEW), Keys(NEW, (b"o" * 40,))])
def test_a_wrong_mac_key_counts_and_deletes_nothing(attacker: Attacker, keys: Keys) -> None:
    polling = attacker.polling
    polling.cast_all("aaaaabbbcc")
    attacker.tick()
    files = sorted(path.name for path in polling.counter.folder.folder.iterdir())
    with pytest.raises(ConfigurationError, match="KOPKRAKERS_SECRET_PREVIOUS"):
        attacker.tick(counter=with_keys(attacker, keys))
    assert len(attacker.rows(ENVELOPE)) == 10
    assert sorted(path.name for path in polling.counter.folder.folder.iterdir()) == files
    attacker.tick()
    assert polling.totals("NL") == {"a": 5, "b": 3, "c": 2, "x": 0}


def test_the_former_key_can_go_only_when_no_row_carries_it(attacker: Attacker) -> None:
    polling = attacker.polling
    attacker.tick(counter=with_keys(attacker, Keys(NEW, (KEYS.current,))))
    with pytest.raises(ConfigurationError):
        attacker.tick(counter=with_keys(attacker, Keys(NEW)))
    polling.close()
    for box in polling.counter.folder.folder.glob("*.key"):
        box.unlink()
    attacker.tick(2, counter=with_keys(attacker, Keys(NEW, (KEYS.current,))))
    assert polling.counter.folder.recall(MAC_CHECK_FILE)
    attacker.tick(counter=with_keys(attacker, Keys(NEW)))


def test_all_that_stays_is_signed_anew(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all("aaaaabbbcc")
    attacker.tick(2)
    turned = Keys(NEW, (KEYS.current,))
    with polling.database.transaction() as session:
        assert [len(kind.of_former_key(session, turned)) > 0 for kind in LASTING] == [
            True,
            True,
            False,  # no gemeente has a day
            False,  # nor a provider
            False,  # nothing was done in beheer
            False,  # nobody has a second step
            False,  # there is no regio
            True,
            True,
            False,  # nobody said that they lead
            True,
        ]
        assert carries_former_key(session, turned)
        sign_lasting_anew(session, turned)
        assert not carries_former_key(session, turned)
    only_new = with_keys(attacker, Keys(NEW))
    with polling.database.reading() as session:
        assert total_faults(only_new, session) == {}
        assert changed_pools(session, only_new.keys) == []
        assert accounts_that_fail(session, only_new.keys) == []


def test_totals_that_were_changed_are_not_signed_on_the_way(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all("aaaaabbbcc")
    attacker.tick(2)
    with unhooked("someone who writes to the database"):
        attacker.change(TALLY, TALLY.c.option == "a", n=TALLY.c.n + 5)
    turned = with_keys(attacker, Keys(NEW, (KEYS.current,)))
    attacker.tick(counter=turned)
    with polling.database.reading() as session:
        assert len(total_faults(turned, session)) == 1


def test_after_a_rotation_the_counter_adds_to_the_totals(attacker: Attacker) -> None:
    polling = attacker.polling
    polling.cast_all("aaaaabbbcc")
    attacker.tick(2)
    turned = with_keys(attacker, Keys(NEW, (KEYS.current,)))
    polling.cast_all("bbbbbaaacc", skip=10)
    attacker.tick(2, counter=turned)
    assert polling.totals("NL") == {"a": 8, "b": 8, "c": 4, "x": 0}
