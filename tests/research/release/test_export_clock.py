"""No release is made by a clock that jumped, for its month would be taken for good."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.processes.last_look import LastLook, Process
from kopkrakers.research.release import releases
from tests.research.exporting import export


def release_new(settings: Settings, folder: Path, *more: str) -> tuple[int, str]:
    made = export(settings, "--out", str(folder), "--release", "new", *more)
    return made.exit_code, made.output


def number(database: Database) -> int | None:
    with database.reading() as session:
        return releases.latest_number(session)


@pytest.mark.parametrize("days", [-300, -4, 4, 300])
def test_a_clock_far_from_the_last_look_makes_no_release(
    filled: Database, settings: Settings, tmp_path: Path, days: int
) -> None:
    look = LastLook(filled, Process.COUNTER)
    look.tell(datetime.now(UTC) - timedelta(days=days))
    code, said = release_new(settings, tmp_path / "u")
    assert code == 2 and "Er is geen uitgave gemaakt." in said
    assert re.search(r"De klok staat op [0-9]+ [a-z]+ [0-9]{4} om [0-9:]{5}\. ", said), said
    assert number(filled) is None and not (tmp_path / "u").exists()
    assert release_new(settings, tmp_path / "u", "--yes")[0] == 0
    look.close()


def test_a_clock_near_the_last_look_does(
    filled: Database, settings: Settings, tmp_path: Path
) -> None:
    look = LastLook(filled, Process.COUNTER)
    look.tell(datetime.now(UTC) - timedelta(days=2))
    assert release_new(settings, tmp_path / "u")[0] == 0
    look.close()


def test_nor_does_one_before_the_month_of_the_newest_release(
    filled: Database, settings: Settings, tmp_path: Path
) -> None:
    assert release_new(settings, tmp_path / "u")[0] == 0
    with filled.transaction() as session:
        session.execute(update(releases.RELEASE).values(month="2099-01"))
    code, said = release_new(settings, tmp_path / "u")
    assert code == 2 and "maand van de laatste uitgave" in said
    assert number(filled) == 1


def test_an_earlier_release_can_be_fetched_by_any_clock(
    filled: Database, settings: Settings, tmp_path: Path
) -> None:
    assert release_new(settings, tmp_path / "u")[0] == 0
    look = LastLook(filled, Process.COUNTER)
    look.tell(datetime.now(UTC) + timedelta(days=300))
    assert export(settings, "--out", str(tmp_path / "v")).exit_code == 0
    look.close()
