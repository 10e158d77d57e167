"""Operators read in Dutch why the system or a database refused, whatever the reason."""

import errno
import os
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg import errors
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from kopkrakers.base.config import Settings
from kopkrakers.base.reasons.database import database_reason, database_sentence
from kopkrakers.base.reasons.system import REASONS, SAME, UNKNOWN_HOST, sentence_of, system_reason
from tests.support.running import Shell
from tests.support.world import World

CODES = sorted(errno.errorcode)


@pytest.mark.parametrize("code", CODES, ids=[errno.errorcode[code] for code in CODES])
def test_no_reason_of_the_system_is_in_its_own_words(code: int) -> None:
    """One without a sentence of ours says the name of its code alone, to look up."""
    error = OSError(code, os.strerror(code), "/srv/map")
    said = sentence_of(error)
    assert os.strerror(code).lower() not in said.lower()
    assert said.startswith("Bij /srv/map ging het mis: ") and said.endswith(".")
    has_its_own = SAME.get(code, code) in REASONS
    assert (f"code {errno.errorcode[code]}" in said) != has_its_own


def test_a_name_that_nobody_knows_and_an_error_without_a_file() -> None:
    with pytest.raises(socket.gaierror) as unknown:
        socket.getaddrinfo("nergens.invalid", 80)
    assert system_reason(unknown.value) == UNKNOWN_HOST
    assert sentence_of(OSError("x")) == (
        "Dit is niet gelukt: het systeem weigert het (code OSError)."
    )


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("sqlite:////nergens/k.db", "het bestand gaat niet open"),
        ("sqlite:///{file}", "dit bestand is geen database"),
        ("postgresql+psycopg://a:geheim@127.0.0.1:1/x", "luistert niets"),
        ("postgresql+psycopg://a:geheim@nergens.invalid/x", "die machine is niet te vinden"),
        ("postgresql+psycopg:///x?host=/nergens", "luistert niets"),
    ],
)
def test_a_database_that_does_not_answer_says_why(url: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "geen.db"
    file.write_bytes(b"geen database, wel lang genoeg" * 9)
    with (
        pytest.raises(SQLAlchemyError) as refused,
        create_engine(url.format(file=file)).connect() as connection,
    ):
        connection.execute(text("SELECT name FROM sqlite_master"))
    said = database_sentence(refused.value)
    assert said.startswith("De database antwoordt niet: ") and sentence in said
    assert "KOPKRAKERS_DATABASE_URL" in said and "geheim" not in said and "Error" not in said


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        (errors.InvalidPassword(), "het wachtwoord klopt niet"),
        (errors.InvalidCatalogName(), "bestaat niet"),
        (errors.InsufficientPrivilege(), "mag dat niet"),
        (errors.DiskFull(), "de schijf is vol"),
        (errors.TooManyConnections(), "te veel verbindingen"),
        (errors.CannotConnectNow(), "start nog"),
        (errors.OperationalError("FATAL: password authentication failed"), "wachtwoord klopt"),
        (errors.OperationalError('FATAL: database "x" does not exist'), "database bestaat niet"),
        (errors.OperationalError("FATAL: no pg_hba.conf entry for host"), "van hier niet toe"),
        (errors.OperationalError("connection timeout expired"), "te lang"),
        (errors.OperationalError("iets anders"), None),
        (errors.UniqueViolation(), None),
        (ValueError("password"), None),
    ],
)
def test_what_postgresql_says_is_told_in_dutch(cause: BaseException, sentence: str | None) -> None:
    said = database_reason(cause)
    assert (sentence is None) == (said is None)
    assert sentence is None or (said is not None and sentence in said)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("SQLITE_FULL", "vol"),
        ("SQLITE_IOERR_WRITE", "schijf geeft een fout"),
        ("SQLITE_BUSY", "bezet"),
    ],
)
def test_what_sqlite_says_is_told_in_dutch(name: str, sentence: str) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    assert sentence in str(database_reason(error))


def below_a_file(folder: Path) -> str:
    (folder / "bestand").write_text("x")
    return str(folder / "bestand" / "x")


def nowhere(folder: Path) -> str:
    return str(folder / "nergens" / "x")


def too_long(folder: Path) -> str:
    return str(folder / ("x" * 300))


def in_a_circle(folder: Path) -> str:
    (folder / "kring").symlink_to(folder / "kring")
    return str(folder / "kring" / "x")


@pytest.mark.parametrize("place", [below_a_file, nowhere, too_long, in_a_circle])
@pytest.mark.parametrize(
    "words",
    [
        ("gemeente", "export", "Zaanstad"),
        ("backup",),
        ("cards", "pull"),
        # makes a release where it may, with packages that the quick tests do without
        pytest.param(("export", "--voorbeeld", "--out"), marks=pytest.mark.slow),
    ],
)
def test_no_command_that_writes_ends_in_the_words_of_the_system(
    settings: Settings,
    world: World,
    tmp_path: Path,
    words: tuple[str, ...],
    place: Callable[[Path], str],
) -> None:
    folder = tmp_path / "hier"
    folder.mkdir()
    target = place(folder)
    there = sorted(folder.iterdir())
    result = Shell(settings)(*words, target)
    may_make = place is nowhere and words[0] in ("cards", "export")
    if may_make:
        assert result.exit_code == 0, result.output
        return
    assert result.exit_code in (1, 2), result.output
    assert isinstance(result.exception, SystemExit), result.output
    said = result.output
    assert not any(os.strerror(code).lower() in said.lower() for code in REASONS), said
    assert "Errno" not in said and "Error" not in said and "Traceback" not in said
    # nothing half done is left
    assert sorted(folder.iterdir()) == there
