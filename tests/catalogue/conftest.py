"""A folder of cards that is looked at on every question, and helpers to change it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.calendar import plan_calendar, renew_editions
from kopkrakers.catalogue.library import LOOK_AGAIN, Library
from kopkrakers.web import logs

Change = Callable[[str, str, str], None]


class EverLater:
    """Seconds of which enough have gone by at every question."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += LOOK_AGAIN
        return self.now


@pytest.fixture(autouse=True)
def warnings_are_logged() -> None:
    """Whatever level a site of an earlier test was given."""
    logs.configure("info")


@pytest.fixture
def library(cards_dir: Path) -> Library:
    """The test cards; a change of a file is seen at once."""
    return Library(cards_dir, monotonic=EverLater())


@pytest.fixture
def change(cards_dir: Path) -> Change:
    """Change the text of a card."""

    def change(slug: str, old: str, new: str) -> None:
        path = cards_dir / f"{slug}.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def tick(database: Database, library: Library, today: date) -> None:
    """What the counter does with the calendar at every tick."""
    with database.transaction() as session:
        plan_calendar(session, library, today)
        renew_editions(session, library, today)
