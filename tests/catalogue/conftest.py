"""A folder of cards that is looked at on every question, and a way to change it."""

from pathlib import Path

import pytest

from kopkrakers.base import logs
from kopkrakers.catalogue.library import Library
from tests.support.cards import Change, EverLater


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
