"""What is in order, and an operator should know all the same."""

from datetime import datetime
from pathlib import Path

from kopkrakers.accounts.bulk.mail_state import number_unsent
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.counter.newest.count_number import count_number
from kopkrakers.pools.checking import notes_on_pools

WRITE_DOWN = (
    "De laatste telling heeft nummer {number}. Schrijf dat op als je momentopnamen van de hele "
    "machine maakt. Zie docs/beheer.md, Een hele machine terugzetten."
)
ON_ONE_DISK = (
    "De sleutels van de teller staan op dezelfde schijf als de database. Wie een momentopname of "
    "kopie van die schijf heeft, opent enveloppen die toen nog wachtten. Zie docs/beheer.md, De "
    "sleutels apart."
)
UNSENT = (
    "Uitnodigingen waarvan de mail misschien niet wegging: {number}. Een beheerder mailt ze bij "
    "Beheer nog een keer, en dezelfde import doet dat ook."
)


def on_one_disk(keys: Path | None, database: Path | None) -> bool:
    """Whether keys and a database lie on one file system. A database elsewhere is not known."""
    if keys is None or database is None or not (keys.exists() and database.exists()):
        return False
    return keys.stat().st_dev == database.stat().st_dev


def good_to_know(settings: Settings, now: datetime) -> list[str]:
    """Return a sentence for each thing that is in order, but that an operator should know."""
    with Database(settings.database_url) as database, database.reading() as session:
        notes = notes_on_pools(session, mac_keys(settings))
        unsent = number_unsent(session, now)
        number = count_number(session)
    if on_one_disk(settings.key_dir, settings.sqlite_file):
        notes = [*notes, ON_ONE_DISK]
    if unsent:
        notes = [*notes, UNSENT.format(number=unsent)]
    if number:
        notes = [*notes, WRITE_DOWN.format(number=number)]
    return notes
