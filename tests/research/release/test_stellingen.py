"""Stellingen in a release: in the tables of dilemmas, with no cell that tells of a few."""

import random
import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from kopkrakers.base.db import Database
from kopkrakers.catalogue.library import Library
from kopkrakers.catalogue.stellingen.daily import daily_stellingen
from kopkrakers.privacy import columns
from kopkrakers.privacy.column_parts import SAID_NOTHING
from kopkrakers.privacy.release import ReleasedTable, release_table
from kopkrakers.privacy.rules import LATE_DAYS
from kopkrakers.research.pages.chart import overview_chart
from kopkrakers.research.pages.page import ResearchQuery, research_page
from kopkrakers.research.release.releases import Release, make_release, parts_of
from kopkrakers.research.selection import dilemmas_in, option_texts
from kopkrakers.tallies.models import ATTRIBUTE_TALLY
from tests.research.attacking import recovered
from tests.research.small import ORIGIN, bytes_of, files_in, quiet
from tests.support.polling import Polling, make_polling
from tests.support.world import ROW_KEYS

SLUG = "stelling-proberen-mag"
ANSWERS = ("a", "b", "c")


@pytest.fixture
def polling(database: Database, key_dir: Path) -> Polling:
    """Seventy people of one gemeente and ninety of another have answered a stelling."""
    polling = make_polling(database, key_dir, people=90, card=daily_stellingen()[SLUG])
    chance = random.Random(5)
    for user_id in polling.people[:70]:
        option = chance.choices(ANSWERS, weights=(9, 4, 2))[0]
        # few with little experience, who are who a table may not tell of
        polling.cast(user_id, option, "-", experience=chance.choice("0111223333"))
    for user_id in polling.others:
        polling.cast(user_id, chance.choices(ANSWERS, weights=(95, 3, 2))[0], "-")
    polling.now += timedelta(days=LATE_DAYS)
    polling.tick(4)
    return polling


@pytest.fixture
def release(polling: Polling, cards_dir: Path) -> Release:
    return make_release(
        polling.database, Library(cards_dir), ROW_KEYS, ORIGIN, date(2027, 1, 1), quiet
    )


def rows(polling: Polling, release: Release, table: str) -> list[dict[str, object]]:
    with polling.database.reading() as session:
        parts = parts_of(session, release.name.number, table)
    names = columns.BY_ID[table].names
    return [dict(zip(names, row, strict=True)) for part in parts for row in part.rows]


def test_a_release_has_it_among_the_dilemmas_with_its_kind_and_its_answers(
    polling: Polling, release: Release
) -> None:
    (about,) = rows(polling, release, "dilemmas")
    assert (about["dilemma"], about["kind"], about["theme"]) == (SLUG, "stelling", "Stelling")
    options = rows(polling, release, "options")
    assert [(row["option"], row["label"]) for row in options] == [
        ("a", "Eens"),
        ("b", "Oneens"),
        ("c", "Hangt ervan af"),
    ]
    chosen = rows(polling, release, "choice")
    assert [row["option"] for row in chosen] == list(ANSWERS)
    files = files_in(bytes_of(polling.database))
    assert files[f"cards/{SLUG}.1.yaml"].decode() == daily_stellingen()[SLUG].source


def test_what_a_stelling_does_not_ask_has_no_table(polling: Polling, release: Release) -> None:
    for table in ("consideration", "certainty", "expectation"):
        assert rows(polling, release, f"choice_by_{table}") == []
    assert rows(polling, release, "choice_by_experience")


def test_a_gemeente_nearly_of_one_mind_has_no_numbers_and_national_ones_are_rounded(
    polling: Polling, release: Release
) -> None:
    local = rows(polling, release, "choice_by_gemeente")
    alike = [row for row in local if row["gemeente"] == "Almere"]
    assert [(row["n"], row["percent"], row["top"]) for row in alike] == [
        (None, None, True),
        (None, None, False),
        (None, None, False),
    ]
    assert all(row["rounded"] for row in rows(polling, release, "choice"))


def test_an_integer_programme_recovers_no_small_cell(polling: Polling, release: Release) -> None:
    counts = experience_counts(polling)
    found: dict[str, dict[str, str]] = {value: {} for value in counts}
    for row in rows(polling, release, "choice_by_experience"):
        value = "-" if row["experience"] == SAID_NOTHING else str(row["experience"])
        # who gave a value that is not counted apart is among those who said nothing
        if value in found:
            found[value][str(row["option"])] = str(row["n"])
    table = ReleasedTable("experience", tuple(sorted(counts)), ANSWERS, found)
    assert counts and recovered(counts, table) == []


def test_the_attack_itself_works_on_three_answers_without_protection() -> None:
    lone = {"0": {"a": 40, "b": 3, "c": 0}, "1": {"a": 10, "b": 0, "c": 10}}
    assert recovered(lone, release_table("experience", ANSWERS, lone)) == [("0", "b")]


def test_the_codebook_says_what_a_code_stands_for_on_both_kinds(
    polling: Polling, release: Release
) -> None:
    codebook = files_in(bytes_of(polling.database))["codebook.md"].decode()
    assert "`b` = Werkwijze B, of bij een stelling: oneens" in codebook
    assert "`stelling` = Stelling: één zin" in codebook


def experience_counts(polling: Polling) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    with polling.database.reading() as session:
        for row in session.connection().execute(ATTRIBUTE_TALLY.select()):
            assert row.attribute == "experience"
            counts.setdefault(row.value, dict.fromkeys(ANSWERS, 0))[row.option] = row.n
    return counts


def test_pages_of_figures_call_its_answers_by_their_words(
    polling: Polling, release: Release
) -> None:
    with polling.database.reading() as session:
        page = research_page(session, ResearchQuery())
        across = research_page(session, ResearchQuery(table=columns.CHOICE_BY_GEMEENTE.id))
        (told,) = dilemmas_in(release)
        chart = overview_chart([told], option_texts(session, release))
    assert [line.label for line in page.blocks[0].lines] == ["Eens", "Oneens", "Hangt ervan af"]
    assert across.blocks[0].heads == ("Eens", "Oneens", "Hangt ervan af")
    shares = chart.bars[0].shares
    assert re.fullmatch(r"Eens .+, oneens .+, hangt ervan af .+|Eens ruim \d+%", shares), shares
