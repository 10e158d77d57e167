"""The clock of a demo: right, and as many days ahead as its visitors asked for."""

from datetime import datetime, timedelta
from pathlib import Path

from kopkrakers.base.clock import Clock, utc_now
from kopkrakers.base.config import Settings
from kopkrakers.demo.visit.folders import folder_of_visit


# D-127
def demo_clock(settings: Settings) -> Clock:
    """Return the clock of a demo, for each of its processes."""
    file = _file_of_days(settings)

    def now() -> datetime:
        return utc_now() + timedelta(days=_days_in(file))

    return now


def move_a_day(settings: Settings) -> None:
    """Put the clock of all processes of a demo a day ahead. Only one process may do this."""
    file = _file_of_days(settings)
    unfinished = file.with_suffix(".new")
    unfinished.write_text(str(_days_in(file) + 1))
    # another process that reads meanwhile finds the old number or the new one, never half of it
    unfinished.rename(file)


def _file_of_days(settings: Settings) -> Path:
    return folder_of_visit(settings, "klok") / "dagen"


def _days_in(file: Path) -> int:
    try:
        return int(file.read_text())
    except FileNotFoundError:
        return 0
