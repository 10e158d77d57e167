"""`kopkrakers export`, and everything that can go wrong while a release is made."""

import errno
import os
import re
import threading
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from kopkrakers.accounts.trail.models import BEHEER_ACTION
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database, table
from kopkrakers.base.errors import ConfigurationError, TooLate
from kopkrakers.catalogue.library import Library
from kopkrakers.research import commands
from kopkrakers.research.release import files, releases
from kopkrakers.research.release.releases import Release, make_release
from kopkrakers.tallies.models import Tally
from tests.research.exporting import export
from tests.research.small import ORIGIN, add_totals, bytes_of, files_in, quiet, release_of
from tests.support.signed_totals import sign_by_hand
from tests.support.tally_guard import unhooked
from tests.support.world import ROW_KEYS

TALLY = table(Tally)


def test_the_command_makes_and_fetches_the_same_bytes(
    filled: Database, settings: Settings, tmp_path: Path
) -> None:
    out = str(tmp_path / "uit" / "diep")
    made = export(settings, "--out", out, "--release", "new")
    assert made.exit_code == 0, made.output
    path = tmp_path / "uit" / "diep" / "kopkrakers-uitgave-1.zip"
    assert path.read_bytes() == bytes_of(filled)
    path.unlink()
    for which in ((), ("--release", "1")):
        assert export(settings, "--out", out, *which).exit_code == 0
        assert path.read_bytes() == bytes_of(filled)
    assert [found.name for found in path.parent.iterdir()] == [path.name]
    with filled.reading() as session:
        noted = session.execute(select(BEHEER_ACTION.c.what, BEHEER_ACTION.c.detail)).all()
    assert [tuple(row) for row in noted] == [("release_made", "1")]


def test_a_second_release_in_a_month_is_refused(
    filled: Database, settings: Settings, tmp_path: Path
) -> None:
    assert export(settings, "--out", str(tmp_path / "u"), "--release", "new").exit_code == 0
    again = export(settings, "--out", str(tmp_path / "u"), "--release", "new")
    assert again.exit_code == 2
    assert re.search(r"Er is al een uitgave van \d{4}-\d\d", again.output)
    assert "Haal hem op met: kopkrakers export --out MAP" in again.output


@pytest.mark.parametrize("which", ["0", "2", "-1", "nieuw", "", "1.0", "²"])
def test_a_release_that_is_not_there_is_said(
    released: Release, settings: Settings, tmp_path: Path, which: str
) -> None:
    refused = export(settings, "--out", str(tmp_path / "u"), "--release", which)
    assert (refused.exit_code, "bestaat niet" in refused.output) == (2, True)
    assert not (tmp_path / "u").exists()


def test_without_a_release_the_command_says_what_makes_one(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    assert "--release new" in export(settings, "--out", str(tmp_path / "u")).output


def test_without_the_extra_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "polars", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'kopkrakers\[onderzoek\]'"):
        files.need_extra()


@pytest.mark.parametrize(
    "fault", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()]
)
def test_a_full_disk_or_a_stop_leaves_no_partial_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    (tmp_path / "u.zip").write_bytes(b"earlier")

    def fail(_descriptor: int) -> None:
        raise fault

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((ConfigurationError, KeyboardInterrupt)):
        commands.write_whole(tmp_path / "u.zip", b"x" * 100)
    assert [path.name for path in tmp_path.iterdir()] == ["u.zip"]
    assert (tmp_path / "u.zip").read_bytes() == b"earlier"


def test_a_release_that_fails_halfway_keeps_nothing(filled: Database, cards_dir: Path) -> None:
    def stop(done: int, _all: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_release(filled, Library(cards_dir), ROW_KEYS, ORIGIN, date(2026, 11, 23), stop)
    with filled.reading() as session:
        assert (
            session.connection()
            .execute(select(func.count()).select_from(releases.PART))
            .scalar_one()
            == 0
        )
        assert releases.releases(session) == []


def test_two_exports_at_once_give_one_release(filled: Database, cards_dir: Path) -> None:
    gate = threading.Barrier(2)
    results: list[int | str] = []

    def one() -> None:
        def wait(done: int, all_: int) -> None:
            if (done, all_) == (2, 2):
                gate.wait(timeout=60)

        try:
            results.append(
                make_release(
                    filled, Library(cards_dir), ROW_KEYS, ORIGIN, date(2026, 11, 23), wait
                ).name.number
            )
        except TooLate as error:
            results.append(error.sentence)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert sorted(map(str, results)) == [
        "1",
        "Er is al een uitgave van 2026-11. Een volgende kan de maand erna.",
    ]
    with filled.reading() as session:
        assert [one.name.number for one in releases.releases(session)] == [1]


def test_a_release_made_while_counting_is_of_one_moment(filled: Database, cards_dir: Path) -> None:
    """A bundle lands between two editions of the reading: neither half of it is in the release."""

    def count_meanwhile(done: int, all_: int) -> None:
        if (done, all_) == (1, 2):
            add_totals(filled, "NL", (9, 9, 9, 9), slug="tweede-kans")
            with unhooked("a bundle that lands meanwhile"), filled.transaction() as session:
                session.connection().execute(update(TALLY).values(n=TALLY.c.n + 9))
            sign_by_hand(filled)

    made = make_release(
        filled, Library(cards_dir), ROW_KEYS, ORIGIN, date(2026, 11, 23), count_meanwhile
    )
    assert [one["total"] for one in made.about["overview"]] == [114, 0]
    later = release_of(filled, cards_dir, date(2026, 12, 1))
    assert [one["total"] for one in later.about["overview"]] == [150, 72]


def test_a_later_release_leaves_the_earlier_as_it_is(
    released: Release, database: Database, cards_dir: Path
) -> None:
    before = bytes_of(database)
    add_totals(database, "NL", (19, 12, 3, 1), slug="tweede-kans")
    later = release_of(database, cards_dir, date(2026, 12, 1))
    assert later.name.number == 2
    assert bytes_of(database) == before
    assert files_in(bytes_of(database, 2))["csv/choice.csv"].count(b"\n") == 9


def test_a_withdrawn_dilemma_is_left_out(filled: Database, cards_dir: Path) -> None:
    path = cards_dir / "een-plek.md"
    path.write_text(path.read_text().replace("editie: 1\n", "editie: 1\ningetrokken: ja\n", 1))
    made = make_release(filled, Library(cards_dir), ROW_KEYS, ORIGIN, date(2026, 11, 23), quiet)
    assert [one["dilemma"] for one in made.about["overview"]] == ["tweede-kans"]


def test_no_release_is_made_of_totals_that_somebody_changed(
    filled: Database, cards_dir: Path
) -> None:
    with unhooked("someone who writes to the database"), filled.transaction() as session:
        one = (TALLY.c.scope == "NL", TALLY.c.option == "a")
        session.connection().execute(update(TALLY).where(*one).values(n=TALLY.c.n + 1))
    with pytest.raises(ConfigurationError, match="een-plek, editie 1, zijn buiten kopkrakers om"):
        release_of(filled, cards_dir)
    with filled.reading() as session:
        assert releases.releases(session) == []
