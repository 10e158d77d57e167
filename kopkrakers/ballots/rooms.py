"""A box that is read while it stands and dies with all in it: of a live session. Only the counter comes here."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots import opening
from kopkrakers.ballots.boxes import BOX, ENVELOPE, BoxAddress
from kopkrakers.ballots.counter import Counter

Opened = Sequence[tuple[Row[Any], str]]
"""Envelopes with what was in them, in an order that says nothing."""

_AT = select(BOX).where(
    BOX.c.kind == bindparam("kind"),
    BOX.c.subject == bindparam("subject"),
    BOX.c.edition == bindparam("edition"),
    BOX.c.pool == bindparam("pool"),
)


def read_box(counter: Counter, session: Session, address: BoxAddress) -> Opened:
    """What is in a box, read without emptying it; what was moved, altered or forged is refused and deleted.

    The box stays closed to envelopes on their way until the transaction ends. No box, or one that cannot be
    trusted: nothing.
    """
    box = _locked(session, address)
    private = counter.folder.private(box.id) if box is not None else None
    if box is None or private is None or not counter.trusts(box):
        return []
    rule = counter.rules[box.kind]
    return opening.shuffled(opening.honest_envelopes(session, box, rule=rule, private=private, keys=counter.keys))


def end_box(counter: Counter, address: BoxAddress, before: Callable[[Session, Opened], None]) -> None:
    """Destroy a box, all that is in it, and its key.

    `before` gets what was in it, in the transaction that destroys; safe to do twice.
    """
    with counter.database.transaction() as session:
        opened = read_box(counter, session, address)
        before(session, opened)
        box = _locked(session, address)
        if box is not None:
            session.connection().execute(delete(ENVELOPE).where(ENVELOPE.c.box_id == box.id))
            session.connection().execute(delete(BOX).where(BOX.c.id == box.id))
    if box is not None:
        counter.folder.destroy(box.id)


def _locked(session: Session, address: BoxAddress) -> Row[Any] | None:
    which = {"kind": address.kind, "subject": address.subject, "edition": address.edition, "pool": address.pool}
    return session.connection().execute(_AT.with_for_update(), which).first()
