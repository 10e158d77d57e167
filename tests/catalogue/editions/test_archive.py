"""The archive: published dilemmas by theme and by words."""

from datetime import date, timedelta

import pytest

from kopkrakers.base.db import Database
from kopkrakers.catalogue.editions.archive import ArchiveEntry, archive
from kopkrakers.catalogue.library import Library
from kopkrakers.privacy.rules import EDITION_WEEKS
from tests.support.cards import Change, tick

MONDAY = date(2026, 11, 23)
THURSDAY = MONDAY + timedelta(days=3)


@pytest.fixture
def all_published(database: Database, library: Library) -> None:
    for step in range(4):
        tick(database, library, MONDAY + timedelta(days=step))


def found(
    database: Database,
    library: Library,
    *,
    today: date = THURSDAY,
    theme: str | None = None,
    words: str = "",
) -> list[ArchiveEntry]:
    with database.reading() as session:
        return archive(session, library, today, theme=theme, words=words)


def slugs(entries: list[ArchiveEntry]) -> set[str]:
    return {entry.card.slug for entry in entries}


def test_only_published_dilemmas_are_in_the_archive(database: Database, library: Library) -> None:
    tick(database, library, MONDAY)
    assert len(found(database, library, today=MONDAY)) == 1


@pytest.mark.usefixtures("all_published")
def test_the_newest_comes_first_and_each_dilemma_once(database: Database, library: Library) -> None:
    for step in range(4, 10):
        tick(database, library, MONDAY + timedelta(days=step))
    entries = found(database, library, today=MONDAY + timedelta(days=9))
    assert slugs(entries) == set(library.cards())
    assert len(entries) == 4
    assert entries == sorted(entries, key=lambda entry: entry.opens_on, reverse=True)


@pytest.mark.usefixtures("all_published")
def test_a_theme_keeps_its_own_dilemmas(database: Database, library: Library) -> None:
    assert slugs(found(database, library, theme="Bijverdienen")) == {"paar-uur"}
    assert len(found(database, library, theme="")) == 4


@pytest.mark.usefixtures("all_published")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("een plek", {"een-plek"}),
        ("EÉN PLEK", {"een-plek"}),
        ("plek mensen", {"een-plek"}),
        ("“een plek”", {"een-plek"}),
        ("e\u00aden pl\u200bek", {"een-plek"}),
        ("paar kans", set()),
        ("bureau", {"een-plek", "paar-uur", "samen-thuis", "tweede-kans"}),
        ("snelst", {"een-plek", "paar-uur", "samen-thuis", "tweede-kans"}),
        ("gemeten", set()),
        ("  ", {"een-plek", "paar-uur", "samen-thuis", "tweede-kans"}),
        ("%_\x00'", set()),
    ],
)
def test_words_are_sought_in_title_story_and_options(
    database: Database, library: Library, words: str, expected: set[str]
) -> None:
    assert slugs(found(database, library, words=words)) == expected


@pytest.mark.usefixtures("all_published")
def test_an_entry_says_whether_its_edition_is_open(database: Database, library: Library) -> None:
    assert all(entry.is_open for entry in found(database, library))
    later = found(database, library, today=THURSDAY + timedelta(weeks=EDITION_WEEKS))
    assert len(later) == 4
    assert not any(entry.is_open for entry in later)


@pytest.mark.usefixtures("all_published")
def test_a_withdrawn_dilemma_is_not_in_the_archive(
    database: Database, library: Library, change: Change
) -> None:
    change("paar-uur", "editie: 1", "editie: 1\ningetrokken: ja")
    assert slugs(found(database, library)) == {"een-plek", "samen-thuis", "tweede-kans"}
