"""A mail on working days to the redactie with what waits at the desk."""

import smtplib
from datetime import datetime, time
from typing import Protocol

import structlog
from sqlalchemy import ColumnElement, Table, delete, func, select
from sqlmodel import Session

from kopkrakers.base.clock import AMSTERDAM, amsterdam_day
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database, insert_once
from kopkrakers.base.dutch import listed
from kopkrakers.base.mail import compose, mail_server
from kopkrakers.catalogue.library import Library
from kopkrakers.catalogue.stored.models import STORED_CARD
from kopkrakers.desk.sending.models import CARD_REPORT, DESK_MAIL, SENT_CASE, CaseState

FROM, UNTIL = time(9), time(17)
"""The time of day here at which the mail leaves; later only after a server that was away."""
SERVER = "smtp of the desk"
SUBJECT = "Bij de redactie ligt er iets"
BEGIN = "Dag,\n\nBij Redactie op Kopkrakers:\n\n"
END = (
    "\n{base_url}/redactie\n\nDeze mail komt op werkdagen, en alleen als er iets ligt. "
    "Wat mensen schreven, staat er nooit in, en ook niet hoeveel het er zijn.\n"
)
CASES = "Er is een verhaal dat nog niemand oppakte."
REPORTS = "Er is een melding dat er iets niet klopt, die nog niemand oppakte."
ASKED = "Kaarten die op een tweede lezer wachten: {}."
FAULTY = "Kaarten met een fout: {}."
DUE = "Kaarten waarvan de feiten opnieuw moeten worden nagekeken: {}."
log = structlog.get_logger()


class Rests(Protocol):
    """Servers that are left alone for a while after they failed."""

    def rests(self, server: str, now: datetime) -> bool:
        """Whether a server is left alone now."""

    def failed(self, server: str, now: datetime) -> None:
        """Leave a server alone for a while."""


class Carrier(Protocol):
    """The courier, as far as the desk needs it."""

    @property
    def settings(self) -> Settings:
        """The settings of the server."""

    @property
    def database(self) -> Database:
        """The database."""

    @property
    def library(self) -> Library:
        """The cards."""

    @property
    def resting(self) -> Rests:
        """The servers that failed."""


def tell_redactie(carrier: Carrier, now: datetime) -> int:
    """Mail the redactie what waits, once on a day. Return how many mails left."""
    to, here = carrier.settings.redactie_email, now.astimezone(AMSTERDAM)
    if to is None or not carrier.settings.sends_mail or not FROM <= here.time() < UNTIL:
        return 0
    with carrier.database.reading() as session:
        is_told = _is_any(session, DESK_MAIL, DESK_MAIL.c.day == amsterdam_day(now))
        if is_told or carrier.resting.rests(SERVER, now):
            return 0
        lines = what_waits(session, carrier.library, now)
    if not lines or not _claim(carrier.database, now):
        return 0
    text = f"{BEGIN}{listed(lines)}\n"
    text += END.format(base_url=carrier.settings.base_url)
    has_left = False
    try:
        with mail_server(carrier.settings) as server:
            server.send_message(compose(carrier.settings, to, SUBJECT, text))
            has_left = True
    except (OSError, smtplib.SMTPException) as error:
        # without its words, which repeat the address
        log.warning("mail to the redactie failed", kind=type(error).__name__)
        carrier.resting.failed(SERVER, now)
    if not has_left:
        _give_back(carrier.database, now)
    return int(has_left)


def what_waits(session: Session, library: Library, now: datetime) -> list[str]:
    """Return a sentence for each thing that waits for a redacteur.

    Without how many people wrote: a mailbox keeps its mails, and a number that grew since the mail
    of yesterday would keep the day on which somebody sent something in.
    """
    cases = SENT_CASE.c.state == CaseState.RECEIVED
    reports = (CARD_REPORT.c.taken_by.is_(None), CARD_REPORT.c.done.is_(False))
    asked = select(func.count()).where(STORED_CARD.c.asked.is_not(None))
    today = amsterdam_day(now)
    counted = {
        ASKED: session.execute(asked).scalar_one(),
        FAULTY: len(library.faults()),
        DUE: sum(card.is_due(today) for card in library.cards().values()),
    }
    sentences = []
    if _is_any(session, SENT_CASE, cases):
        sentences.append(CASES)
    if _is_any(session, CARD_REPORT, *reports):
        sentences.append(REPORTS)
    for sentence, number in counted.items():
        if number:
            sentences.append(sentence.format(number))
    return sentences


def _is_any(session: Session, table: Table, *conditions: ColumnElement[bool]) -> bool:
    statement = select(1).select_from(table).where(*conditions).limit(1)
    return session.execute(statement).first() is not None


def _claim(database: Database, now: datetime) -> bool:
    """Take the mail of a day before it is sent. Return False when it was taken already.

    Only the last day stays: a row with a number of its transaction dates those around it.
    """
    with database.transaction() as session:
        session.execute(delete(DESK_MAIL).where(DESK_MAIL.c.day != amsterdam_day(now)))
        return insert_once(session, DESK_MAIL, {"day": amsterdam_day(now)})


def _give_back(database: Database, now: datetime) -> None:
    # what broke off halfway may have arrived: here twice is better than not at all
    with database.transaction() as session:
        session.execute(delete(DESK_MAIL).where(DESK_MAIL.c.day == amsterdam_day(now)))
