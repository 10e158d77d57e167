"""A backup that is put back: no total before and after it differ by one person."""

import shutil
from pathlib import Path

import pytest

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.operations.backups import go_on_after_restore
from tests.support.polling import Polling

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def backed_up(polling: Polling, folder: Path) -> Path:
    polling.database.truncate_log()
    polling.database.dispose()
    return Path(shutil.copy(polling.database.url.removeprefix("sqlite:///"), folder / "backup.db"))


def put_back(polling: Polling, backup: Path, settings: Settings) -> None:
    polling.database.dispose()
    place = Path(polling.database.url.removeprefix("sqlite:///"))
    for leftover in place.parent.glob(place.name + "-*"):
        leftover.unlink()
    shutil.copy(backup, place)
    database = Database(polling.database.url)
    go_on_after_restore(settings, database, polling.now)
    database.dispose()


def grown(before: dict[str, int], after: dict[str, int]) -> int:
    return sum(abs(after.get(option, 0) - before.get(option, 0)) for option in "abcx")


def test_who_took_back_after_the_backup_is_not_given_away_by_the_lands_totals(
    polling: Polling, settings: Settings, tmp_path: Path
) -> None:
    person = polling.cast_all("aaaaaaaaaaa")[0]
    polling.cast_all("bbbbbbbbbb", others=True)
    polling.tick(2)
    backup = backed_up(polling, tmp_path)
    polling.take_back(person)
    polling.nights(4)
    shown = polling.totals("NL")
    assert shown == {"a": 10, "b": 10, "c": 0, "x": 0}
    put_back(polling, backup, settings)
    assert grown(shown, polling.totals("NL")) != 1
    assert polling.totals("NL") == {}


def test_who_took_back_after_the_backup_is_not_given_away_by_a_gemeentes_totals(
    polling: Polling, settings: Settings, tmp_path: Path
) -> None:
    person = polling.cast_all("aaaaabbbccc")[0]
    polling.tick()
    backup = backed_up(polling, tmp_path)
    polling.take_back(person)
    polling.tick(2)
    shown = polling.totals("NL")
    assert sum(shown.values()) == 10
    put_back(polling, backup, settings)
    assert polling.totals("NL") == {}
