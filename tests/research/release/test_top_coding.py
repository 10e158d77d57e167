"""A gemeente of nearly one mind: no way out of the dataset gives a number of it."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask

from kopkrakers.base.db import Database
from tests.research.small import SLUG, add_edition, add_totals, bytes_of, files_in, release_of
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


OTHER, HIDDEN = (150, 100, 33, 7), (54, 6, 1, 0)


def rows_in(files: Mapping[str, bytes], table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[f"csv/{table}.csv"].decode())))


def test_a_researcher_cannot_subtract_one_gemeente_from_the_country(
    database: Database, world: World, cards_dir: Path
) -> None:
    """All tables of the dataset together give no exact number of the gemeente above the limit."""
    add_edition(database, cards_dir)
    add_totals(database, str(world.almere), OTHER)
    add_totals(database, str(world.zaanstad), HIDDEN)
    add_totals(database, "NL", tuple(map(sum, zip(OTHER, HIDDEN, strict=True))))
    release_of(database, cards_dir)
    files = files_in(bytes_of(database))
    national = [row for row in rows_in(files, "choice") if row["dilemma"] == SLUG]
    left = [int(row["n"]) - n for row, n in zip(national, OTHER, strict=True)]
    assert left == [50, 10, 0, 0]
    assert {row["rounded"] for row in national} == {"true"}
    assert sum(int(row["percent"]) for row in national) == 100
    answers = next(row["answers"] for row in rows_in(files, "dilemmas"))
    assert int(answers) - sum(OTHER) == 60
    assert sum(HIDDEN) == 61


def test_few_gemeenten_leave_as_shares_in_tens_on_every_road(
    database: Database, world: World, cards_dir: Path, app: Flask
) -> None:
    add_edition(database, cards_dir)
    add_totals(database, str(world.almere), (20, 14, 5, 1))
    add_totals(database, str(world.zaanstad), HIDDEN)
    add_totals(database, "NL", (74, 20, 6, 1))
    release_of(database, cards_dir)
    files = files_in(bytes_of(database))
    rows = rows_in(files, "choice")
    assert [(row["n"], row["percent"], row["top"]) for row in rows] == [
        ("", "70", "false"),
        ("", "20", "false"),
        ("", "10", "false"),
        ("", "0", "false"),
    ]
    assert rows_in(files, "dilemmas")[0]["answers"] == ""
    dewi = browser_of(app, world.dewi)
    send(dewi, "/onderzoek/voorwaarden", beloofd="ja")
    for address in ("/onderzoek", "/onderzoek/overzicht"):
        page = words(dewi.get(address))
        assert "70%" in page
        assert "101" not in page


def test_a_gemeente_alone_leaves_no_number_nationally_either(
    database: Database, world: World, cards_dir: Path, app: Flask
) -> None:
    add_edition(database, cards_dir)
    add_totals(database, str(world.zaanstad), HIDDEN)
    add_totals(database, "NL", HIDDEN)
    release_of(database, cards_dir)
    rows = rows_in(files_in(bytes_of(database)), "choice")
    assert [(row["n"], row["percent"], row["top"]) for row in rows] == [
        ("", "", "true"),
        ("", "", "false"),
        ("", "", "false"),
        ("", "", "false"),
    ]
    dewi = browser_of(app, world.dewi)
    send(dewi, "/onderzoek/voorwaarden", beloofd="ja")
    overview = words(dewi.get("/onderzoek/overzicht"))
    assert "A ruim 80% ruim 80% niet verteld" in overview
    assert "61" not in overview
