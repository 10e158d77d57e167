"""Everything that is wrong with an installation, in one list of sentences that say what to do."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from kopkrakers.answers.ready import gemeenten_without_boxes
from kopkrakers.ballots.boxes import ATTRIBUTE, BOX, ENVELOPE, refusals
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.library import Library
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.daily import vanished
from kopkrakers.counter.loop import LAST_LOOK
from kopkrakers.migrations.run import differences, is_current
from kopkrakers.pools.checking import changed_pools, notes_on_pools
from kopkrakers.privacy.rules import KEY_DAYS, TICK_MINUTES
from kopkrakers.web.assets.theme import read_theme

TABLES_DIFFER = (
    "These tables are not what this version was made for: {tables}. Nothing was changed. Put a backup "
    "back that was made with this version or an older one."
)
LOOKS_MISSED = 3
"""Looks that the counter may miss before we say so."""


def everything_wrong(settings: Settings, now: datetime) -> list[str]:
    """A sentence for each fault; an empty list when all is in order."""
    wrong = [
        *address_faults(settings),
        *theme_faults(settings),
        *place_faults(settings),
        *card_faults(settings),
    ]
    database = Database(settings.database_url)
    try:
        wrong += database_faults(settings, database, now)
    finally:
        database.dispose()
    return wrong


def address_faults(settings: Settings) -> list[str]:
    """Whether what people send is hidden on its way."""
    host = urlsplit(settings.base_url).hostname
    if settings.over_tls or host in ("localhost", "127.0.0.1", "::1"):
        return []
    return [
        f"KOPKRAKERS_BASE_URL ({settings.base_url}) begins with http://: anyone on the way can read along, and "
        "cookies are not protected. Put a proxy with TLS before it and begin the address with https://"
    ]


def theme_faults(settings: Settings) -> list[str]:
    """Whether the theme file holds tokens only."""
    if settings.theme is None:
        return []
    try:
        read_theme(settings.theme)
    except ConfigurationError as error:
        return [str(error)]
    return []


def place_faults(settings: Settings) -> list[str]:
    """Whether keys and database lie apart: together in one backup they would undo the envelopes."""
    database = settings.sqlite_file
    if settings.key_dir is None or database is None:
        return []
    keys = settings.key_dir.resolve()
    if database.parent.resolve() in (keys, *keys.parents):
        return [
            f"KOPKRAKERS_KEY_DIR ({keys}) lies in the folder of the database. A backup would hold both. "
            "Move the keys to a folder of their own, outside every backup."
        ]
    return []


def card_faults(settings: Settings) -> list[str]:
    """The faults of the card files; the other cards keep working."""
    faults = Library(settings.cards_dir).faults()
    return [
        f"Card {name}, line {fault.line}: {fault.sentence}"
        for name in sorted(faults)
        for fault in faults[name]
    ]


def database_faults(settings: Settings, database: Database, now: datetime) -> list[str]:
    """Whether the database answers, is current, and holds nothing that should be gone."""
    try:
        if not is_current(database):
            return ["The database is not up to date. Type: kopkrakers migrate"]
        if altered := differences(database):
            return [TABLES_DIFFER.format(tables=", ".join(altered))]
        return [
            *counter_faults(settings, database, now),
            *box_faults(database, now),
            *pool_faults(settings, database),
        ]
    except SQLAlchemyError as error:
        return [
            f"The database does not answer ({type(error).__name__}). Check KOPKRAKERS_DATABASE_URL."
        ]


def counter_faults(settings: Settings, database: Database, now: datetime) -> list[str]:
    """Whether the keys are in order and the counter runs; nothing to say on a machine without keys."""
    if settings.key_dir is None:
        return []
    try:
        counter = make_counter(settings, database, Library(settings.cards_dir))
    except ConfigurationError as error:
        return str(error).splitlines()
    return [*_idle(counter, now), *_boxes_with_wrong_keys(counter, now)]


def _idle(counter: Counter, now: datetime) -> list[str]:
    last = counter.folder.recall(LAST_LOOK)
    if last is not None and now - datetime.fromisoformat(last) > LOOKS_MISSED * timedelta(
        minutes=TICK_MINUTES
    ):
        return [
            f"The counter has not looked into the boxes since {last}. Start it: kopkrakers serve"
        ]
    return []


def _boxes_with_wrong_keys(counter: Counter, now: datetime) -> list[str]:
    with counter.database.reading() as session:
        boxes = session.connection().execute(select(BOX.c.id, BOX.c.kind)).all()
    made = [(box.kind, counter.folder.made_at(box.id)) for box in boxes]
    lost = sum(moment is None for _, moment in made)
    old = sum(
        kind == ATTRIBUTE and moment is not None and now - moment > timedelta(days=KEY_DAYS + 1)
        for kind, moment in made
    )
    return [
        *(
            [
                f"{lost} boxes have no key any more. The next count replaces them; what waits is lost."
            ]
            if lost
            else []
        ),
        *(
            [f"{old} boxes are past their time of {KEY_DAYS} days. Is the counter running?"]
            if old
            else []
        ),
    ]


def box_faults(database: Database, now: datetime) -> list[str]:
    """Whether people can vote, and envelopes that should be gone or were refused."""
    with database.reading() as session:
        late = session.connection().execute(_past_their_time(amsterdam_day(now))).all()
        refused = refusals(session)
        gone = vanished(session)
        bare = gemeenten_without_boxes(session, amsterdam_day(now))
        boxes = session.connection().execute(select(func.count()).select_from(BOX)).scalar_one()
    wrong = [
        f"Edition {row.number} of {row.dilemma} closed; {row.waiting} envelopes wait. Is the counter running?"
        for row in late
    ]
    if refused:
        wrong.append(
            f"{refused} envelopes were refused: moved, altered or forged in the database, or their key was gone. "
            "They were not counted. Find out who can write to the database."
        )
    if gone > 0:
        wrong.append(
            f"{gone} envelopes were deleted from the database without being counted or taken back. "
            "Find out who can write to the database."
        )
    wrong += [
        f"Gemeente {name} has no box for a dilemma that is open, so nobody there can vote. "
        "Is the counter running?"
        for name in bare
    ]
    if not boxes:
        wrong.append(
            "There is no box, so nobody can vote. Start the counter: kopkrakers serve, or kopkrakers count"
        )
    return wrong


def pool_faults(settings: Settings, database: Database) -> list[str]:
    """Whether somebody changed who is counted with whom."""
    with database.reading() as session:
        return changed_pools(session, mac_keys(settings))


def good_to_know(settings: Settings) -> list[str]:
    """A sentence for each thing that is in order, but that whoever runs the server should know."""
    database = Database(settings.database_url)
    try:
        with database.reading() as session:
            return notes_on_pools(session, mac_keys(settings))
    finally:
        database.dispose()


def _past_their_time(today: date) -> Any:
    return (
        select(EDITION.c.dilemma, EDITION.c.number, func.count(ENVELOPE.c.voter).label("waiting"))
        .join(
            ENVELOPE,
            (ENVELOPE.c.subject == EDITION.c.dilemma) & (ENVELOPE.c.edition == EDITION.c.number),
        )
        .where(
            (EDITION.c.closes_on < today - timedelta(days=1))
            | (EDITION.c.frozen & EDITION.c.settled)
        )
        .group_by(EDITION.c.dilemma, EDITION.c.number)
        .order_by(EDITION.c.dilemma, EDITION.c.number)
    )
