"""Editions, the counted runs of a dilemma: opening, closing early, looking up, their wording."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import structlog
from sqlalchemy import Row, Select, bindparam, func, select, union_all, update
from sqlmodel import Session

from kopkrakers.base.db import Rows, insert_once, table
from kopkrakers.base.errors import NotYours
from kopkrakers.catalogue.cards.card import Card
from kopkrakers.catalogue.cards.faults import CardFaults
from kopkrakers.catalogue.covers.covers import cover_of
from kopkrakers.catalogue.editions.models import CalendarDay, ChairWeek, Edition
from kopkrakers.catalogue.library import Library
from kopkrakers.catalogue.stellingen.daily import kept_card, kept_options
from kopkrakers.privacy.rules import EDITION_WEEKS

EDITION = table(Edition)
DAY = table(CalendarDay)
CHAIR_WEEK = table(ChairWeek)
CATCH_UP_DAYS = 7
"""Days for which a planned day still gets its edition, when nothing ran on the day itself."""
UNREADABLE = (
    "Dit dilemma is nu niet te zien: in de kaart zit een fout. De redactie weet het. "
    "Wat je koos, telt gewoon mee."
)
log = structlog.get_logger()


@dataclass(frozen=True)
class PublishedEdition:
    """An edition for pages. It takes answers from `opens_on` to the day before `closes_on`.

    `chapter`: 0 for that of a card, else which of its chapters it is of.
    """

    dilemma: str
    number: int
    card_edition: int
    digest: str
    source: str
    opens_on: date
    closes_on: date
    frozen: bool
    settled: bool
    part_not_counted: bool
    two_chairs: bool
    chapter: int = 0

    def is_open(self, today: date) -> bool:
        """Whether it takes answers."""
        return self.opens_on <= today < self.closes_on and not self.frozen and not self.settled


class Wording(Protocol):
    """The wording of an edition, in a `PublishedEdition` or an `Edition` row."""

    @property
    def dilemma(self) -> str:
        """Return the slug."""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of all that could change a choice."""

    @property
    def source(self) -> str:
        """Return the card file as it stood."""


COLUMNS = tuple(EDITION.c[name] for name in PublishedEdition.__dataclass_fields__)
TAKES_ANSWERS = (
    EDITION.c.opens_on <= bindparam("today"),
    EDITION.c.closes_on > bindparam("today"),
    EDITION.c.frozen.is_(False),
    EDITION.c.settled.is_(False),
)
"""The conditions for an edition that takes answers on the day `today`, a parameter."""
OF_CARD = EDITION.c.chapter == 0
"""The condition for the edition of a card, and not of one of its chapters."""
_OF_DILEMMA = (
    select(*COLUMNS)
    .where(EDITION.c.dilemma == bindparam("dilemma"), OF_CARD)
    .order_by(EDITION.c.number.desc())
)
_OPEN = _OF_DILEMMA.where(*TAKES_ANSWERS).limit(1)
_LATEST = _OF_DILEMMA.where(EDITION.c.opens_on <= bindparam("today")).limit(1)
_NUMBERED = _OF_DILEMMA.where(EDITION.c.number == bindparam("number"))
_newest = (
    select(EDITION.c.dilemma, func.max(EDITION.c.number).label("number"))
    .where(OF_CARD)
    .group_by(EDITION.c.dilemma)
    .subquery()
)
_LAST_OF_EACH = select(*COLUMNS).join(
    _newest, (_newest.c.dilemma == EDITION.c.dilemma) & (_newest.c.number == EDITION.c.number)
)
_later = EDITION.alias()
_planned = union_all(
    select(DAY.c.day, DAY.c.dilemma),
    select(CHAIR_WEEK.c.monday.label("day"), CHAIR_WEEK.c.dilemma),
).subquery()
_DUE = (
    select(_planned.c.day, _planned.c.dilemma)
    .where(_planned.c.day <= bindparam("today"), _planned.c.day > bindparam("since"))
    .where(
        ~select(_later.c.number)
        .where(
            _later.c.dilemma == _planned.c.dilemma,
            _later.c.opens_on >= _planned.c.day,
            _later.c.chapter == 0,
        )
        .exists()
    )
    .order_by(_planned.c.day)
)
_LAST_NUMBER = select(func.max(EDITION.c.number)).where(EDITION.c.dilemma == bindparam("dilemma"))
_CLOSE_EARLIER = (
    update(EDITION)
    .where(
        EDITION.c.dilemma == bindparam("slug"),
        EDITION.c.number < bindparam("next"),
        EDITION.c.closes_on > bindparam("day"),
        EDITION.c.frozen.is_(False),
    )
    .values(frozen=True)
)


def open_edition(session: Rows, slug: str, today: date) -> PublishedEdition | None:
    """Return the edition of a dilemma that takes answers today."""
    return edition_found_by(session, _OPEN, dilemma=slug, today=today)


def latest_edition(session: Rows, slug: str, today: date) -> PublishedEdition | None:
    """Return the last published edition of a dilemma, open or closed; None when there is none."""
    return edition_found_by(session, _LATEST, dilemma=slug, today=today)


def numbered_edition(session: Rows, slug: str, number: int) -> PublishedEdition | None:
    """Return an edition of a dilemma by its number."""
    return edition_found_by(session, _NUMBERED, dilemma=slug, number=number)


def edition_found_by(
    session: Rows, statement: Select[Any], **params: object
) -> PublishedEdition | None:
    """Return the edition that a prebuilt statement over `COLUMNS` finds."""
    row = session.connection().execute(statement, params).first()
    if row:
        return _published(row)
    return None


def _published(row: Row[Any]) -> PublishedEdition:
    return PublishedEdition(*tuple(row))


def card_of_edition(library: Library, edition: Wording) -> Card:
    """Return the card as it was, or will be, counted in this edition.

    That is the live card when its wording is the same, and else the stored one. The card of a
    withdrawn dilemma has `withdrawn` true, so that waiting envelopes can still be counted; pages
    use `shown_card`.

    Raises: NotYours when the stored wording cannot be read any more.
    """
    live = library.card(edition.dilemma)
    if live is not None and live.digest == edition.digest:
        return live
    stored = _stored_card(library.folder, edition.dilemma, edition.source)
    if stored is None:
        raise NotYours(UNREADABLE)
    return replace(stored, withdrawn=library.is_withdrawn(edition.dilemma))


def card_in_list(library: Library, edition: Wording) -> Card | None:
    """Return the card of an edition where many stand together, so that one stops no other.

    None when the redactie withdrew the dilemma or its stored wording cannot be read any more.
    """
    try:
        return shown_card(library, edition)
    except NotYours:
        return None


def options_of_edition(library: Library, edition: Wording) -> tuple[str, ...]:
    """Return the codes that a vote of this edition can hold, also when its card cannot be read."""
    live = library.card(edition.dilemma)
    if live is not None and live.digest == edition.digest:
        return live.option_codes
    return kept_options(edition.dilemma, edition.source)


def shown_card(library: Library, edition: Wording) -> Card:
    """Return the card of an edition for a page.

    Raises: NotYours when the redactie withdrew the dilemma.
    """
    card = card_of_edition(library, edition)
    if card.withdrawn:
        raise NotYours("De redactie heeft dit dilemma weggehaald.")
    return card


# what cannot be read is remembered too: then it is tried, and logged, once and not at every page
@lru_cache(maxsize=256)
def _stored_card(folder: Path, slug: str, source: str) -> Card | None:
    try:
        card = kept_card(slug, source)
    except CardFaults as error:
        log.error("kept_wording_unreadable", dilemma=slug, faults=str(error))
        return None
    return replace(card, cover_svg=cover_of(card, folder)[0])


def renew_editions(session: Session, library: Library, today: date) -> None:
    """Open the editions that are due, and close those whose wording changed on purpose.

    A dilemma gets its next edition when its planned day has come, when `editie` was raised while
    the last one takes answers, or when the last one was frozen before its time (a restored backup).
    Opening one closes the earlier ones. A changed wording under the same `editie` is a fault: the
    wording that was counted stays. Doing it twice changes nothing.
    """
    cards = library.planned_cards()
    last = last_editions(session)
    since = today - timedelta(days=CATCH_UP_DAYS)
    due = session.execute(_DUE, {"today": today, "since": since}).all()
    for day, slug in due:
        if slug in cards:
            last[slug] = _open_next(session, cards[slug], last.get(slug), day)
    for slug, edition in last.items():
        card = cards.get(slug)
        if card is not None and _needs_a_next(card, edition, today):
            _open_next(session, card, edition, today)


def open_first_edition(session: Session, card: Card, day: date) -> None:
    """Open the first edition of a dilemma that was never shown, without a day of its own."""
    _open_next(session, card, None, day)


def last_editions(session: Session) -> dict[str, PublishedEdition]:
    """Return the last edition of every dilemma."""
    return {row.dilemma: _published(row) for row in session.execute(_LAST_OF_EACH)}


def wording_slipped(card: Card, edition: PublishedEdition) -> bool:
    """Whether the wording changed against what was counted while `editie` was not raised."""
    return card.digest != edition.digest and card.edition <= edition.card_edition


def _needs_a_next(card: Card, edition: PublishedEdition, today: date) -> bool:
    if edition.closes_on <= today or edition.opens_on > today:
        return False
    if wording_slipped(card, edition):
        log.warning("wording_changed_without_edition", dilemma=card.slug, card_edition=card.edition)
    return edition.frozen or card.edition > edition.card_edition


def _open_next(
    session: Session, card: Card, last: PublishedEdition | None, day: date
) -> PublishedEdition:
    card_edition, digest, source = card.edition, card.digest, card.source
    # a wording that changed under the same `editie` is not opened: the counted one goes on
    if last is not None and wording_slipped(card, last):
        card_edition, digest, source = last.card_edition, last.digest, last.source
    # those of chapters have a number too
    number = session.connection().execute(_LAST_NUMBER, {"dilemma": card.slug}).scalar() or 0
    edition = PublishedEdition(
        dilemma=card.slug,
        number=number + 1,
        card_edition=card_edition,
        digest=digest,
        source=source,
        opens_on=day,
        closes_on=day + timedelta(weeks=EDITION_WEEKS),
        frozen=False,
        settled=False,
        part_not_counted=False,
        two_chairs=card.has_two_chairs,
    )
    insert_once(session, EDITION, vars(edition))
    session.execute(_CLOSE_EARLIER, {"slug": card.slug, "next": edition.number, "day": day})
    return edition
