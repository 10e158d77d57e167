"""When totals are signed that were not just counted: once for an installation from before, and when
a backup was put back.
"""

import pytest
from sqlalchemy import select

from kopkrakers.base.config import Settings
from kopkrakers.counter.totals import NOT_SIGNED_YET, TOTALS_FILE
from kopkrakers.operations.backups import RestoreOutcome, go_on_after_restore
from kopkrakers.operations.check import changed_totals
from kopkrakers.tallies.models import EDITION_MAC, NL, TALLY, TOTAL_MAC
from tests.counter.totals.attacks import (
    BOTH,
    HERE,
    MORE,
    NATIONAL,
    TEN,
    all_removed,
    count,
    faults,
    put_in_place,
    rows_of,
    up,
)
from tests.support.attacks import Attacker
from tests.support.databases.copies import copy_back, copy_of
from tests.support.polling import SLUG, Polling


def said(attacker: Attacker) -> list[str]:
    """Return what `kopkrakers check` says of the totals."""
    return list(changed_totals(attacker.polling.counter, attacker.polling.now))


class TestAnInstallationFromBefore:
    """Totals without MACs are signed once, at the first tick."""

    def unsigned(self, polling: Polling, attacker: Attacker) -> None:
        count(attacker, TEN)
        attacker.remove(TOTAL_MAC)
        attacker.remove(EDITION_MAC)
        (polling.counter.folder.folder / TOTALS_FILE).unlink()

    def test_its_totals_are_signed_and_added_to(self, attacker: Attacker) -> None:
        self.unsigned(attacker.polling, attacker)
        count(attacker, MORE, skip=10)
        assert attacker.polling.totals(NL) == BOTH
        assert faults(attacker) == {}

    def test_never_a_second_time(self, attacker: Attacker) -> None:
        self.unsigned(attacker.polling, attacker)
        attacker.tick()
        attacker.change(TALLY, HERE, n=TALLY.c.n + 100)
        attacker.remove(TOTAL_MAC)
        attacker.remove(EDITION_MAC)
        attacker.tick()
        assert faults(attacker).keys() == {(SLUG, 1)}
        assert attacker.rows(EDITION_MAC) == []

    def test_check_says_what_to_do_until_then_and_alarms_ever_after(
        self, attacker: Attacker
    ) -> None:
        self.unsigned(attacker.polling, attacker)
        assert said(attacker) == [NOT_SIGNED_YET]
        attacker.tick()
        assert said(attacker) == []
        attacker.change(TALLY, HERE, n=TALLY.c.n + 100)
        attacker.remove(TOTAL_MAC)
        attacker.remove(EDITION_MAC)
        (alarm,) = said(attacker)
        assert "Buiten kopkrakers om veranderd" in alarm

    def test_a_lost_file_gives_no_mac_beside_others(self, attacker: Attacker) -> None:
        count(attacker, TEN)
        attacker.change(TALLY, HERE, NATIONAL, n=TALLY.c.n + 100)
        (attacker.polling.counter.folder.folder / TOTALS_FILE).unlink()
        attacker.tick()
        assert faults(attacker).keys() == {(SLUG, 1)}

    def test_totals_removed_afterwards_are_missed(self, attacker: Attacker) -> None:
        self.unsigned(attacker.polling, attacker)
        attacker.tick()
        all_removed(attacker)
        with attacker.polling.database.reading() as session:
            assert session.execute(select(TALLY)).first() is None
        assert faults(attacker).keys() == {(SLUG, 1)}


class TestABackupThatWasPutBack:
    """`restore` gives a MAC to what holds, and to the rest only when the operator says so."""

    def restore(
        self, attacker: Attacker, settings: Settings, *, accept: bool = False
    ) -> RestoreOutcome:
        polling = attacker.polling
        now = polling.now
        return go_on_after_restore(settings, polling.database, now, accept_totals=accept)

    def test_its_totals_hold(self, attacker: Attacker, settings: Settings) -> None:
        count(attacker, TEN)
        copied = copy_of(attacker.polling.database)
        count(attacker, MORE, skip=10)
        copy_back(attacker.polling.database, copied)
        assert self.restore(attacker, settings).doubtful == 0
        attacker.tick()
        assert faults(attacker) == {}

    def test_the_totals_of_before_cannot_come_back(
        self, attacker: Attacker, settings: Settings
    ) -> None:
        count(attacker, TEN)
        copied = copy_of(attacker.polling.database)
        count(attacker, MORE, skip=10)
        newer = rows_of(attacker)
        copy_back(attacker.polling.database, copied)
        self.restore(attacker, settings)
        put_in_place(attacker, newer)
        assert faults(attacker).keys() == {(SLUG, 1)}

    @pytest.mark.parametrize("signed", [True, False], ids=["changed", "never signed"])
    def test_totals_that_do_not_hold_are_signed_only_when_told(
        self, attacker: Attacker, settings: Settings, signed: bool
    ) -> None:
        count(attacker, TEN)
        if signed:
            up(attacker)
        else:
            attacker.remove(TOTAL_MAC)
            attacker.remove(EDITION_MAC)
        assert self.restore(attacker, settings).doubtful == 1
        attacker.tick()
        assert faults(attacker).keys() == {(SLUG, 1)}
        assert self.restore(attacker, settings, accept=True).doubtful == 0
        assert faults(attacker) == {}

    def test_on_a_machine_with_new_keys_too(self, attacker: Attacker, settings: Settings) -> None:
        count(attacker, TEN)
        for file in attacker.polling.counter.folder.folder.iterdir():
            file.unlink()
        assert self.restore(attacker, settings).doubtful == 0
        all_removed(attacker)
        assert faults(attacker).keys() == {(SLUG, 1)}
