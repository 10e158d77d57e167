"""A gemeente of nearly one mind: no way out of the dataset gives a number of it."""

import csv
import io
from pathlib import Path

import pytest
from flask import Flask

from kopkrakers.base.db import Database
from tests.research.small import add_edition, add_totals, bytes_of, files_in, release_of
from tests.support.pages import send, words
from tests.support.world import World, browser_of


def rows_of_gemeente(database: Database, name: str) -> list[dict[str, str]]:
    text = files_in(bytes_of(database))["csv/choice_by_gemeente.csv"].decode()
    return [row for row in csv.DictReader(io.StringIO(text)) if row["gemeente"] == name]


@pytest.mark.parametrize("counts", [(27, 3, 0, 0), (171, 2, 1, 0)])
def test_every_gemeente_above_the_limit_leaves_alike(
    database: Database, world: World, cards_dir: Path, counts: tuple[int, ...]
) -> None:
    add_edition(database, cards_dir)
    add_totals(database, "NL", (300, 100, 20, 4))
    add_totals(database, str(world.zaanstad), counts)
    release_of(database, cards_dir)
    rows = rows_of_gemeente(database, "Zaanstad")
    assert [(row["option"], row["n"], row["percent"], row["top"]) for row in rows] == [
        ("a", "", "", "true"),
        ("b", "", "", "false"),
        ("c", "", "", "false"),
        ("x", "", "", "false"),
    ]


def test_at_the_limit_all_numbers_leave(database: Database, world: World, cards_dir: Path) -> None:
    add_edition(database, cards_dir)
    add_totals(database, "NL", (60, 30, 4, 0))
    add_totals(database, str(world.zaanstad), (24, 6, 0, 0))
    release_of(database, cards_dir)
    rows = rows_of_gemeente(database, "Zaanstad")
    assert [(row["n"], row["top"]) for row in rows] == [
        ("24", "false"),
        ("6", "false"),
        ("0", "false"),
        ("0", "false"),
    ]


def test_the_page_for_researchers_shows_words_and_no_total(
    database: Database, world: World, cards_dir: Path, app: Flask
) -> None:
    add_edition(database, cards_dir)
    add_totals(database, "NL", (300, 100, 20, 4))
    add_totals(database, str(world.zaanstad), (171, 2, 1, 0))
    release_of(database, cards_dir)
    dewi = browser_of(app, world.dewi)
    send(dewi, "/onderzoek/voorwaarden", beloofd="ja")
    page = words(dewi.get("/onderzoek?tabel=choice_by_gemeente"))
    assert "ruim 80%" in page
    assert page.count("niet verteld") == 3
    assert "174" not in page
    assert "171" not in page
