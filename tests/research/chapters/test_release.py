"""A card that unfolds in a release: its first choice beside the last, in tens, and never between.

The attackers have every release, and the exact totals of the card in each.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.catalogue.editions.models import Edition
from kopkrakers.privacy import columns
from kopkrakers.privacy.bundles import differ_safely
from kopkrakers.privacy.chapter_columns import CHAPTERS
from kopkrakers.privacy.release import coarser, release_national
from kopkrakers.privacy.rules import COMES_BACK_SHARES, K_GEMEENTE
from kopkrakers.research.release.releases import parts_of
from kopkrakers.tallies.models import NL, TALLY
from tests.answers.guessing import (
    AGAIN,
    MOST_GAIN,
    SAMPLES,
    TRUTHS,
    Totals,
    chose_after_a_fact,
    counts_of,
    some_votes,
)
from tests.research.small import (
    OPTIONS,
    SLUG,
    TODAY,
    WHY,
    add_totals,
    bytes_of,
    files_in,
    release_of,
)
from tests.support.tally_guard import unhooked

DECEMBER, JANUARY = date(2026, 12, 23), date(2027, 1, 20)
BETWEEN = (31, 59, 12, 1)
LAST = (20, 61, 9, 3)


def add_chapter(
    database: Database, chapter: int, counts: tuple[int, ...], *, opens_on: date = TODAY
) -> None:
    """Let the card of the small instance have a chapter with these totals."""
    with database.transaction() as session:
        row = session.get_one(Edition, (SLUG, 1)).model_dump()
        number = {"number": 1 + chapter, "chapter": chapter, "opens_on": opens_on}
        session.add(Edition(**row | number))
    if counts:
        add_totals(database, NL, counts, number=1 + chapter)


def told(database: Database, number: int = 1) -> list[dict[str, object]]:
    with database.reading() as session:
        parts = parts_of(session, number, CHAPTERS.id)
    return [dict(zip(CHAPTERS.names, row, strict=True)) for part in parts for row in part.rows]


def test_the_first_choice_stands_beside_the_last_and_nothing_between(
    filled: Database, cards_dir: Path
) -> None:
    add_chapter(filled, 1, BETWEEN)
    add_chapter(filled, 2, LAST)
    release_of(filled, cards_dir)
    rows = told(filled)
    shares = {(row["chapter"], row["option"]): row["percent"] for row in rows}
    assert [shares[0, option] for option in OPTIONS] == [50, 30, 20, 0]
    assert [shares[2, option] for option in OPTIONS] == [20, 70, 10, 0]
    assert len(rows) == 2 * len(OPTIONS)
    assert {row["edition"] for row in rows} == {1}


def test_no_other_table_knows_of_a_chapter(filled: Database, cards_dir: Path) -> None:
    release_of(filled, cards_dir)
    add_chapter(filled, 1, LAST)
    release_of(filled, cards_dir, DECEMBER)
    with filled.reading() as session:
        for spec in columns.TABLES:
            if spec in (CHAPTERS, columns.CHANGES):
                continue
            before, after = parts_of(session, 1, spec.id), parts_of(session, 2, spec.id)
            assert [part.rows for part in before] == [part.rows for part in after], spec.id


def test_the_one_before_the_last_is_not_told_while_the_last_is_to_come(
    filled: Database, cards_dir: Path
) -> None:
    """Else one release would tell of the first chapter, and the next of the second."""
    add_chapter(filled, 1, BETWEEN)
    add_chapter(filled, 2, (), opens_on=DECEMBER)
    release_of(filled, cards_dir)
    assert told(filled) == []


def test_a_chapter_of_too_few_is_not_told(filled: Database, cards_dir: Path) -> None:
    add_chapter(filled, 1, (10, COMES_BACK_SHARES - 18, 4, 3))
    release_of(filled, cards_dir)
    assert told(filled) == []


def test_totals_of_a_chapter_that_somebody_changed_stop_a_release(
    filled: Database, cards_dir: Path
) -> None:
    add_chapter(filled, 1, LAST)
    one = (TALLY.c.edition == 2, TALLY.c.option == "a")
    with unhooked(WHY), filled.transaction() as session:
        session.execute(update(TALLY).where(*one).values(n=21))
    with pytest.raises(ConfigurationError, match="veranderd"):
        release_of(filled, cards_dir)


def test_codebook_and_changes_know_the_column(filled: Database, cards_dir: Path) -> None:
    release_of(filled, cards_dir)
    add_chapter(filled, 1, LAST)
    release_of(filled, cards_dir, DECEMBER)
    release_of(filled, cards_dir, JANUARY)
    files = files_in(bytes_of(filled, 2))
    assert "### chapter: Hoofdstuk" in files["codebook.md"].decode()
    assert "de tabel `chapters`, met de kolom `chapter`" in files["CHANGES.md"].decode()
    for number, change in ((2, "new"), (3, "same")):
        with filled.reading() as session:
            parts = parts_of(session, number, columns.CHANGES.id)
        rows = [row for part in parts for row in part.rows if row[0] == CHAPTERS.id]
        assert [(row[3], row[4]) for row in rows] == [(change, "coarse")]


def in_a_release(before: Totals, after: Totals) -> object:
    """Return what a release tells of a chapter beside the exact totals of its card, or nothing."""
    counts = counts_of(after)
    if not differ_safely(counts, counts_of(before), K_GEMEENTE):
        return None
    options = tuple(counts)
    national = release_national(NL, options, {NL: counts}, comes_back=True)
    if national is None:
        return None
    return coarser(national)


def first_as_counted(_: Totals, after: Totals) -> object:
    """Return the totals of a chapter as they are, while it is of those who answered at first."""
    if after.sum() > COMES_BACK_SHARES:
        return None
    return tuple(int(n) for n in after)


WORLDS = 100
CAME = (0.5, 0.3, 0.2)
"""How others chose who came between two releases, and how they chose again."""
CAME_AGAIN = (0.2, 0.7, 0.1)


def gain_of_releases(
    people: int, stays: float, told_of: Callable[[Totals, Totals], object]
) -> float:
    """Return by how many points more guesses are right than by naming the favourite.

    Somebody answered the card and not the chapter. At three releases the card is known exactly,
    and how many came to the chapter in between; how these chose is weighed by chance.
    """
    chance = np.random.default_rng(people)
    more = 0
    for _ in range(WORLDS):
        before = some_votes(chance, people, TRUTHS[0])
        gone = int(chance.choice(len(before), p=before / people))
        cards = before + np.cumsum([(0, 0, 0), *chance.multinomial(30, CAME, size=2)], axis=0)
        after = chose_after_a_fact(chance, before, gone, stays, 1)
        seen = told_at_each(chance, cards, after, told_of)[0]
        weights = []
        for option, n in enumerate(before):
            if n == 0:
                weights.append(0)
                continue
            samples = chose_after_a_fact(chance, before, option, stays, SAMPLES)
            weights.append(int(n) * told_at_each(chance, cards, samples, told_of).count(seen))
        more += int(int(np.argmax(weights)) == gone) - int(np.argmax(before) == gone)
    return 100 * more / WORLDS


def told_at_each(
    chance: np.random.Generator,
    cards: Totals,
    chapters: Totals,
    told_of: Callable[[Totals, Totals], object],
) -> list[list[object]]:
    """Return for each row of first totals of a chapter what all releases tell of it."""
    told_of_each = []
    for row in chapters:
        again = chance.multinomial(28, CAME_AGAIN, size=len(cards) - 1)
        states = row + np.cumsum([(0, 0, 0), *again], axis=0)
        told_of_each.append([told_of(*pair) for pair in zip(cards, states, strict=True)])
    return told_of_each


@pytest.mark.parametrize("stays", [1.0, AGAIN])
def test_three_releases_tell_nothing_of_who_skipped_the_last_chapter(stays: float) -> None:
    assert gain_of_releases(COMES_BACK_SHARES + 1, stays, in_a_release) <= MOST_GAIN


def test_the_attack_works_on_totals_as_they_were_counted() -> None:
    assert gain_of_releases(COMES_BACK_SHARES + 1, 1.0, first_as_counted) > 3 * MOST_GAIN
