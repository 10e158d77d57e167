"""The number of counts so far, which stands in the database and in the key folder.

A database that was copied back is behind its keys. Counting on would count some people again, and
two totals could then differ by one of them.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.models import Instance
from kopkrakers.base.db import table
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import of_former_key, sign, verify_mac
from kopkrakers.counter.keys import KeyFolder

COUNT_NUMBER_FILE = "count-number"
"""The file in the key folder with the number of the last count."""
INSTANCE = table(Instance)
_HERE = select(INSTANCE)
_WRITE = update(INSTANCE).values(
    count_number=bindparam("number"), count_number_mac=bindparam("signed")
)
OLDER = (
    "Deze database is ouder dan de sleutels: hij is bij telling {here}, de sleutels bij telling "
    "{there}. Er is niets geteld of gewist. Stop de dienst en draai `kopkrakers restore`."
)
CHANGED = (
    "Het nummer van de laatste telling is buiten kopkrakers om veranderd. Er is niets geteld of "
    "gewist. Zoek uit wie in de database kan schrijven. Stop de dienst en draai "
    "`kopkrakers restore`."
)


def count_number(session: Session) -> int:
    """Return the number of counts in the database; 0 in a new one."""
    row = session.execute(_HERE).first()
    return 0 if row is None else int(row.count_number)


def recalled_number(folder: KeyFolder) -> int:
    """Return the number of the last count in the key folder; 0 in a new one."""
    line = folder.recall(COUNT_NUMBER_FILE)
    return 0 if line is None else int(line)


# D-58
def check_count_number(session: Session, folder: KeyFolder, keys: Keys) -> None:
    """Make sure that the database is not behind the key folder; let the folder catch up.

    The folder is one behind when the counter was killed between a count and writing it there.
    Raises: ConfigurationError when the database is behind, or its number was changed.
    """
    row = session.execute(_HERE).first()
    if row is not None:
        folder.raise_to(COUNT_NUMBER_FILE, _checked(row, folder, keys))


def raise_count_number(session: Session, folder: KeyFolder, keys: Keys) -> int:
    """Add one to the number of counts, in the transaction of a count. Return the new number.

    Call `check_count_number` once that is committed.
    Raises: as `check_count_number`; the count is then rolled back.
    """
    # locked: of two counts at once the second waits, and goes on from the number of the first
    row = session.execute(_HERE.with_for_update()).one()
    number = _checked(row, folder, keys) + 1
    _write(session, keys, row.id, number)
    return number


def numbers_of_former_key(session: Session, keys: Keys) -> list[Row[Any]]:
    """Return the row of the number, where it holds by a former key and not by the current one."""
    return of_former_key(keys, session.execute(_HERE.with_for_update()), number_holds)


def sign_number_anew(session: Session, keys: Keys, found: Sequence[Row[Any]]) -> None:
    """Sign a number that was verified by the current key."""
    for row in found:
        _write(session, keys, row.id, row.count_number)


def is_behind(session: Session, folder: KeyFolder) -> bool:
    """Whether the database is older than the key folder."""
    return count_number(session) < recalled_number(folder)


def catch_up(session: Session, folder: KeyFolder, keys: Keys) -> None:
    """Bring a database that was put back to the number of the key folder."""
    row = session.execute(_HERE).first()
    if row is not None:
        # the higher of the two, so that no number is given twice
        _write(session, keys, row.id, max(row.count_number, recalled_number(folder)))


def number_holds(keys: Keys, row: Row[Any]) -> bool:
    """Whether the number of an instance is as a count wrote it."""
    # what was never counted is not signed: a MAC on zero was not made by a count
    if row.count_number == 0:
        return row.count_number_mac is None
    mac = row.count_number_mac
    return mac is not None and verify_mac(keys, mac, *_fields(row.id, row.count_number))


def _checked(row: Row[Any], folder: KeyFolder, keys: Keys) -> int:
    here, there = int(row.count_number), recalled_number(folder)
    if here < there:
        raise ConfigurationError(OLDER.format(here=here, there=there))
    if not number_holds(keys, row):
        raise ConfigurationError(CHANGED)
    return here


def _write(session: Session, keys: Keys, instance: str, number: int) -> None:
    signed = sign(keys, *_fields(instance, number)) if number else None
    session.connection().execute(_WRITE, {"number": number, "signed": signed})


def _fields(instance: str, number: int) -> tuple[str | int, ...]:
    return ("count number", instance, number)
