"""A box that is read while it stands and dies with all in it: of a live session. Only the counter comes here."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.boxes import BOX, ENVELOPE, BoxAddress
from kopkrakers.counter import opening
from kopkrakers.counter.counter import Counter

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
    waiting = opening.untouched_envelopes(session, box, rule=rule, keys=counter.keys)
    return opening.shuffled(
        opening.open_envelopes(session, box, waiting, rule=rule, private=private)
    )


def drop_box(session: Session, address: BoxAddress) -> str | None:
    """Delete a box with all that is in it; gives its id, whose key is to be destroyed once this is committed."""
    box = _locked(session, address)
    if box is None:
        return None
    session.connection().execute(delete(ENVELOPE).where(ENVELOPE.c.box_id == box.id))
    session.connection().execute(delete(BOX).where(BOX.c.id == box.id))
    return str(box.id)


def _locked(session: Session, address: BoxAddress) -> Row[Any] | None:
    which = {
        "kind": address.kind,
        "subject": address.subject,
        "edition": address.edition,
        "pool": address.pool,
    }
    return session.connection().execute(_AT.with_for_update(), which).first()
