"""Count the daily answers: the rules of local, national and attribute boxes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, exists, func, select, update
from sqlmodel import Session

from kopkrakers.answers.forgetting import IN_EDITION, forget_settled_turns
from kopkrakers.answers.rules import (
    Answer,
    Attribute,
    asked_attributes,
    check_answer,
    check_choice,
)
from kopkrakers.answers.service import PARTICIPATION, Turn
from kopkrakers.ballots import boxes
from kopkrakers.ballots.boxes import BOX, ENVELOPE, BoxAddress
from kopkrakers.base.db import in_parts
from kopkrakers.base.errors import WrongInput
from kopkrakers.base.keys import Keys
from kopkrakers.catalogue.editions.editions import EDITION
from kopkrakers.catalogue.editions.models import Edition
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.counting import renew_attributes
from kopkrakers.counter.moving import close
from kopkrakers.counter.opening import Bundle, CountingRule, TotalRows, total_rows
from kopkrakers.counter.totals import total_faults
from kopkrakers.pools.service import Versions, counts_chairs_apart, open_editions
from kopkrakers.privacy.bundles import OptionWithValue, attribute_groups, safe, tally
from kopkrakers.privacy.rules import K_ATTRIBUTE, K_GEMEENTE, K_NATIONAL
from kopkrakers.tallies.models import ATTRIBUTE_TALLY, LEADERS, NL, TALLY

_ENVELOPE_WAITS = exists().where(
    ENVELOPE.c.voter == PARTICIPATION.c.pseudonym,
    ENVELOPE.c.subject == PARTICIPATION.c.dilemma,
    ENVELOPE.c.edition == PARTICIPATION.c.edition,
)
_TURNS_IN_BOX = select(PARTICIPATION.c.pseudonym).where(
    PARTICIPATION.c.dilemma == bindparam("dilemma"),
    PARTICIPATION.c.edition == bindparam("edition"),
    PARTICIPATION.c.state == Turn.IN_BOX,
    PARTICIPATION.c.pseudonym.in_(bindparam("voters", expanding=True)),
)
_WITH_YOUNG_ENVELOPES = (
    select(BOX.c.subject, BOX.c.edition)
    .distinct()
    .join(ENVELOPE, ENVELOPE.c.box_id == BOX.c.id)
    .where(BOX.c.kind.in_((boxes.GEMEENTE, boxes.NATIONAL, boxes.LEADING)), ~ENVELOPE.c.lived)
)
SCOPES = {NL: (NL,), LEADERS: (LEADERS,)}
"""The totals to which a bundle of these pools is added; of any other to its own and to `NL`."""
REPAIR_TIME = timedelta(days=7)
"""The time for which a closed edition whose totals do not hold keeps what waits in it."""
OptionCodes = Callable[[Edition], tuple[str, ...]]
"""Returns the option codes of an edition's card, in the card's order."""


@dataclass(frozen=True)
class EditionOptions:
    """The option codes per edition, remembered: the wording of an edition never changes.

    Beside them stands whether it is the edition of a chapter.
    """

    of_edition: OptionCodes
    known: dict[tuple[str, int], tuple[tuple[str, ...], bool]] = field(default_factory=dict)

    def of(self, session: Session, address: BoxAddress) -> tuple[str, ...]:
        """Return the option codes that are voted on in a box."""
        return self._read(session, address)[0]

    def is_chapter(self, session: Session, address: BoxAddress) -> bool:
        """Whether a box is of the edition of a chapter."""
        return self._read(session, address)[1]

    def _read(self, session: Session, address: BoxAddress) -> tuple[tuple[str, ...], bool]:
        key = (address.subject, address.edition)
        if key not in self.known:
            edition = session.get(Edition, key)
            if edition is None:
                return (), False
            self.known[key] = self.of_edition(edition), edition.chapter > 0
        return self.known[key]


@dataclass(frozen=True)
class DailyRule:
    """The rule of a box of daily answers.

    A bundle of a gemeente or regio is added to its own totals and to the national ones; a
    bundle of the national box to the national ones alone. A bundle of leidinggevenden is added to
    theirs alone, and its attributes are dropped: their tables would be those of both chairs.
    """

    threshold: int
    options: EditionOptions

    def valid(self, session: Session, address: BoxAddress, codes: str) -> bool:
        """Whether these codes are an answer to this card."""
        check = check_choice if self.options.is_chapter(session, address) else check_answer
        try:
            check(Answer.read(codes), self.options.of(session, address))
        # it can only come from a form that somebody made up, and is refused as a forgery is
        except (ValueError, WrongInput):
            return False
        return True

    def still_in(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> set[str]:
        """Return the voters whose turn is in the box.

        Asks for these voters alone: an edition has many boxes.
        """
        edition = {"dilemma": address.subject, "edition": address.edition}
        in_box: set[str] = set()
        for part in in_parts(voters):
            in_box.update(session.execute(_TURNS_IN_BOX, edition | {"voters": part}).scalars())
        return in_box

    def bundle(self, session: Session, address: BoxAddress, votes: Sequence[str]) -> Bundle | None:
        """Return the totals per scope and the loose attributes, or None when too much alike."""
        answers = list(map(Answer.read, votes))
        options = self.options.of(session, address)
        counts = tally(options, (answer.option for answer in answers))
        if not safe(counts, self.threshold):
            return None
        totals = []
        for scope in SCOPES.get(address.pool, (address.pool, NL)):
            totals += [(scope, option, n) for option, n in counts.items()]
        if address.pool == LEADERS:
            return Bundle(tuple(totals))
        attributes = []
        for answer in answers:
            # what is not asked would only say that it was not said
            for attribute in asked_attributes(options):
                value = answer.attributes[attribute]
                attributes.append((attribute.value, answer.option + value))
        return Bundle(tuple(totals), tuple(attributes))

    def rows(self, address: BoxAddress, bundle: Bundle) -> TotalRows:
        """Return what the bundle adds: every option, zeros included, in a fixed order."""
        return TotalRows(TALLY, total_rows(address, bundle, ("scope", "option", "n")))

    def not_counted(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
        """Record these turns as not counted."""
        turns_not_counted(session, address, voters)


@dataclass(frozen=True)
class AttributeRule:
    """The rule of a box of loose attributes, which are counted nationally only."""

    threshold: int
    options: EditionOptions

    def valid(self, session: Session, address: BoxAddress, codes: str) -> bool:
        """Whether these codes are an option of this card and a value."""
        return len(codes) == 2 and codes[0] in self.options.of(session, address)

    def still_in(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> set[str]:
        """Return nobody: attributes carry no voter."""
        return set()

    def bundle(self, session: Session, address: BoxAddress, votes: Sequence[str]) -> Bundle | None:
        """Return the totals per value and option, or None when no safe grouping exists."""
        options = self.options.of(session, address)
        groups = attribute_groups(options, [OptionWithValue(codes[0], codes[1]) for codes in votes])
        if groups is None:
            return None
        totals = []
        for value, counts in groups.items():
            totals += [(value, option, n) for option, n in counts.items()]
        return Bundle(tuple(totals))

    def rows(self, address: BoxAddress, bundle: Bundle) -> TotalRows:
        """Return what the bundle adds: every value and option, zeros included."""
        columns = ("value", "option", "n")
        rows = total_rows(address, bundle, columns, attribute=address.pool)
        return TotalRows(ATTRIBUTE_TALLY, rows)

    def not_counted(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
        """Record daily turns as not counted whose envelope someone moved into this box."""
        turns_not_counted(session, address, voters)


def daily_rules(options: EditionOptions) -> dict[str, CountingRule]:
    """Return the rule of each kind of box that daily answers use."""
    return {
        boxes.GEMEENTE: DailyRule(K_GEMEENTE, options),
        boxes.NATIONAL: DailyRule(K_NATIONAL, options),
        boxes.LEADING: DailyRule(K_NATIONAL, options),
        boxes.ATTRIBUTE: AttributeRule(K_ATTRIBUTE, options),
    }


def wanted_boxes(session: Session, keys: Keys, today: date) -> list[BoxAddress]:
    """Return the boxes that every open edition needs: national, per attribute, and per pool.

    That of a chapter needs the national one alone.
    """
    national = [(boxes.NATIONAL, NL)]
    loose = [(boxes.ATTRIBUTE, attribute.value) for attribute in Attribute]
    versions = Versions(keys)
    wanted = []
    for edition in open_editions(session, today):
        pools = sorted(set(versions.today(session, edition, today).values()))
        local = [(boxes.GEMEENTE, pool) for pool in pools]
        if counts_chairs_apart(keys, edition):
            local.append((boxes.LEADING, LEADERS))
        # a chapter has fewer people than its card, so it is counted for the country alone (D-136)
        needed = national if edition.chapter else [*national, *loose, *local]
        for kind, pool in needed:
            wanted.append(BoxAddress(kind, edition.dilemma, edition.number, pool))
    return wanted


# D-52
def settle_closed_editions(counter: Counter, today: date, now: datetime) -> int:
    """Count what still can be of every closed edition, and destroy the rest.

    Forget who took part. Return the number of editions. An edition in which an envelope waits that
    lived through no look yet is left for the next one: its voter has time to take it back, also
    when a new wording or a restored backup closed the edition. Call this as part of a look.
    """
    closed = select(EDITION.c.dilemma, EDITION.c.number, EDITION.c.closes_on).where(
        ~EDITION.c.settled, (EDITION.c.closes_on <= today) | EDITION.c.frozen
    )
    with counter.database.reading() as session:
        young = set(session.execute(_WITH_YOUNG_ENVELOPES).all())
        rows = session.execute(closed).all()
        # what waits there can be counted once a backup with the right totals is put back
        changed = total_faults(counter, session) if rows else {}
    editions = []
    for row in rows:
        place = (row.dilemma, row.number)
        healing = place in changed and today < row.closes_on + REPAIR_TIME
        if place not in young and not healing:
            editions.append(row)
    for edition in editions:
        settle_edition(counter, edition.dilemma, edition.number, now)
    if editions:
        forget_settled_turns(counter.database)
    return len(editions)


def settle_edition(counter: Counter, dilemma: str, number: int, now: datetime) -> None:
    """Count what still can be of one edition, and destroy the rest."""

    def on_closed(session: Session, part_left: bool) -> None:
        this_edition = (EDITION.c.dilemma == dilemma, EDITION.c.number == number)
        values = {"settled": True, "part_not_counted": part_left}
        session.execute(update(EDITION).where(*this_edition).values(values))

    close(counter, dilemma, number, now, on_closed)
    # the last bundles brought piles of their own, as those of any count do (D-53)
    renew_attributes(counter, [(dilemma, number)], now)


def turns_not_counted(session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
    """Record turns as not counted, where no envelope of theirs waits any more."""
    turns = (
        PARTICIPATION.c.dilemma == address.subject,
        PARTICIPATION.c.edition == address.edition,
        PARTICIPATION.c.pseudonym.in_(voters),
        ~_ENVELOPE_WAITS,
    )
    session.execute(update(PARTICIPATION).where(*turns).values(state=Turn.NOT_COUNTED))


def vanished(session: Session) -> int:
    """Return the number of answers of open editions that neither wait nor were counted.

    Someone deleted their envelopes from the database. A turn without an envelope counts as
    counted, so its person reads "geteld"; only the totals show that it is not.
    """
    # turns of a settled edition are on their way out, and its totals are not asked either
    turns = (
        select(func.count())
        .select_from(PARTICIPATION)
        .outerjoin(EDITION, IN_EDITION)
        .where(
            PARTICIPATION.c.state == Turn.IN_BOX,
            EDITION.c.settled.is_not(True),
            ~_ENVELOPE_WAITS,
        )
    )
    totals = (
        select(func.coalesce(func.sum(TALLY.c.n), 0))
        .join(
            EDITION, (EDITION.c.dilemma == TALLY.c.dilemma) & (EDITION.c.number == TALLY.c.edition)
        )
        .where(TALLY.c.scope.in_((NL, LEADERS)), ~EDITION.c.settled)
    )
    return int(session.execute(turns).scalar_one()) - int(session.execute(totals).scalar_one())
