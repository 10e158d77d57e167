"""The MAC key: replacing it costs no vote, and a wrong one stops the counter before any harm."""

from dataclasses import replace

import pytest

from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Keys
from kopkrakers.counter.counter import MAC_CHECK_FILE, Counter
from tests.support.attacks import Attacker
from tests.support.polling import KEYS

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
