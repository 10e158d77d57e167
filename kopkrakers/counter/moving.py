"""Move envelopes that their own box cannot count to the national box, or end them uncounted."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.boxes import (
    BOX,
    ENVELOPE,
    GEMEENTE,
    LEADING,
    NATIONAL,
    BoxAddress,
    address_of,
)
from kopkrakers.counter import opening
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.counting import count_box
from kopkrakers.counter.opening import OpenedVote
from kopkrakers.pools.service import Versions, open_editions
from kopkrakers.privacy.rules import NIGHTS
from kopkrakers.tallies.models import NL

_GEMEENTE_BOXES = (
    select(ENVELOPE.c.box_id)
    .distinct()
    .join(BOX, BOX.c.id == ENVELOPE.c.box_id)
    .where(BOX.c.kind == GEMEENTE)
)

_LOCAL_BOXES = select(BOX).where(BOX.c.kind == GEMEENTE)


def night(counter: Counter, now: datetime) -> None:
    """Add a night to the envelopes in every gemeente's box, and move on what waited `NIGHTS`.

    They move to the national box and never back.
    """
    with counter.database.reading() as session:
        box_ids = opening.shuffled(session.execute(_GEMEENTE_BOXES).scalars())
    for box_id in box_ids:
        # the key that opens copies of what just moved goes at once, once that is committed
        if _add_night(counter, box_id, now):
            counter.folder.destroy(box_id)


def move_unwanted(counter: Counter, wanted: Collection[BoxAddress], today: date) -> int:
    """Move what waits in local boxes that an open edition does not want, and destroy them.

    It goes to the box of its gemeente's pool, or to the national one: an edition becomes two weeks
    old, or comes from a time in which every gemeente had a box of its own.
    Return the number of boxes destroyed.
    """
    # read first and moved one by one: a box is locked only while it is emptied
    moves = _moves(counter, set(wanted), today)
    moved = 0
    for box_id, target in moves:
        if _empty_into(counter, box_id, target):
            counter.folder.destroy(box_id)
            moved += 1
    if moved:
        # the log of SQLite still holds the pages with the envelopes that were there
        counter.database.truncate_log()
    return moved


def close(
    counter: Counter,
    subject: str,
    edition: int,
    now: datetime,
    on_closed: Callable[[Session, bool], None],
) -> None:
    """Count what can still be counted of an edition, and destroy the rest.

    `on_closed` is called in the transaction that destroys, with whether a part was not counted.
    """
    with counter.database.reading() as session:
        local = counter.boxes(session, subject, edition, GEMEENTE)
    # what is too little in one gemeente may be enough with that of all others
    for box in local:
        _move_all(counter, box.id)
    with counter.database.reading() as session:
        lasting = _lasting_boxes(counter, session, subject, edition)
    for box in lasting:
        # the moment of the day asks nothing here: what is not counted now is never counted
        count_box(counter, box.id, now, at_least=0)
    with counter.database.reading() as session:
        # read again: what was opened has been replaced
        boxes = [
            *counter.boxes(session, subject, edition, GEMEENTE),
            *_lasting_boxes(counter, session, subject, edition),
        ]
    part_left = False
    with counter.database.transaction() as session:
        for box in boxes:
            if counter.end_box(session, box):
                part_left = True
        on_closed(session, part_left)
    for box in boxes:
        counter.folder.destroy(box.id)
    counter.database.truncate_log()


def _lasting_boxes(
    counter: Counter, session: Session, subject: str, edition: int
) -> list[Row[Any]]:
    """Return the boxes in which answers of an edition wait to its end: those of both chairs."""
    return [
        *counter.boxes(session, subject, edition, NATIONAL),
        *counter.boxes(session, subject, edition, LEADING),
    ]


def _add_night(counter: Counter, box_id: str, now: datetime) -> bool:
    """Add a night to the envelopes of a box. Return whether some moved and its key must go.

    Nothing is opened unless something can move. Then what stays is sealed anew for a new box, so
    that no older copy of an envelope that moved can be opened or put back.
    """
    with counter.database.transaction() as session:
        box = counter.lock(session, box_id)
        if box is None:
            return False
        rows = counter.verified(session, box)
        votes: Sequence[OpenedVote] = []
        if any(map(_waited_enough, rows)):
            votes = counter.open(session, box, rows)
        movers = [vote for vote in votes if _waited_enough(vote.row)]
        if not _move_to_national(counter, session, box, movers):
            _update_nights(counter, session, rows)
            return False
        new_box = counter.replace_box(session, box, now)
        for nights in range(NIGHTS - 1):
            stay = [vote for vote in votes if vote.row.nights == nights]
            opening.put_back(session, stay, into=new_box, keys=counter.keys, nights=nights + 1)
    return True


def _waited_enough(row: Row[Any]) -> bool:
    """Whether this night is the last that an envelope waits in its gemeente's box."""
    return bool(row.nights >= NIGHTS - 1)


def _update_nights(counter: Counter, session: Session, rows: Sequence[Row[Any]]) -> None:
    for nights in range(NIGHTS - 1):
        same = [row for row in rows if row.nights == nights]
        opening.update_envelopes(session, same, keys=counter.keys, nights=nights + 1)


def _move_all(counter: Counter, box_id: str) -> None:
    """Move every envelope of a gemeente's box to the national box, whatever it waited."""
    with counter.database.transaction() as session:
        box = counter.lock(session, box_id)
        if box is not None:
            votes = counter.open(session, box, counter.verified(session, box))
            _move_to_national(counter, session, box, votes)


def _move_to_national(
    counter: Counter, session: Session, box: Row[Any], votes: Sequence[OpenedVote]
) -> bool:
    """Seal votes anew for the national box of their edition, as untried. Return whether any moved.

    They stay where there is no such box, or none that passes its MAC: someone who replaced its
    public key would read them.
    """
    if not votes:
        return False
    for national in counter.boxes(session, box.subject, box.edition, NATIONAL):
        if counter.trusts(national):
            opening.move_votes(
                session, votes, into=national, keys=counter.keys, lived=True, nights=0, tried=False
            )
            return True
    return False


def _moves(
    counter: Counter, wanted: Collection[BoxAddress], today: date
) -> list[tuple[str, BoxAddress]]:
    """Return the boxes to empty, each with the address to which its envelopes go."""
    pools = Versions(counter.keys)
    moves = []
    with counter.database.reading() as session:
        editions = {}
        for row in open_editions(session, today):
            editions[row.dilemma, row.number] = row
        for box in session.execute(_LOCAL_BOXES).all():
            address = address_of(box)
            edition = editions.get((box.subject, box.edition))
            # the boxes of a closed edition are emptied when it is settled
            if edition is None or address in wanted:
                continue
            of_gemeenten = pools.today(session, edition, today)
            pool = of_gemeenten.get(int(box.pool), NL) if box.pool.isdecimal() else NL
            kind = NATIONAL if pool == NL else GEMEENTE
            moves.append((box.id, BoxAddress(kind, box.subject, box.edition, pool)))
    return moves


def _empty_into(counter: Counter, box_id: str, target: BoxAddress) -> bool:
    """Seal what waits in a box anew for another, and delete it. Return whether that was done.

    Nothing moves where the target is not there or fails its MAC: someone who replaced its public
    key would read it. Envelopes whose key is gone are not counted.
    """
    with counter.database.transaction() as session:
        box = counter.lock(session, box_id)
        into = _trusted(counter, session, target)
        if box is None or into is None:
            return False
        votes = counter.open(session, box, counter.verified(session, box))
        # a group that was tried in vain stays tried among its neighbours; in the national box, as
        # whenever envelopes move there, it begins again
        begins_anew = {"tried": False} if target.kind == NATIONAL else {}
        opening.move_votes(session, votes, into=into, keys=counter.keys, nights=0, **begins_anew)
        counter.end_box(session, box)
    return True


def _trusted(counter: Counter, session: Session, address: BoxAddress) -> Row[Any] | None:
    for box in counter.boxes(session, address.subject, address.edition, address.kind):
        if box.pool == address.pool and counter.trusts(box):
            return box
    return None
