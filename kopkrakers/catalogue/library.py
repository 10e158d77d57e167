"""All cards of a folder, read again when a file changes."""

from pathlib import Path


class Library:
    """The cards of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
