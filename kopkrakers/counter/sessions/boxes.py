"""Boxes of live sessions: opened in place at closing, deleted with the session."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlmodel import Session

from kopkrakers.ballots.boxes import AT_ADDRESS, BOX, ENVELOPE, BoxAddress
from kopkrakers.counter import opening
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.opening import OpenedVote

_BOX_TO_OPEN = select(BOX).where(AT_ADDRESS).with_for_update()


def read_box(counter: Counter, session: Session, address: BoxAddress) -> Sequence[OpenedVote]:
    """Return the votes in a box, in a random order, without emptying it.

    What was moved, altered or forged is refused and deleted. Until the transaction ends nothing
    can be put in. Without a box, its key, or a valid MAC of the box there are no votes.
    """
    box = session.execute(_BOX_TO_OPEN, address.columns()).first()
    if box is None or not counter.trusts(box) or counter.folder.private(box.id) is None:
        return []
    rows = counter.verified(session, box)
    return opening.shuffled(counter.open(session, box, rows))


def drop_box(session: Session, address: BoxAddress) -> str | None:
    """Delete a box with all that is in it.

    Return its id: the caller destroys its key once this is committed, and not before, for a
    transaction that is rolled back leaves envelopes that must still open.
    """
    box = session.execute(_BOX_TO_OPEN, address.columns()).first()
    if box is None:
        return None
    session.execute(delete(ENVELOPE).where(ENVELOPE.c.box_id == box.id))
    session.execute(delete(BOX).where(BOX.c.id == box.id))
    return str(box.id)
