"""The quality report says what the tables say, and nothing of what was kept back."""

import re
from datetime import date
from pathlib import Path

import pytest

from kopkrakers.base.db import Database
from kopkrakers.privacy.labels import CONSIDERATION_LINES
from kopkrakers.research.release.quality import FILE, part_in_words
from kopkrakers.research.release.releases import Release, file_in
from tests.research.growing import ONE_AFTER_ANOTHER, grow
from tests.research.small import (
    CONSIDERATIONS,
    add_attribute,
    add_edition,
    bytes_of,
    files_in,
    release_of,
)
from tests.support.world import World

FIRST, SECOND = ONE_AFTER_ANOTHER


def report(database: Database, number: int) -> str:
    with database.reading() as session:
        return file_in(session, number, FILE).decode()


@pytest.fixture
def one_release(database: Database, cards_dir: Path) -> Database:
    add_edition(database, cards_dir)
    groups = {value: tuple(row.values()) for value, row in FIRST.items()}
    add_attribute(database, "consideration", groups)
    release_of(database, cards_dir, date(2026, 11, 23))
    return database


def test_a_table_that_was_kept_back_and_one_that_nothing_came_in_read_alike(
    one_release: Database, cards_dir: Path
) -> None:
    release_of(one_release, cards_dir, date(2026, 12, 23))
    nothing_came = report(one_release, 2)
    grow(one_release, FIRST, SECOND)
    release_of(one_release, cards_dir, date(2027, 1, 23))
    kept_back = report(one_release, 3)
    assert nothing_came.splitlines()[1:] == kept_back.splitlines()[1:]
    assert "| `choice_by_consideration` | 1 van 1 |" in kept_back


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 0, "geen"),
        (0, 9, "geen"),
        (1, 20, "een enkele"),
        (2, 20, "minder dan een kwart"),
        (5, 20, "minder dan de helft"),
        (10, 20, "meer dan de helft"),
        (19, 20, "bijna alle"),
        (20, 20, "alle"),
    ],
)
def test_parts_are_told_in_coarse_words(part: int, whole: int, words: str) -> None:
    assert part_in_words(part, whole) == words


def test_who_takes_part_is_told_as_the_table_tells_it(
    filled: Database, world: World, cards_dir: Path
) -> None:
    release_of(filled, cards_dir)
    text = report(filled, 1)
    assert "Getelde antwoorden in deze uitgave: ongeveer 115." in text
    assert "Gemeenten en regio’s met eigen cijfers: 2." in text
    assert "114" not in text


def test_the_readme_counts_answers_at_each_step_from_answer_to_cell(
    released: Release, database: Database
) -> None:
    text = files_in(bytes_of(database))["README.md"].decode()
    steps = dict(re.findall(r"^- ([^:]+): ([0-9][^.]*)\.", text, re.MULTILINE))
    given = sum(map(sum, CONSIDERATIONS.values()))
    low, high = map(int, steps["Doorslag geteld"].split(" tot "))
    assert low <= given <= high
    # in two gemeenten: 24 + 11 + 6 + 1 and 9 + 12 + 2
    assert steps["Daarvan met een aantal in `choice_by_gemeente`"] == "65"
    assert steps["Zekerheid geteld"] == "0"
    for line in CONSIDERATION_LINES.values():
        assert f"“{line}”" in text
