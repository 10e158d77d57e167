"""Hold the trail against its MACs and against its end in the key folder.

Unlike the chain of accounts it decides nothing of who is counted: a fault is told, and counting
goes on.
"""

from sqlmodel import Session

from kopkrakers.accounts.trail.chain import broken_at, digest_of, last_number
from kopkrakers.base.keys import Keys
from kopkrakers.counter.keys import KeyFolder

HEAD_FILE = "beheer-actions"
"""The file in the key folder with the number of the last action and a digest of what it says."""
BROKEN = (
    "In de lijst van handelingen in Beheer klopt nummer {number} niet: daar is iets weggehaald of "
    "veranderd buiten kopkrakers om. Zoek uit wie in de database kan schrijven."
)


def trail_fault(session: Session, folder: KeyFolder, keys: Keys) -> str | None:
    """Return what is wrong with the trail; None when nothing is."""
    number = broken_at(session, keys)
    line = folder.recall(HEAD_FILE)
    if number is None and line is not None:
        known, digest = line.split()
        if last_number(session) < int(known):
            number = last_number(session) + 1
        elif digest_of(session, int(known)) not in (digest, None):
            number = int(known)
    return None if number is None else BROKEN.format(number=number)


def remember_trail(session: Session, folder: KeyFolder) -> None:
    """Let the key folder know the newest action."""
    number = last_number(session)
    digest = digest_of(session, number)
    if digest is not None and folder.recall(HEAD_FILE) != f"{number} {digest}":
        folder.remember(HEAD_FILE, f"{number} {digest}")
