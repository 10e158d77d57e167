"""All faults of an installation, as sentences that say what to do.

Each function looks for one thing that can be wrong, and yields a sentence for every case of it.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from kopkrakers.accounts.bulk.by_courier import number_waiting
from kopkrakers.answers.ready import gemeenten_without_boxes
from kopkrakers.ballots.boxes import ATTRIBUTE, BOX, ENVELOPE, refusals
from kopkrakers.ballots.sealing import mac_keys
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.base.dutch import moment
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.processes.last_look import PATIENCE, Process, last_look
from kopkrakers.base.reasons.database import database_sentence
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.library import library_of
from kopkrakers.counter.believing import accounts_that_fail
from kopkrakers.counter.build import make_counter
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.daily import vanished
from kopkrakers.counter.loop import LAST_LOOK, refuse_a_jump
from kopkrakers.counter.newest.trail_head import trail_fault
from kopkrakers.counter.totals import NOT_SIGNED_YET, await_signing, total_faults
from kopkrakers.migrations.state import differences, is_current
from kopkrakers.operations.running.ready import TABLES_DIFFER
from kopkrakers.operations.sharing import closed_to_group
from kopkrakers.pools.checking import changed_pools
from kopkrakers.privacy.rules import KEY_DAYS, TICK_MINUTES
from kopkrakers.readiness import has_room
from kopkrakers.reminders.models import Kind
from kopkrakers.reminders.service import has_team_hooks, is_anything_wanted, kinds_wanted
from kopkrakers.web.assets.theme import read_theme

LOOKS_MISSED = 3
"""Looks that the counter may miss before it counts as stopped."""
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
Faults = Iterator[str]


def everything_wrong(settings: Settings, now: datetime) -> list[str]:
    """Return a sentence for each fault; an empty list when there is none."""
    wrong: list[str] = []
    for check in SETTING_CHECKS:
        wrong += check(settings)
    with Database(settings.database_url) as database:
        wrong += wrong_cards(settings, database)
        wrong += database_faults(settings, database, now)
    return wrong


def address_without_tls(settings: Settings) -> Faults:
    """An address of the site that sends what people type unencrypted."""
    host = urlsplit(settings.base_url).hostname
    if not settings.over_tls and host not in THIS_MACHINE:
        yield (
            f"KOPKRAKERS_BASE_URL ({settings.base_url}) begint met http://: iedereen onderweg kan "
            "meelezen en de cookies zijn niet beschermd. Zet er een proxy met TLS voor en laat "
            "het adres beginnen met https://"
        )


def wrong_theme(settings: Settings) -> Faults:
    """A theme file with anything else than tokens in it."""
    if settings.theme is None:
        return
    try:
        read_theme(settings.theme)
    except ConfigurationError as error:
        yield str(error)


def keys_beside_database(settings: Settings) -> Faults:
    """Keys in the folder of the database: a backup of both could open the envelopes."""
    database = settings.sqlite_file
    if settings.key_dir is None or database is None:
        return
    keys = settings.key_dir.resolve()
    if database.parent.resolve() in (keys, *keys.parents):
        yield (
            f"KOPKRAKERS_KEY_DIR ({keys}) ligt in de map van de database. Dan bevat een back-up "
            "allebei. Verplaats de sleutels naar een eigen map, buiten elke back-up."
        )


def disks_without_room(settings: Settings) -> Faults:
    """A disk of the database or the keys on which nothing more can be written."""
    file = settings.sqlite_file
    folders = [settings.key_dir]
    if file is not None:
        folders.append(file.parent)
    for folder in folders:
        if folder is not None and folder.is_dir() and not has_room(folder):
            yield (
                f"Op de schijf van {folder} is bijna geen plaats meer. Antwoorden worden dan "
                "geweigerd en er wordt niet geteld. Maak plaats; herstarten hoeft niet."
            )


def database_of_one_user(settings: Settings) -> Faults:
    """A database that only its owner can write, where website and counter are two users."""
    file = settings.sqlite_file
    if file is not None and file.parent.is_dir() and closed_to_group(file):
        yield (
            f"In {file} kan alleen de eigenaar schrijven, terwijl de map van een groep is. De "
            "website en de teller kunnen er niet allebei bij. Typ: kopkrakers migrate"
        )


def wrong_cards(settings: Settings, database: Database) -> Faults:
    """Mistakes in cards, of files and of the desk; the other cards keep working."""
    # of a database that is away or not made yet, the files alone are looked at
    faults = library_of(settings.cards_dir, database).faults()
    for name in sorted(faults):
        for fault in faults[name]:
            yield f"Kaart {name}, regel {fault.line}: {fault.sentence}"


SETTING_CHECKS = (
    address_without_tls,
    wrong_theme,
    keys_beside_database,
    disks_without_room,
    database_of_one_user,
)


def database_faults(settings: Settings, database: Database, now: datetime) -> list[str]:
    """Return what is wrong with the database, the counter and the boxes.

    With tables that are not as they should be, nothing else can be looked for.
    """
    try:
        wrong_tables = table_faults(database)
        if wrong_tables:
            return wrong_tables
        return [
            *counter_faults(settings, database, now),
            *box_faults(database, now),
            *pool_faults(settings, database),
            *courier_faults(settings, database, now),
        ]
    except SQLAlchemyError as error:
        return [database_sentence(error)]


def table_faults(database: Database) -> list[str]:
    """Return a sentence when the tables are older than this version, or were altered."""
    if not is_current(database):
        return ["De database is niet bij. Typ: kopkrakers migrate"]
    altered = differences(database)
    if altered:
        return [TABLES_DIFFER.format(tables=", ".join(altered))]
    return []


def counter_faults(settings: Settings, database: Database, now: datetime) -> list[str]:
    """Return what is wrong with the keys and the counter; nothing on a machine without keys."""
    if settings.key_dir is None:
        return []
    try:
        counter = make_counter(settings, database, library_of(settings.cards_dir, database))
    except ConfigurationError as error:
        return str(error).splitlines()
    faults: list[str] = []
    for check in COUNTER_CHECKS:
        faults += check(counter, now)
    return faults


def stopped_counter(counter: Counter, now: datetime) -> Faults:
    """A counter that did not look for a while, or a clock that jumped; without a look it is new."""
    try:
        refuse_a_jump(counter.folder, now)
    except ConfigurationError as error:
        yield str(error)
        return
    line = counter.folder.recall(LAST_LOOK)
    if line is None:
        return
    last = datetime.fromisoformat(line)
    if now - last > LOOKS_MISSED * timedelta(minutes=TICK_MINUTES):
        yield (
            f"De teller keek sinds {moment(last)} niet in de bussen. Start hem: "
            "kopkrakers count --serve, of kopkrakers serve"
        )


def boxes_without_key(counter: Counter, _now: datetime) -> Faults:
    """Boxes that nobody can open any more."""
    with counter.database.reading() as session:
        boxes = session.execute(select(BOX.c.id)).scalars().all()
    lost = sum(counter.folder.made_at(box_id) is None for box_id in boxes)
    if lost:
        yield (
            f"Bussen zonder sleutel: {lost}. De volgende telling vervangt ze; "
            "wat erin wacht is weg."
        )


def boxes_past_their_time(counter: Counter, now: datetime) -> Faults:
    """Boxes of attributes that should have been replaced by now."""
    oldest = now - timedelta(days=KEY_DAYS + 1)
    with counter.database.reading() as session:
        boxes = session.execute(select(BOX.c.id).where(BOX.c.kind == ATTRIBUTE)).scalars().all()
    moments = list(map(counter.folder.made_at, boxes))
    old = sum(moment is not None and moment < oldest for moment in moments)
    if old:
        yield f"Bussen ouder dan {KEY_DAYS} dagen: {old}. Draait de teller?"


def changed_accounts(counter: Counter, _now: datetime) -> Faults:
    """Accounts that were made or changed outside the product; they count for nothing."""
    with counter.database.snapshot() as session:
        failing = accounts_that_fail(session, counter.keys)
    if failing:
        ids = ", ".join(map(str, failing))
        yield (
            f"Buiten kopkrakers om gemaakt of veranderd: account {ids}. Wat zij antwoorden telt "
            "niet. Zoek uit wie in de database kan schrijven."
        )


def changed_totals(counter: Counter, _now: datetime) -> Faults:
    """Totals that were changed, removed or put back outside the product; nothing is added there."""
    with counter.database.reading() as session:
        if await_signing(counter, session):
            yield NOT_SIGNED_YET
        else:
            yield from total_faults(counter, session).values()


def changed_trail(counter: Counter, _now: datetime) -> Faults:
    """Actions of beheer that were removed or changed outside the product."""
    with counter.database.reading() as session:
        fault = trail_fault(session, counter.folder, counter.keys)
    if fault is not None:
        yield fault


COUNTER_CHECKS = (
    stopped_counter,
    boxes_without_key,
    boxes_past_their_time,
    changed_accounts,
    changed_totals,
    changed_trail,
)


def box_faults(database: Database, now: datetime) -> list[str]:
    """Return what is wrong with the boxes and the envelopes in them."""
    today = amsterdam_day(now)
    with database.reading() as session:
        faults: list[str] = []
        for check in BOX_CHECKS:
            faults += check(session, today)
        return faults


def uncounted_editions(session: Session, today: date) -> Faults:
    """Editions that closed before yesterday while envelopes of theirs still wait."""
    of_edition = (ENVELOPE.c.subject == EDITION.c.dilemma) & (
        ENVELOPE.c.edition == EDITION.c.number
    )
    closed_long_ago = EDITION.c.closes_on < today - timedelta(days=1)
    late = session.execute(
        select(EDITION.c.dilemma, EDITION.c.number, func.count(ENVELOPE.c.voter).label("waiting"))
        .join(ENVELOPE, of_edition)
        .where(closed_long_ago | (EDITION.c.frozen & EDITION.c.settled))
        .group_by(EDITION.c.dilemma, EDITION.c.number)
        .order_by(EDITION.c.dilemma, EDITION.c.number)
    ).all()
    for row in late:
        yield (
            f"Editie {row.number} van {row.dilemma} is gesloten en er wachten nog enveloppen: "
            f"{row.waiting}. Draait de teller?"
        )


def refused_envelopes(session: Session, _today: date) -> Faults:
    """Envelopes that the counter did not accept."""
    refused = refusals(session)
    if refused:
        yield (
            f"Geweigerde enveloppen: {refused}. Ze zijn in de database verplaatst, veranderd of "
            "vervalst, of hun sleutel was weg. Ze telden niet mee. "
            "Zoek uit wie in de database kan schrijven."
        )


def vanished_envelopes(session: Session, _today: date) -> Faults:
    """Envelopes that disappeared although they were neither counted nor taken back."""
    gone = vanished(session)
    if gone > 0:
        yield (
            f"Enveloppen die uit de database verdwenen zonder geteld of "
            f"teruggenomen te zijn: {gone}. "
            "Zoek uit wie in de database kan schrijven."
        )


def gemeenten_without_box(session: Session, today: date) -> Faults:
    """Gemeenten in which nobody can vote on a dilemma that is open."""
    for name in gemeenten_without_boxes(session, today):
        yield (
            f"Gemeente {name} heeft geen bus voor een dilemma dat open is: daar kan "
            "niemand stemmen. Draait de teller?"
        )


def no_box_at_all(session: Session, _today: date) -> Faults:
    """A database in which nobody can vote."""
    if session.execute(select(func.count()).select_from(BOX)).scalar_one() == 0:
        yield (
            "Er is geen bus, dus niemand kan stemmen. Start de teller: kopkrakers serve, of "
            "kopkrakers count"
        )


BOX_CHECKS = (
    uncounted_editions,
    refused_envelopes,
    vanished_envelopes,
    gemeenten_without_box,
    no_box_at_all,
)


def pool_faults(settings: Settings, database: Database) -> list[str]:
    """Return a sentence for each changed record of which gemeenten are counted together."""
    with database.reading() as session:
        return changed_pools(session, mac_keys(settings))


def courier_faults(settings: Settings, database: Database, now: datetime) -> list[str]:
    """Return what keeps people from the reminders that they asked for, or from an invitation."""
    with database.reading() as session:
        invited, has_wishes = number_waiting(session, now), is_anything_wanted(session)
        missing = _missing(settings, session)
    if not has_wishes and not invited:
        return []
    faults = []
    for name in missing:
        faults.append(f"Mensen vroegen om herinneringen, en {name} ontbreekt nu.")
    looked = last_look(database, Process.COURIER)
    if looked is None or now - looked > PATIENCE:
        since = "nooit"
        if looked is not None:
            since = f"sinds {moment(looked)} niet"
        why = "Mensen vroegen om herinneringen"
        if not has_wishes:
            why = f"Op de mail wachten uitnodigingen: {invited}"
        faults.append(f"{why}, en de bode keek {since}. Start hem: kopkrakers remind --serve")
    return faults


def _missing(settings: Settings, session: Session) -> list[str]:
    """Return the settings without which some of the reminders that people chose cannot leave."""
    wanted = kinds_wanted(session)
    # each was set when people could choose it; an operator may have taken it away since
    missing = []
    if Kind.MAIL in wanted and not settings.sends_mail:
        missing.append("KOPKRAKERS_SMTP_HOST")
    if Kind.PUSH in wanted and settings.push_key is None:
        missing.append("KOPKRAKERS_PUSH_KEY")
    if has_team_hooks(session) and not settings.webhook_hosts:
        missing.append("KOPKRAKERS_WEBHOOK_HOSTS")
    return missing
