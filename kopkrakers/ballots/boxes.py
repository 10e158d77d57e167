"""The side of the box where envelopes go in: what a web process may do. It holds no private key."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.models import BallotBox, Envelope, Refusal
from kopkrakers.ballots.sealing import PADDED, MacKeys, seal, sign, verify
from kopkrakers.base.db import changed, insert_once, table
from kopkrakers.base.errors import NotNow

BOX = table(BallotBox)
ENVELOPE = table(Envelope)
REFUSAL = table(Refusal)
GEMEENTE = "gemeente"
"""Kind of the box in which the daily answers of one gemeente wait."""
NATIONAL = "land"
"""Kind of the national box, for answers that their own gemeente could not count."""
ATTRIBUTE = "attribute"
"""Kind of a box of loose attributes."""
SHIFT = "shift"
"""Kind of a national box of pairs: the option before and the option after a session."""
SESSION = "room"
"""Kind of a live session's box: never counted in bundles, opened in place at closing (`counter.rooms`)."""

_FIND_BOX = (
    select(BOX)
    .where(
        BOX.c.kind == bindparam("kind"),
        BOX.c.subject == bindparam("subject"),
        BOX.c.edition == bindparam("edition"),
        BOX.c.pool == bindparam("pool"),
    )
    .with_for_update(read=True, key_share=True)
)
TAKE_OUT = delete(ENVELOPE).where(
    ENVELOPE.c.voter == bindparam("voter_"),
    ENVELOPE.c.subject == bindparam("subject_"),
    ENVELOPE.c.edition == bindparam("edition_"),
)
"""Delete one envelope, named by voter, subject and edition."""


@dataclass(frozen=True, order=True)
class BoxAddress:
    """Which box: the counting rule, what is voted on, and who votes."""

    kind: str
    subject: str
    edition: int
    pool: str


def address_of(box: Row[Any]) -> BoxAddress:
    """The address of a box row."""
    return BoxAddress(box.kind, box.subject, box.edition, box.pool)


def sign_box(keys: MacKeys, box_id: str, address: BoxAddress, public_key: bytes) -> bytes:
    """The mac of a box row."""
    return sign(keys, *_box_fields(box_id, address, public_key))


def verify_box(keys: MacKeys, box: Row[Any]) -> bool:
    """Whether a box row is as the counter made it: nobody put another key in it, or another pool on it."""
    return verify(keys, box.mac, *_box_fields(box.id, address_of(box), box.public_key))


def sign_envelope(keys: MacKeys, row: dict[str, Any]) -> bytes:
    """The mac of an envelope's columns."""
    return sign(keys, *_envelope_fields(row))


def verify_envelope(keys: MacKeys, row: Row[Any]) -> bool:
    """Whether an envelope is as it was marked: not moved, altered or forged."""
    return verify(keys, row.mac, *_envelope_fields(row._asdict()))


def put_in_box(
    session: Session,
    address: BoxAddress,
    *,
    voter: str,
    codes: str,
    keys: MacKeys,
    edition: int | None = None,
    padded: int = PADDED,
) -> bool:
    """Seal a vote and put it in its box; False when this voter's envelope is in already.

    `edition`: of the envelope, where one box holds more than one vote of a voter. `padded`: bytes of every vote.

    The box is locked against being emptied until the transaction ends. If the counter emptied it just
    now, the second look finds the fresh one. The statements are the same whatever was chosen.
    Raises: NotNow when there is no box to trust.
    """
    wanted = {
        "kind": address.kind,
        "subject": address.subject,
        "edition": address.edition,
        "pool": address.pool,
    }
    connection = session.connection()
    box = (
        connection.execute(_FIND_BOX, wanted).first()
        or connection.execute(_FIND_BOX, wanted).first()
    )
    if box is None or not verify_box(keys, box):
        raise NotNow(
            "Stemmen kan nu even niet. Je antwoord is niet bewaard. Probeer het over een kwartier nog eens."
        )
    which = address.edition if edition is None else edition
    row = {"voter": voter, "subject": address.subject, "edition": which, "box_id": box.id}
    row |= {
        "lived": False,
        "nights": 0,
        "tried": False,
        "sealed": seal(box.public_key, codes, padded=padded),
    }
    return insert_once(session, ENVELOPE, row | {"mac": sign_envelope(keys, row)})


def take_out(session: Session, *, voter: str, subject: str, edition: int) -> bool:
    """Delete a waiting envelope unopened; False when there is none (any more)."""
    which = {"voter_": voter, "subject_": subject, "edition_": edition}
    return changed(session.connection().execute(TAKE_OUT, which)) == 1


def take_out_all(session: Session, voter: str) -> list[tuple[str, int]]:
    """Delete every waiting envelope of a voter; gives (subject, edition) of each."""
    gone = (
        delete(ENVELOPE)
        .where(ENVELOPE.c.voter == voter)
        .returning(ENVELOPE.c.subject, ENVELOPE.c.edition)
    )
    return [(row.subject, row.edition) for row in session.connection().execute(gone)]


def refusals(session: Session) -> int:
    """How many envelopes were refused because they were moved, altered or forged."""
    return int(
        session.connection().execute(select(func.coalesce(func.sum(REFUSAL.c.n), 0))).scalar_one()
    )


def _box_fields(
    box_id: str, address: BoxAddress, public_key: bytes
) -> tuple[str | int | bytes, ...]:
    return ("box", box_id, address.kind, address.subject, address.edition, address.pool, public_key)


def _envelope_fields(row: dict[str, Any]) -> tuple[str | int | bool | bytes, ...]:
    who = (row["voter"], row["subject"], row["edition"], row["box_id"])
    return ("envelope", *who, int(row["lived"]), row["nights"], int(row["tried"]), row["sealed"])
