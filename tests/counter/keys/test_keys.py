"""The folder of private keys: who can read it, whose it is, what stays in it and for how long."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kopkrakers.base.errors import ConfigurationError
from kopkrakers.counter.keys import KeyFolder
from tests.counter.folders import full_disk, read_only

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BOX, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def folder(key_dir: Path) -> KeyFolder:
    return KeyFolder(key_dir)


def names(folder: KeyFolder) -> list[str]:
    return sorted(path.name for path in folder.folder.iterdir())


def test_a_key_can_be_read_by_its_owner_alone_and_opens_its_box(folder: KeyFolder) -> None:
    public = folder.make(BOX, NOW)
    (path,) = folder.folder.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert folder.folder.stat().st_mode & 0o777 == 0o700
    assert folder.opens(BOX, public)
    assert folder.made_at(BOX) == folder.born_at(BOX) == NOW
    assert folder.faults() == []


def test_a_key_is_whole_before_it_has_its_name(folder: KeyFolder) -> None:
    with full_disk(), pytest.raises(OSError, match="too large"):
        folder.make(BOX, NOW)
    assert folder.private(BOX) is None
    assert names(folder) == [f"{BOX}.key.half"]
    folder.sweep([], NOW)
    assert names(folder) == []


def test_a_folder_that_cannot_be_written_keeps_no_half_key(folder: KeyFolder) -> None:
    with read_only(folder.folder), pytest.raises(PermissionError):
        folder.make(BOX, NOW)
    assert names(folder) == []


def test_destroying_removes_exactly_one_key(folder: KeyFolder) -> None:
    folder.make(BOX, NOW)
    folder.make(OTHER, NOW)
    folder.destroy(BOX)
    folder.destroy(BOX)
    assert names(folder) == [f"{OTHER}.key"]
    assert folder.private(BOX) is None


def test_a_key_is_overwritten_before_it_goes(folder: KeyFolder, tmp_path: Path) -> None:
    folder.make(BOX, NOW)
    kept = tmp_path / "tweede-naam"
    kept.hardlink_to(folder.folder / f"{BOX}.key")
    private = kept.read_bytes()
    folder.destroy(BOX)
    assert set(kept.read_bytes()) == set(b"0")
    assert len(kept.read_bytes()) == len(private)


def test_a_key_that_was_once_good_is_looked_at_again_when_its_file_changed(
    folder: KeyFolder,
) -> None:
    public = folder.make(BOX, NOW)
    other = folder.make(OTHER, NOW)
    assert folder.opens(BOX, public) and folder.opens(BOX, public)
    path, kept = folder.folder / f"{BOX}.key", (folder.folder / f"{BOX}.key").read_bytes()
    path.write_bytes((folder.folder / f"{OTHER}.key").read_bytes())
    assert not folder.opens(BOX, public) and folder.opens(BOX, other)
    path.write_bytes(kept)
    assert folder.opens(BOX, public)
    path.unlink()
    assert not folder.opens(BOX, public)


@pytest.mark.parametrize(
    "made_up", ["../buiten", "/tmp/buiten", "", "A" * 32, "a" * 31, "a" * 33, "a" * 31 + "\n"]
)
def test_a_made_up_id_is_no_key(folder: KeyFolder, made_up: str) -> None:
    outside = folder.folder.parent / "buiten.key"
    outside.write_text(f"{NOW.isoformat()} {'00' * 32}")
    assert folder.private(made_up) is None
    folder.destroy(made_up)
    assert outside.exists()


@pytest.mark.parametrize(
    "left", ["0" * 97, "", "half", f"{NOW.isoformat()} zz", f"{NOW.isoformat()} 00 11"]
)
def test_what_is_left_of_a_key_is_no_key_and_is_swept_at_once(folder: KeyFolder, left: str) -> None:
    (folder.folder / f"{BOX}.key").write_text(left)
    assert folder.private(BOX) is None
    assert not folder.opens(BOX, b"\0" * 32)
    assert folder.sweep([], NOW) == 1
    assert names(folder) == []


@pytest.mark.parametrize(
    ("age", "stays"), [(timedelta(hours=1), True), (timedelta(hours=1, seconds=1), False)]
)
def test_a_key_without_a_box_is_swept_after_an_hour(
    folder: KeyFolder, age: timedelta, stays: bool
) -> None:
    folder.make(BOX, NOW)
    folder.make(OTHER, NOW)
    folder.sweep([OTHER], NOW + age)
    assert (folder.private(BOX) is not None) is stays
    assert folder.private(OTHER) is not None


def test_a_new_folder_and_a_new_database_become_one_instance(folder: KeyFolder) -> None:
    instance = folder.belong_to(None)
    assert len(instance) == 32
    assert folder.belong_to(None) == instance
    assert folder.belong_to(instance) == instance
    assert (folder.folder / "instance").stat().st_mode & 0o777 == 0o600


def test_a_folder_of_another_database_is_refused(folder: KeyFolder) -> None:
    with pytest.raises(ConfigurationError, match="andere database"):
        folder.belong_to(OTHER)
    instance = folder.belong_to(None)
    folder.make(BOX, NOW)
    for other in (OTHER, None):
        with pytest.raises(ConfigurationError, match="andere database"):
            folder.belong_to(other)
    assert folder.belong_to(instance) == instance
    assert folder.private(BOX) is not None


def test_what_is_wrong_with_a_folder_is_said_with_what_to_type(folder: KeyFolder) -> None:
    folder.make(BOX, NOW)
    (folder.folder / f"{BOX}.key").chmod(0o640)
    folder.folder.chmod(0o750)
    said = folder.faults()
    assert any(f"chmod 700 {folder.folder}" in sentence for sentence in said)
    assert any("chmod 600" in sentence for sentence in said)
    assert "bestaat niet" in KeyFolder(folder.folder / "weg").faults()[0]
