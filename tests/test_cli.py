"""The commands: what they say when all is well, and when it is not."""

import json
import shutil
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from kopkrakers.accounts.models import Rhythm
from kopkrakers.answers.rules import Answer
from kopkrakers.answers.service import Vote, cast_answer
from kopkrakers.ballots.boxes import ENVELOPE
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.processes.last_look import LastLook, Process
from kopkrakers.catalogue.editions.calendar import edition_of_day
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.library import Library
from kopkrakers.cli import main
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.loop import tick
from kopkrakers.operations import backups
from kopkrakers.operations.check import courier_faults, database_faults, everything_wrong
from kopkrakers.reminders.models import Kind
from kopkrakers.reminders.service import Wish, ask_for
from tests.operations.backup.command import invoke
from tests.support.clock import StoppedClock
from tests.support.mailbox import with_mail
from tests.support.running import environment
from tests.support.voters import voter_of
from tests.support.world import World


def counted(settings: Settings, database: Database, clock: StoppedClock) -> None:
    """One tick of the counter."""
    library = Library(settings.cards_dir)
    tick(make_counter(settings, database, library), library, clock())


def vote(settings: Settings, database: Database, world: World, clock: StoppedClock) -> None:
    """Anna answers today's dilemma."""
    today = clock().date()
    with database.reading() as session:
        edition = edition_of_day(session, today, Rhythm.DAILY)
    assert edition is not None
    with database.transaction() as session:
        cast_answer(
            session,
            Vote(
                voter=voter_of(settings, world.anna.id),
                gemeente_id=world.zaanstad,
                dilemma=edition.dilemma,
                edition=edition.number,
                answer=Answer("a", "w"),
            ),
            today=today,
            mac_keys=mac_keys(settings),
        )


def test_migrate_then_count_then_check_finds_all_in_order(tmp_path: Path) -> None:
    assert invoke(tmp_path, "migrate") == (0, "De database is bij.\n")
    assert invoke(tmp_path, "count") == (0, "Geleegde bussen: 0\n")
    code, said = invoke(tmp_path, "check")
    assert code == 0 and said.startswith("Alles is in orde.\n")


def test_check_misses_a_courier_only_when_somebody_waits(
    settings: Settings, database: Database, world: World, clock: StoppedClock
) -> None:
    settings = with_mail(settings, 25)
    assert courier_faults(settings, database, clock()) == []
    with database.transaction() as session:
        ask_for(session, world.anna.id, Kind.MAIL, Wish(540, 0), clock().date())
    assert "de bode keek nooit" in courier_faults(settings, database, clock())[0]
    told = LastLook(database, Process.COURIER)
    told.tell(clock())
    assert courier_faults(settings, database, clock() + timedelta(minutes=14)) == []
    late = courier_faults(settings, database, clock() + timedelta(minutes=16))
    assert "de bode keek sinds 23 november 2026 om 09:00 niet" in late[0]
    told.close()


def test_check_misses_a_setting_that_reminders_need(
    settings: Settings, database: Database, world: World, clock: StoppedClock
) -> None:
    today = clock().date()
    with database.transaction() as session:
        ask_for(session, world.anna.id, Kind.MAIL, Wish(540, 0), today)
        ask_for(session, world.anna.id, Kind.PUSH, Wish(540, sealed=b"x"), today)
    told = LastLook(database, Process.COURIER)
    told.tell(clock())
    assert courier_faults(settings, database, clock()) == [
        "Mensen vroegen om herinneringen, en KOPKRAKERS_SMTP_HOST ontbreekt nu.",
        "Mensen vroegen om herinneringen, en KOPKRAKERS_PUSH_KEY ontbreekt nu.",
    ]
    told.close()


def test_a_key_for_push_is_made_as_a_line_of_settings(tmp_path: Path) -> None:
    made = CliRunner().invoke(main, ["push-key"])
    line = made.stdout.strip()
    name, _, key = line.partition("=")
    assert name == "KOPKRAKERS_PUSH_KEY" and "\n" not in line
    invoke(tmp_path, "migrate")
    code, said = invoke(tmp_path, "remind", KOPKRAKERS_PUSH_KEY=key)
    assert (code, said) == (0, "Verstuurde herinneringen: 0\n")


def test_remind_looks_once(tmp_path: Path) -> None:
    invoke(tmp_path, "migrate")
    assert invoke(tmp_path, "remind") == (0, "Verstuurde herinneringen: 0\n")


def test_wrong_settings_are_sentences_and_exit_2(tmp_path: Path) -> None:
    code, said = invoke(tmp_path, "serve", KOPKRAKERS_OPERATOR=None, KOPKRAKERS_PORT="veel")
    assert code == 2
    assert "KOPKRAKERS_OPERATOR ontbreekt." in said
    assert "KOPKRAKERS_PORT klopt niet" in said
    assert "Traceback" not in said


def test_check_lists_everything_wrong_at_once(tmp_path: Path) -> None:
    keys, cards = tmp_path / "db" / "sleutels", tmp_path / "kaarten"
    invoke(tmp_path, "migrate")
    keys.mkdir(mode=0o755)
    shutil.copytree(Path(__file__).parent / "cards", cards)
    (cards / "stuk.md").write_text("---\ntitel: Stuk\n---\n")
    code, said = invoke(
        tmp_path,
        "check",
        KOPKRAKERS_KEY_DIR=str(keys),
        KOPKRAKERS_CARDS_DIR=str(cards),
        KOPKRAKERS_THEME=str(tmp_path / "nergens.css"),
        KOPKRAKERS_BASE_URL="http://kopkrakers.example",
    )
    assert code == 1
    for part in (
        "ligt in de map van de database",
        "staat open voor anderen",
        "Kaart stuk.md",
        "KOPKRAKERS_THEME",
        "geen bus",
    ):
        assert part in said


def test_check_says_what_to_type_when_tables_are_old(tmp_path: Path) -> None:
    assert invoke(tmp_path, "check") == (
        1,
        "De database is niet bij. Typ: kopkrakers migrate\n",
    )


def test_what_check_found_can_be_read_by_a_program(tmp_path: Path) -> None:
    code, said = invoke(tmp_path, "check", "--json")
    assert code == 1
    assert json.loads(said) == {
        "mis": ["De database is niet bij. Typ: kopkrakers migrate"],
        "weten": [],
    }


def test_wrong_settings_can_be_read_by_a_program_as_well(tmp_path: Path) -> None:
    code, said = invoke(tmp_path, "check", "--json", KOPKRAKERS_SECRET="kort")
    assert code == 1
    found = json.loads(said)
    assert any("KOPKRAKERS_SECRET" in sentence for sentence in found["mis"])


def test_a_database_that_does_not_answer_is_a_sentence(tmp_path: Path) -> None:
    code, said = invoke(
        tmp_path, "count", KOPKRAKERS_DATABASE_URL="postgresql://nobody@127.0.0.1:1/niets"
    )
    assert code == 1
    assert "De database antwoordt niet" in said


def test_nothing_is_wrong_after_a_tick(
    settings: Settings, database: Database, clock: StoppedClock
) -> None:
    counted(settings, database, clock)
    assert everything_wrong(settings, clock()) == []


def test_a_counter_that_stands_still_is_noticed(
    settings: Settings, database: Database, clock: StoppedClock
) -> None:
    counted(settings, database, clock)
    clock.move(hours=2)
    (sentence,) = everything_wrong(settings, clock())
    assert sentence.startswith("De teller keek sinds 23 november 2026 om 09:00 niet in de bussen.")


def test_refused_envelopes_and_lost_keys_are_noticed(
    settings: Settings, database: Database, world: World, clock: StoppedClock
) -> None:
    counted(settings, database, clock)
    vote(settings, database, world, clock)
    with database.transaction() as session:
        session.connection().execute(ENVELOPE.update().values(nights=1))
    clock.move(minutes=15)
    counted(settings, database, clock)
    assert settings.key_dir is not None
    next(settings.key_dir.glob("*.key")).unlink()
    wrong = everything_wrong(settings, clock())
    assert wrong[0].startswith("Bussen zonder sleutel: 1.")
    assert wrong[1].startswith("Geweigerde enveloppen: 1.")


def test_a_key_folder_of_another_database_is_noticed(
    settings: Settings, database: Database, clock: StoppedClock
) -> None:
    counted(settings, database, clock)
    assert settings.key_dir is not None
    (settings.key_dir / "instance").write_text("0" * 32)
    assert any(
        "hoort bij een andere database" in sentence
        for sentence in everything_wrong(settings, clock())
    )


def test_a_backup_is_the_whole_database_and_only_for_its_owner(tmp_path: Path) -> None:
    invoke(tmp_path, "migrate")
    code, said = invoke(tmp_path, "backup", str(tmp_path / "kopie.db"))
    assert (code, (tmp_path / "kopie.db").stat().st_mode & 0o777) == (0, 0o600)
    assert "Houd hem weg van de sleutels" in said
    with sqlite3.connect(tmp_path / "kopie.db") as copy:
        assert copy.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def envelopes(database: Database) -> int:
    with database.reading() as session:
        return int(session.execute(select(func.count()).select_from(ENVELOPE)).scalar_one())


def test_a_restore_closes_editions_and_goes_on_with_new_ones(
    settings: Settings, database: Database, world: World, clock: StoppedClock
) -> None:
    counted(settings, database, clock)
    vote(settings, database, world, clock)
    clock.move(minutes=20)
    restored = backups.go_on_after_restore(settings, database, clock())
    open_ = select(EDITION.c.number).where(~EDITION.c.frozen)
    with database.reading() as session:
        assert session.connection().execute(open_).scalars().all() == [2]
    # the answer is a quarter of an hour from its last count, so that it can be taken back
    assert envelopes(database) == 1
    library = Library(settings.cards_dir)
    tick(make_counter(settings, database, library), library, clock() + timedelta(minutes=15))
    assert envelopes(database) == 0
    assert restored == backups.RestoreOutcome(frozen=1, without_key=0, doubtful=0)


def test_a_restore_reports_envelopes_whose_key_is_gone(
    settings: Settings, database: Database, world: World, clock: StoppedClock
) -> None:
    counted(settings, database, clock)
    vote(settings, database, world, clock)
    assert settings.key_dir is not None
    shutil.rmtree(settings.key_dir)
    settings.key_dir.mkdir(mode=0o700)
    clock.move(hours=1)
    restored = backups.go_on_after_restore(settings, database, clock())
    assert restored.without_key == 1
    assert [
        sentence for sentence in everything_wrong(settings, clock()) if "Geweigerde" not in sentence
    ] == []


def test_a_restore_onto_the_keys_of_another_database_is_refused(
    settings: Settings, database: Database, clock: StoppedClock
) -> None:
    counted(settings, database, clock)
    assert settings.key_dir is not None
    (settings.key_dir / "instance").write_text("0" * 32)
    with pytest.raises(ConfigurationError, match="hoort bij een andere database"):
        backups.go_on_after_restore(settings, database, clock() + timedelta(hours=1))


def test_a_restore_is_refused_while_something_uses_the_database(tmp_path: Path) -> None:
    invoke(tmp_path, "migrate")
    invoke(tmp_path, "backup", str(tmp_path / "kopie.db"))
    hold = (
        "import sys; from kopkrakers.base.db import Database; d = Database(sys.argv[1]);"
        "c = d.reader.connect(); c.exec_driver_sql('SELECT count(*) FROM edition').all();"
        "c.rollback(); print('open', flush=True); sys.stdin.read()"
    )
    url = f"sqlite:///{tmp_path}/db/kopkrakers.db"
    with subprocess.Popen(
        [sys.executable, "-c", hold, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        code, said = invoke(tmp_path, "restore", str(tmp_path / "kopie.db"))
        other.kill()
    assert code == 2
    assert "De database is in gebruik" in said
    assert invoke(tmp_path, "restore", str(tmp_path / "kopie.db"))[0] == 0


def test_lost_keys_have_a_way_out(tmp_path: Path) -> None:
    invoke(tmp_path, "migrate")
    invoke(tmp_path, "count")
    for key in (tmp_path / "sleutels").iterdir():
        key.unlink()
    (tmp_path / "sleutels" / "counter.lock").touch()
    assert "kopkrakers restore" in invoke(tmp_path, "count")[1]
    assert invoke(tmp_path, "backup", str(tmp_path / "kopie.db"))[0] == 0
    assert invoke(tmp_path, "restore", str(tmp_path / "kopie.db"))[0] == 0
    assert invoke(tmp_path, "count")[0] == 0


def test_check_names_a_disk_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    invoke(tmp_path, "migrate")
    invoke(tmp_path, "count")
    monkeypatch.setattr("kopkrakers.readiness.ROOM", 2**60)
    code, said = invoke(tmp_path, "check")
    assert code == 1
    assert f"Op de schijf van {tmp_path}/db is bijna geen plaats meer" in said


def test_tables_that_were_changed_by_hand_stop_the_start(
    settings: Settings, database: Database, clock: StoppedClock
) -> None:
    with database.writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE edition DROP COLUMN part_not_counted")
        connection.exec_driver_sql("CREATE TABLE of_someone_else (a INTEGER)")
    (said,) = database_faults(settings, database, clock())
    assert said.startswith("Deze tabellen zijn niet zoals deze versie ze verwacht: edition. ")
    with database.writer.begin() as connection:
        connection.exec_driver_sql("DROP TABLE of_someone_else")
        connection.exec_driver_sql(
            "ALTER TABLE edition ADD COLUMN part_not_counted BOOLEAN DEFAULT false NOT NULL"
        )


def test_restore_puts_the_file_back(tmp_path: Path) -> None:
    invoke(tmp_path, "migrate")
    invoke(tmp_path, "count")
    invoke(tmp_path, "backup", str(tmp_path / "kopie.db"))
    invoke(tmp_path, "gemeente", "add", "Zaanstad")
    code, said = invoke(tmp_path, "restore", str(tmp_path / "kopie.db"))
    assert code == 0, said
    assert "Teruggezet." in said
    with sqlite3.connect(tmp_path / "db" / "kopkrakers.db") as back:
        assert back.execute("SELECT count(*) FROM gemeente").fetchone() == (0,)


@pytest.mark.parametrize(
    "words", [("check",), ("migrate",), ("gemeente", "add", "Zaanstad"), ("serve",), ("count",)]
)
def test_a_file_that_is_no_database_is_a_sentence_and_no_traceback(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    file = tmp_path / "geen.db"
    file.write_bytes(b"dit is geen database" * 999)
    code, said = invoke(tmp_path, *words, KOPKRAKERS_DATABASE_URL=f"sqlite:///{file}")
    assert code == 1
    assert said.endswith(
        "De database antwoordt niet: dit bestand is geen database. "
        "Kijk KOPKRAKERS_DATABASE_URL na.\n"
    )
    assert file.read_bytes().startswith(b"dit is geen database")


def test_what_the_database_says_of_a_row_is_never_printed(tmp_path: Path) -> None:
    assert invoke(tmp_path, "migrate")[0] == 0
    file = Path(environment(tmp_path)["KOPKRAKERS_DATABASE_URL"].removeprefix("sqlite:///"))
    with sqlite3.connect(file) as database:
        refuse = "SELECT RAISE(ABORT, 'geheim van de rij')"
        database.execute(f"CREATE TRIGGER nee BEFORE INSERT ON gemeente BEGIN {refuse}; END")
    code, said = invoke(tmp_path, "gemeente", "add", "Zaanstad")
    assert code == 1 and "geheim van de rij" not in said
