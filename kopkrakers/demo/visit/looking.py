"""Ask the counter of the demo for a look now: by a file, deleted when it is done."""

import time
from pathlib import Path
from secrets import token_hex

from kopkrakers.base.config import Settings
from kopkrakers.base.errors import NotNow
from kopkrakers.demo.visit.folders import folder_of_visit

LONGEST_WAIT = 10.0
"""Seconds that a page waits for the look."""
PAUSE = 0.05


def asking_folder(settings: Settings) -> Path:
    """Return the folder of the files that ask for a look, beside the demo's database."""
    return folder_of_visit(settings, "kijk")


def ask_to_look(settings: Settings, user_id: int) -> None:
    """Ask for a look into the boxes with this person's envelopes, and wait until it is done.

    Raises: NotNow when no look was made in time.
    """
    question = asking_folder(settings) / f"{user_id}.{token_hex(8)}"
    question.touch()
    deadline = time.monotonic() + LONGEST_WAIT
    while question.exists():
        if time.monotonic() > deadline:
            question.unlink(missing_ok=True)
            raise NotNow("De teller van de demo geeft geen antwoord. Probeer het zo nog eens.")
        time.sleep(PAUSE)


def questions(settings: Settings) -> list[tuple[Path, int]]:
    """Return the files that ask for a look, each with the person's id. Delete each when done."""
    return [
        (path, int(path.name.partition(".")[0]))
        for path in sorted(asking_folder(settings).iterdir())
    ]
