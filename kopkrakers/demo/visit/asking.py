"""Ask something of the demo's other process: by a file, deleted when it is done."""

import time
from enum import StrEnum
from pathlib import Path
from secrets import token_hex

from kopkrakers.base.config import Settings
from kopkrakers.base.errors import NotNow
from kopkrakers.demo.visit.folders import folder_of_visit

LONGEST_WAIT = 30.0
"""Seconds that a page waits for what it asked; a night takes a few."""
PAUSE = 0.05


class QuestionKind(StrEnum):
    """A kind of question, named by the folder in which its files wait."""

    LOOK = "kijk"
    """Open the boxes with the envelopes of a person, by their id."""
    TOMORROW = "morgen"
    """Leave a day, by its ordinal, for the next."""


def ask(settings: Settings, kind: QuestionKind, about: int) -> None:
    """Ask something about a number, and wait until it is done.

    Raises: NotNow when it was not done in time.
    """
    file = folder_of_visit(settings, kind) / f"{about}.{token_hex(8)}"
    file.touch()
    deadline = time.monotonic() + LONGEST_WAIT
    while file.exists():
        if time.monotonic() > deadline:
            file.unlink(missing_ok=True)
            raise NotNow("De teller van de demo geeft geen antwoord. Probeer het zo nog eens.")
        time.sleep(PAUSE)


def asked(settings: Settings, kind: QuestionKind) -> list[tuple[Path, int]]:
    """Return the files that ask something, each with its number. Delete each when done."""
    files = []
    for path in sorted(folder_of_visit(settings, kind).iterdir()):
        files.append((path, int(path.name.partition(".")[0])))
    return files
