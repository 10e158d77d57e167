"""The commands of sealed backups, as somebody types them."""

from pathlib import Path

import pytest

from kopkrakers.base.errors import ConfigurationError
from kopkrakers.operations.backups import copy_database
from tests.operations.backup.command import invoke


def test_a_sealed_backup_goes_round_by_commands(tmp_path: Path) -> None:
    invoke(tmp_path, "migrate")
    code, said = invoke(tmp_path, "backup-key")
    line, *rest = said.splitlines()
    private = next(words for words in rest if len(words) == 64)
    public = line.removeprefix("KOPKRAKERS_BACKUP_KEY=")
    folder = tmp_path / "back-up"
    folder.mkdir()
    assert "kopkrakers backup-key" in invoke(tmp_path, "backup", str(folder))[1]
    code, said = invoke(tmp_path, "backup", str(folder), KOPKRAKERS_BACKUP_KEY=public)
    assert code == 0, said
    (file,) = folder.iterdir()
    assert f"staat in {file}. Oudere weg: 0." in said
    invoke(tmp_path, "gemeente", "add", "Zaanstad")
    code, said = invoke(tmp_path, "restore", str(file), typed="verkeerd\n")
    assert (code, "past niet" in said) == (2, True)
    code, said = invoke(tmp_path, "restore", str(file), typed=f"{private}\n")
    assert code == 0, said
    assert "Teruggezet." in said
    # what was typed is a secret: it comes back on no screen
    assert private not in said
    assert "Zaanstad" not in invoke(tmp_path, "gemeente", "list")[1]


def test_postgresql_gets_sealed_backups_alone(tmp_path: Path) -> None:
    url = "postgresql://kopkrakers@db/kopkrakers"
    (tmp_path / "dump").write_text("PGDMP")
    for command, file, word in (
        ("backup", tmp_path / "kopie", "Noem een map"),
        ("restore", tmp_path / "dump", "pg_restore"),
        ("restore", tmp_path / "nergens", "Er is geen back-up in"),
    ):
        code, said = invoke(tmp_path, command, str(file), KOPKRAKERS_DATABASE_URL=url)
        assert code == 2
        assert word in said


NO_BACKUPS = [b"", b"\xff\xfe\x00", b"PK\x03\x04 half", b"SQLite format 3\0"]


@pytest.mark.parametrize("content", NO_BACKUPS)
def test_a_file_that_is_no_backup_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    invoke(tmp_path, "migrate")
    invoke(tmp_path, "gemeente", "add", "Zaanstad")
    wrong = tmp_path / "geen-back-up"
    wrong.write_bytes(content)
    code, said = invoke(tmp_path, "restore", str(wrong))
    assert (
        code == 2
        and said == f"In {wrong} staat geen database van Kopkrakers. Er is niets veranderd.\n"
    )
    assert "Zaanstad" in invoke(tmp_path, "gemeente", "list")[1]


@pytest.mark.parametrize("content", NO_BACKUPS)
def test_what_is_no_backup_leaves_the_database_and_its_log(tmp_path: Path, content: bytes) -> None:
    """After a crash the log holds answers that the file itself does not."""
    wrong, file, log = tmp_path / "geen-back-up", tmp_path / "k.db", tmp_path / "k.db-wal"
    for path, held in ((wrong, content), (file, b"alles"), (log, b"het nieuwste")):
        path.write_bytes(held)
    with pytest.raises(ConfigurationError):
        copy_database(wrong, file, lambda _done, _all: None, replaces=[log])
    assert (file.read_bytes(), log.read_bytes()) == (b"alles", b"het nieuwste")
    assert sorted(tmp_path.iterdir()) == sorted((wrong, file, log))
