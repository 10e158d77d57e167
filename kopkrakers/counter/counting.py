"""A look into the boxes: let envelopes grow old enough and, at a moment, count them in bundles."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.boxes import ATTRIBUTE, BOX, ENVELOPE, SESSION, address_of
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.errors import ConfigurationError
from kopkrakers.counter import loose, opening
from kopkrakers.counter.believing import believed
from kopkrakers.counter.chapters import keep_people_apart
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE, UNTRIED, Loose, PileBox
from kopkrakers.counter.opening import Bundle, OpenedVote
from kopkrakers.counter.totals import add_bundle, note_totals, verified_totals
from kopkrakers.privacy.bundles import may_try
from kopkrakers.privacy.rules import K_ATTRIBUTE_LATE, LATE_DAYS
from kopkrakers.tallies.signing import EditionTotals

_WITH_ENVELOPES = (
    select(BOX.c.id, BOX.c.subject, BOX.c.edition)
    .distinct()
    .join(ENVELOPE, ENVELOPE.c.box_id == BOX.c.id)
    # that of a session is opened in place, when its begeleider closes a round
    .where(BOX.c.kind != SESSION)
)
_WITH_YOUNG = _WITH_ENVELOPES.where(~ENVELOPE.c.lived)

_WITH_ATTRIBUTES = (
    select(BOX.c.id, BOX.c.subject, BOX.c.edition, BOX.c.pool, UNTRIED.label("untried"))
    .join(ATTRIBUTE_ENVELOPE, ATTRIBUTE_ENVELOPE.c.box_id == BOX.c.id)
    # a row that somebody put in a box of votes goes with that box
    .where(BOX.c.kind == ATTRIBUTE)
    .group_by(BOX.c.id, BOX.c.subject, BOX.c.edition, BOX.c.pool)
    .order_by(BOX.c.subject, BOX.c.edition, BOX.c.pool)
)
"""In an order that is always the same: that of the boxes' keys would differ from day to day."""
KEY_GONE = "Een sleutel die net was gemaakt, is weg uit KOPKRAKERS_KEY_DIR. Er is niets geteld."


@dataclass(frozen=True)
class _OpenedBox:
    """The votes of an opened box: `ripe` may be counted, `young` came since the last look.

    `totals`: those of its edition, verified.
    """

    ripe: Sequence[OpenedVote]
    young: Sequence[OpenedVote]
    totals: EditionTotals


def mark_lived(counter: Counter) -> None:
    """Record of every envelope that it lived through a look. Nothing is opened.

    Who put it in had time to take it back, so the next moment may count it. Those that lived
    through one are verified when their box may be opened, and at night.
    """
    with counter.database.reading() as session:
        # in an order that differs every time, for the log of the database keeps it
        boxes = opening.shuffled(session.execute(_WITH_YOUNG))
    for young in boxes:
        with counter.database.transaction() as session:
            box = counter.lock(session, young.id)
            if box is not None:
                rule = counter.rules[box.kind]
                arrived = opening.verified_young(session, box, rule=rule, keys=counter.keys)
                _mark_lived(counter, session, arrived)


def look_into_boxes(counter: Counter, now: datetime, *, at_least: int) -> int:
    """Count what can be counted in every box in which so many envelopes wait, or attributes.

    Return the number of boxes emptied. `at_least`: what this moment of the day asks, above what
    the rule of a box does.
    """
    with counter.database.reading() as session:
        boxes = opening.shuffled(session.execute(_WITH_ENVELOPES))
    emptied = []
    for box in boxes:
        if count_box(counter, box.id, now, at_least=at_least):
            emptied.append(box)
    # only now: the bundles above have just filled these
    opened = count_attributes(counter, now)
    renew_attributes(counter, {(box.subject, box.edition) for box in emptied}, now)
    # the log of SQLite still holds the pages with the envelopes that were deleted
    counter.database.truncate_log()
    return len(emptied) + opened


def count_box(counter: Counter, box_id: str, now: datetime, *, at_least: int) -> bool:
    """Count the votes in a box as one bundle. Return whether that was possible.

    While too few wait nothing is opened. Once opened, the box is replaced whatever came of it: all
    that stays is sealed anew for the next box, and the old key is destroyed.
    """
    with counter.database.transaction() as session:
        box = counter.lock(session, box_id)
        # gone since the boxes were listed, or forged
        if box is None:
            return False
        opened = _open_if_enough(counter, session, box, now, at_least=at_least)
        if opened is None:
            return False
        rule = counter.rules[box.kind]
        bundle = opening.try_bundle(session, address_of(box), opened.ripe, rule=rule)
        totals = opened.totals
        if bundle is not None and not _stands_apart(counter, session, box, bundle, totals):
            bundle = None
        if bundle is not None:
            totals = add_bundle(counter, session, totals, rule.rows(address_of(box), bundle))
            _split_attributes(counter, session, box, bundle)
        _replace_opened(counter, session, box, opened, counted=bundle is not None, now=now)
    # only after the commit: until then the envelopes in the database need this key
    counter.note_count()
    note_totals(counter, totals)
    counter.folder.destroy(box_id)
    return bundle is not None


def _stands_apart(
    counter: Counter, session: Session, box: Row[Any], bundle: Bundle, totals: EditionTotals
) -> bool:
    """Whether a bundle leaves no totals of a chapter that differ by one person from others.

    Otherwise it waits as one that is too much alike does, and is told in the same words.
    """
    added = counter.rules[box.kind].rows(address_of(box), bundle)
    return keep_people_apart(counter, session, totals.grown(added.to, added.rows))


def _lived(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """Return the envelopes that waited through a look."""
    return [row for row in rows if row.lived]


# D-46
def _open_if_enough(
    counter: Counter, session: Session, box: Row[Any], now: datetime, *, at_least: int
) -> _OpenedBox | None:
    """Open a box in which enough envelopes wait that may be counted; else let them wait on."""
    rule = counter.rules[box.kind]
    rows = counter.verified(session, box)
    waited = _lived(rows)
    # what costs least is asked first: totals and accounts are many rows to verify
    if len(waited) >= at_least and opening.may_be_tried(waited, rule):
        totals = verified_totals(counter, session, box)
        if totals is not None:
            opened = _open_if_believed(counter, session, box, rows, totals, amsterdam_day(now))
            if opened is not None:
                return opened
    _mark_lived(counter, session, rows)
    return None


def _open_if_believed(
    counter: Counter,
    session: Session,
    box: Row[Any],
    rows: Sequence[Row[Any]],
    totals: EditionTotals,
    today: date,
) -> _OpenedBox | None:
    """Open a box when enough of its envelopes are of people who count toward the threshold."""
    rule = counter.rules[box.kind]
    kept = believed(counter, session, box, rows, today)
    if not kept.are_enough(_lived(kept.rows), rule):
        return None
    votes = counter.open(session, box, kept.rows)
    ripe = [vote for vote in votes if vote.row.lived]
    # asked again, for opening refuses envelopes without a valid vote in them
    if not kept.are_enough([vote.row for vote in ripe], rule):
        return None
    return _OpenedBox(ripe, [vote for vote in votes if not vote.row.lived], totals)


def _mark_lived(counter: Counter, session: Session, rows: Sequence[Row[Any]]) -> None:
    arrived = [row for row in rows if not row.lived]
    opening.update_envelopes(session, arrived, keys=counter.keys, lived=True)


# D-4
def _replace_opened(
    counter: Counter,
    session: Session,
    box: Row[Any],
    opened: _OpenedBox,
    *,
    counted: bool,
    now: datetime,
) -> None:
    """Replace an opened box, and put back what was not counted.

    Rewritten are the votes since the last look, now old enough to be counted, and, when the bundle
    was too much alike, all votes that were tried, now marked so. The new key stops a replay:
    someone who saved a row from before it was tried, and writes it back to have it tried again
    beside chosen newcomers, has a row that names no box and opens with no key.
    """
    new_box = counter.replace_box(session, box, now)
    if not counted:
        opening.put_back(session, opened.ripe, into=new_box, keys=counter.keys, tried=True)
    opening.put_back(session, opened.young, into=new_box, keys=counter.keys, lived=True)


def _split_attributes(counter: Counter, session: Session, box: Row[Any], bundle: Bundle) -> None:
    boxes = counter.boxes(session, box.subject, box.edition, ATTRIBUTE)
    by_attribute = {}
    for box in boxes:
        private = counter.folder.private(box.id)
        # a box without its key is replaced at the next look, with what lies in it
        if private is not None and counter.trusts(box):
            by_attribute[box.pool] = PileBox.of(box.id, private)
    loose.split_attributes(session, bundle, by_attribute, keys=counter.keys)


def count_attributes(counter: Counter, now: datetime) -> int:
    """Count every box of loose attributes in which enough wait. Return their number."""
    counted = 0
    for box in _with_attributes(counter):
        threshold = _threshold_of(counter, box.id, now)
        if may_try(box.untried, threshold):
            counted += _count_attributes(counter, box.id, now, threshold)
    return counted


# D-53
def renew_attributes(
    counter: Counter, editions: Collection[tuple[str, int]], now: datetime
) -> None:
    """Write all loose attributes of these editions anew, each box under a new key.

    What one bundle brings along is a pile of its own: whoever got hold of the key would read a
    small group. So after every count all piles of a box become one, under a new id and a new key.
    """
    for box in _with_attributes(counter):
        if (box.subject, box.edition) in editions:
            _renew_attributes(counter, box.id, now)


def renew_old_attributes(counter: Counter, now: datetime) -> None:
    """Write the loose attributes of every box anew whose key is about a day old."""
    for box in _with_attributes(counter):
        made = counter.folder.made_at(box.id)
        if made is not None and now - made >= counter.renew_after:
            _renew_attributes(counter, box.id, now)


def _with_attributes(counter: Counter) -> Sequence[Row[Any]]:
    with counter.database.reading() as session:
        return session.execute(_WITH_ATTRIBUTES).all()


def _count_attributes(counter: Counter, box_id: str, now: datetime, threshold: int) -> bool:
    """Count the attributes in a box as one bundle. Return whether that was possible.

    `threshold`: how many of them must never have been tried.
    """
    with counter.database.transaction() as session:
        box = counter.lock(session, box_id)
        if box is None:
            return False
        attributes = _open_attributes(counter, session, box)
        # opening refuses what somebody altered or put there, so these can be fewer
        enough = may_try(len(attributes.untried), threshold)
        totals = verified_totals(counter, session, box) if enough else None
        if totals is None:
            return False
        # the tried ones with them: alone they were too much alike
        rule, codes = counter.rules[box.kind], [*attributes.untried, *attributes.tried]
        bundle = rule.bundle(session, address_of(box), codes)
        if bundle is not None:
            totals = add_bundle(counter, session, totals, rule.rows(address_of(box), bundle))
            # an envelope of a voter has no business in this box: someone moved it here
            counter.discard_box(session, box)
            counter.make_box(session, address_of(box), now)
        else:
            _put_back_attributes(counter, session, box, Loose(tried=codes), now)
    counter.note_count()
    note_totals(counter, totals)
    counter.folder.destroy(box_id)
    return bundle is not None


def _threshold_of(counter: Counter, box_id: str, now: datetime) -> int:
    born = counter.folder.born_at(box_id)
    if born is not None and now - born >= timedelta(days=LATE_DAYS):
        return K_ATTRIBUTE_LATE
    return counter.rules[ATTRIBUTE].threshold


def _renew_attributes(counter: Counter, box_id: str, now: datetime) -> None:
    """Write the attributes in a box anew under a new key; its age stays."""
    with counter.database.transaction() as session:
        box = counter.lock(session, box_id)
        # a box without its key is replaced at the next look
        if box is None or counter.folder.private(box.id) is None:
            return
        _put_back_attributes(counter, session, box, _open_attributes(counter, session, box), now)
    # only after the commit: until then the rows in the database need this key
    counter.folder.destroy(box_id)


def _put_back_attributes(
    counter: Counter, session: Session, box: Row[Any], found: Loose, now: datetime
) -> None:
    """Seal the attributes of a box anew for one with another key, which waits as long already."""
    new_box = counter.renew_box(session, box, now)
    private = counter.folder.private(new_box.id)
    if private is None:
        raise ConfigurationError(KEY_GONE)
    into = PileBox.of(new_box.id, private)
    loose.put_back_attributes(session, found, into=into, keys=counter.keys)


def _open_attributes(counter: Counter, session: Session, box: Row[Any]) -> Loose:
    private = counter.folder.private(box.id)
    # without its key nobody can read them any more
    if private is None:
        return Loose()
    rule = counter.rules[ATTRIBUTE]
    return loose.open_piles(session, box, rule=rule, keys=counter.keys, private=private)
