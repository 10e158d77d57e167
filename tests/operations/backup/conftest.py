"""Sealed backups for tests: keys, settings, a folder and the programs of PostgreSQL."""

import os
from pathlib import Path

import pytest
from nacl.public import PrivateKey

from kopkrakers.base.config import Settings
from kopkrakers.operations.backup.sealed import new_backup_keys
from tests.support.databases.server import tools_folder


@pytest.fixture
def tools_of_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    """`pg_dump` and `psql` of the server that the tests run."""
    monkeypatch.setenv("PATH", str(tools_folder()), prepend=os.pathsep)


@pytest.fixture
def private() -> str:
    return new_backup_keys()[0]


@pytest.fixture
def sealing(settings: Settings, private: str) -> Settings:
    """The settings of a server that can seal backups, and not open them."""
    public = bytes(PrivateKey(bytes.fromhex(private)).public_key).hex()
    return settings.model_copy(update={"backup_key": public})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "back-up"
    folder.mkdir()
    return folder
