"""What the daily answers hand to the counter: how a gemeente's box, the national one and the attributes' are counted."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import String, bindparam, cast, exists, func, select, update
from sqlmodel import Session

from kopkrakers.accounts.models import Gemeente
from kopkrakers.answers.ready import gemeenten_without_boxes
from kopkrakers.answers.rules import Answer, Attribute, check_answer
from kopkrakers.answers.service import EDITION, PARTICIPATION, Turn, forget_turns
from kopkrakers.ballots import boxes
from kopkrakers.ballots.boxes import ENVELOPE, BoxAddress
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.db import add_to, table
from kopkrakers.base.errors import WrongInput
from kopkrakers.catalogue.editions.models import Edition
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.opening import Bundle, CountingRule
from kopkrakers.privacy.bundles import Paired, attribute_groups, safe, tally
from kopkrakers.privacy.rules import K_ATTRIBUTE, K_GEMEENTE, K_NATIONAL
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, NL, TALLY

GEMEENTE = table(Gemeente)
_WAITS = exists().where(
    ENVELOPE.c.voter == cast(PARTICIPATION.c.user_id, String),
    ENVELOPE.c.subject == PARTICIPATION.c.dilemma,
    ENVELOPE.c.edition == PARTICIPATION.c.edition,
)
_IN_THE_BOX = select(PARTICIPATION.c.user_id).where(
    PARTICIPATION.c.dilemma == bindparam("dilemma"),
    PARTICIPATION.c.edition == bindparam("edition"),
    PARTICIPATION.c.state == Turn.IN_BOX,
    PARTICIPATION.c.user_id.in_(bindparam("voters", expanding=True)),
)
USER_ID = re.compile(r"[1-9][0-9]{0,9}")
LARGEST_USER_ID = 2**31 - 1
"""How a voter is written who can have a turn. Anything else was made up, and PostgreSQL takes no larger number."""
ASKED_AT_ONCE = 500
"""Voters that one statement names; a database takes some thirty thousand at most."""
OptionCodes = Callable[[Edition], tuple[str, ...]]
"""The option codes of an edition's card, in the card's order."""


@dataclass(frozen=True)
class EditionOptions:
    """Option codes per edition, remembered: the wording of an edition never changes."""

    of_edition: OptionCodes
    known: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)

    def of(self, session: Session, address: BoxAddress) -> tuple[str, ...]:
        """The option codes voted on in this box."""
        key = (address.subject, address.edition)
        if key not in self.known:
            edition = session.get(Edition, key)
            self.known[key] = self.of_edition(edition) if edition else ()
        return self.known[key]


@dataclass(frozen=True)
class DailyRule:
    """A box of daily answers: a gemeente's bundle adds to that gemeente and NL, a national one to NL."""

    threshold: int
    options: EditionOptions
    attributes: tuple[Attribute, ...] = tuple(Attribute)

    def valid(self, session: Session, address: BoxAddress, codes: str) -> bool:
        """Whether these codes are an answer to this card."""
        try:
            check_answer(Answer.read(codes), self.options.of(session, address))
        except (ValueError, WrongInput):
            return False
        return True

    def still_in(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> set[str]:
        """The voters whose turn is in the box. Asks for these alone: an edition has many boxes."""
        which = {"dilemma": address.subject, "edition": address.edition}
        known = [
            int(voter)
            for voter in voters
            if USER_ID.fullmatch(voter) and int(voter) <= LARGEST_USER_ID
        ]
        found: set[str] = set()
        for start in range(0, len(known), ASKED_AT_ONCE):
            asked = which | {"voters": known[start : start + ASKED_AT_ONCE]}
            found.update(
                str(user_id)
                for user_id in session.connection().execute(_IN_THE_BOX, asked).scalars()
            )
        return found

    def bundle(self, session: Session, address: BoxAddress, votes: Sequence[str]) -> Bundle | None:
        """Totals per scope with every option, and the loose attributes; None when too much alike."""
        answers = [Answer.read(codes) for codes in votes]
        options = self.options.of(session, address)
        counts = tally(options, (answer.option for answer in answers))
        if not safe(counts, self.threshold):
            return None
        scopes = (NL,) if address.pool == NL else (address.pool, NL)
        loose = [
            (attribute.value, answer.option + value)
            for answer in answers
            for attribute, value in answer.attributes.items()
        ]
        return Bundle(
            totals=tuple((scope, option, n) for scope in scopes for option, n in counts.items()),
            attributes=tuple(loose),
        )

    def write(self, session: Session, address: BoxAddress, bundle: Bundle) -> None:
        """Add the bundle, one row per scope and option, zeros included, in fixed order."""
        which = {"dilemma": address.subject, "edition": address.edition}
        rows = [
            which | {"scope": scope, "option": option, "n": n} for scope, option, n in bundle.totals
        ]
        add_to(session, TALLY, rows)

    def not_counted(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
        """Say of these turns that they were not counted."""
        turns_not_counted(session, address, voters)


@dataclass(frozen=True)
class AttributeRule:
    """A box of loose attributes: an option with one value each, national only. Nobody's turn hangs on it."""

    threshold: int
    options: EditionOptions

    def valid(self, session: Session, address: BoxAddress, codes: str) -> bool:
        """Whether these codes are an option of this card and a value."""
        return len(codes) == 2 and codes[0] in self.options.of(session, address)

    def still_in(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> set[str]:
        """Nobody: attributes carry no voter."""
        return set()

    def bundle(self, session: Session, address: BoxAddress, votes: Sequence[str]) -> Bundle | None:
        """Totals per value with every option; None when no safe grouping exists."""
        options = self.options.of(session, address)
        groups = attribute_groups(options, [Paired(codes[0], codes[1]) for codes in votes])
        if groups is None:
            return None
        return Bundle(
            tuple(
                (value, option, n)
                for value, counts in groups.items()
                for option, n in counts.items()
            )
        )

    def write(self, session: Session, address: BoxAddress, bundle: Bundle) -> None:
        """Add the bundle, one row per value and option, zeros included, in fixed order."""
        which = {"dilemma": address.subject, "edition": address.edition, "attribute": address.pool}
        rows = [
            which | {"value": value, "option": option, "n": n} for value, option, n in bundle.totals
        ]
        add_to(session, ATTRIBUTE_TALLY, rows)

    def not_counted(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
        """Say so of turns whose envelope someone moved here: attributes themselves carry no voter."""
        turns_not_counted(session, address, voters)


def daily_rules(options: EditionOptions) -> dict[str, CountingRule]:
    """The rule of each kind of box."""
    return {
        boxes.GEMEENTE: DailyRule(K_GEMEENTE, options),
        boxes.NATIONAL: DailyRule(K_NATIONAL, options),
        boxes.ATTRIBUTE: AttributeRule(K_ATTRIBUTE, options),
    }


def wanted_boxes(session: Session, today: date) -> list[BoxAddress]:
    """The boxes that stand ready for every open edition: one per gemeente, one national, one per attribute."""
    pools = [
        (boxes.GEMEENTE, str(id_))
        for id_ in session.connection().execute(select(GEMEENTE.c.id)).scalars()
    ]
    pools += [
        (boxes.NATIONAL, NL),
        *((boxes.ATTRIBUTE, attribute.value) for attribute in Attribute),
    ]
    editions = select(EDITION.c.dilemma, EDITION.c.number).where(
        EDITION.c.opens_on <= today,
        EDITION.c.closes_on > today,
        ~EDITION.c.frozen,
        ~EDITION.c.settled,
    )
    return [
        BoxAddress(kind, edition.dilemma, edition.number, pool)
        for edition in session.connection().execute(editions)
        for kind, pool in pools
    ]


def give_newcomers_boxes(counter: Counter, now: datetime) -> int:
    """Make the boxes of a gemeente that was just added, so that its people need not wait for a tick."""
    today = amsterdam_day(now)
    with counter.database.reading() as session:
        if not gemeenten_without_boxes(session, today):
            return 0
    with counter.folder.locked():  # a tick may have closed editions meanwhile
        with counter.database.reading() as session:
            wanted = wanted_boxes(session, today)
        return counter.make_boxes(wanted, now)


def settle_closed_editions(counter: Counter, today: date, now: datetime) -> int:
    """Count what still can be of every closed edition, destroy the rest, forget who took part; gives how many."""
    closed = select(EDITION.c.dilemma, EDITION.c.number).where(
        ~EDITION.c.settled, (EDITION.c.closes_on <= today) | EDITION.c.frozen
    )
    with counter.database.reading() as session:
        editions = session.connection().execute(closed).all()
    for edition in editions:
        counter.close(
            edition.dilemma, edition.number, now, partial(_settle, edition.dilemma, edition.number)
        )
    return len(editions)


def _settle(dilemma: str, edition: int, session: Session, left: bool) -> None:
    this = (EDITION.c.dilemma == dilemma, EDITION.c.number == edition)
    session.connection().execute(
        update(EDITION).where(*this).values(settled=True, part_not_counted=left)
    )
    forget_turns(session, dilemma, edition)


def turns_not_counted(session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
    """Say of these turns that they were not counted, where no envelope of theirs waits any more.

    Voters are compared as text: someone may have made them up.
    """
    change = update(PARTICIPATION).where(
        *_turns_in(address), cast(PARTICIPATION.c.user_id, String).in_(voters)
    )
    session.connection().execute(change.where(~_WAITS).values(state=Turn.NOT_COUNTED))


def vanished(session: Session) -> int:
    """How many answers of open editions neither wait nor were counted: their envelopes were deleted from outside.

    Their people read "geteld", for a counted turn is one without an envelope; only the totals give it away.
    """
    counted_turns = select(func.count()).where(PARTICIPATION.c.state == Turn.IN_BOX, ~_WAITS)
    open_totals = (
        select(func.coalesce(func.sum(TALLY.c.n), 0))
        .join(
            EDITION, (EDITION.c.dilemma == TALLY.c.dilemma) & (EDITION.c.number == TALLY.c.edition)
        )
        .where(TALLY.c.scope == NL, ~EDITION.c.settled)
    )
    ask = session.connection().execute
    return int(ask(counted_turns).scalar_one()) - int(ask(open_totals).scalar_one())


def _turns_in(address: BoxAddress) -> tuple[Any, Any]:
    return PARTICIPATION.c.dilemma == address.subject, PARTICIPATION.c.edition == address.edition
