"""Folders beside the demo's database, in which its processes leave each other files."""

from pathlib import Path

from kopkrakers.base.config import Settings


def folder_of_visit(settings: Settings, name: str) -> Path:
    """Return a folder beside the demo's database, made when it is not there yet."""
    database = settings.sqlite_file
    assert database is not None, "the demo has an embedded database"
    folder = database.parent / name
    folder.mkdir(exist_ok=True)
    return folder
