"""Put envelopes into a box and take them out: all that a web process may do with them.

A web process holds no private key, so it cannot read what it put in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.models import BallotBox, Envelope, Refusal
from kopkrakers.ballots.sealing import PADDED, seal
from kopkrakers.base.db import Rows, in_parts, insert_once, table
from kopkrakers.base.errors import NotNow
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import sign, verify_mac

BOX = table(BallotBox)
ENVELOPE = table(Envelope)
REFUSAL = table(Refusal)
GEMEENTE = "gemeente"
"""Kind of the box in which the daily answers of one gemeente wait."""
NATIONAL = "land"
"""Kind of the national box, for answers that their own gemeente could not count."""
LEADING = "leiding"
"""Kind of the national box of whoever answers from the chair of a leidinggevende."""
ATTRIBUTE = "attribute"
"""Kind of a box of loose attributes."""
SHIFT = "shift"
"""Kind of a national box of pairs: the option before and the option after a session."""
SESSION = "room"
"""Kind of a live session's box: opened in place (`counter.sessions.boxes`), not in bundles."""

AT_ADDRESS = and_(
    BOX.c.kind == bindparam("kind"),
    BOX.c.subject == bindparam("subject"),
    BOX.c.edition == bindparam("edition"),
    BOX.c.pool == bindparam("pool"),
)
"""The condition for the box at an address; its parameters are `BoxAddress.columns()`."""
# FOR KEY SHARE: many can vote at once, and the counter waits with deleting the row. SQLite has one
# writer at a time and needs no lock.
_BOX_TO_SEAL_TO = select(BOX).where(AT_ADDRESS).with_for_update(read=True, key_share=True)
TAKE_OUT = delete(ENVELOPE).where(
    ENVELOPE.c.voter == bindparam("voter_"),
    ENVELOPE.c.subject == bindparam("subject_"),
    ENVELOPE.c.edition == bindparam("edition_"),
)
"""Delete the envelope of one voter on one subject and edition."""
NO_BOX = (
    "Stemmen kan nu even niet. Je antwoord is niet bewaard. Probeer het over een kwartier nog eens."
)


@dataclass(frozen=True, order=True)
class BoxAddress:
    """The identity of a box: its counting rule, the subject voted on, and the pool of voters."""

    kind: str
    subject: str
    edition: int
    pool: str

    def columns(self) -> dict[str, Any]:
        """Return the address as the columns of a row, or as the parameters of `AT_ADDRESS`."""
        return {
            "kind": self.kind,
            "subject": self.subject,
            "edition": self.edition,
            "pool": self.pool,
        }


def address_of(box: Row[Any]) -> BoxAddress:
    """Return the address in a box row."""
    return BoxAddress(box.kind, box.subject, box.edition, box.pool)


def sign_box(keys: Keys, box_id: str, address: BoxAddress, public_key: bytes) -> bytes:
    """Return the MAC of a box row."""
    return sign(keys, *_box_fields(box_id, address, public_key))


# D-1
def verify_box(keys: Keys, box: Row[Any]) -> bool:
    """Whether a box row is as the counter wrote it.

    Stops someone who can write to the database from replacing the public key by one of their own,
    and so reading every later vote, and from counting a box under another pool or subject.
    """
    return verify_mac(keys, box.mac, *_box_fields(box.id, address_of(box), box.public_key))


def sign_envelope(keys: Keys, row: dict[str, Any]) -> bytes:
    """Return the MAC of an envelope's columns."""
    return sign(keys, *_envelope_fields(row))


def verify_envelope(keys: Keys, row: Row[Any]) -> bool:
    """Whether an envelope row is as it was signed.

    Stops an envelope from being moved to another box or voter, altered, or forged. Otherwise an
    attacker could place one victim among votes of their own making and read the victim's by
    subtraction from the totals.
    """
    return verify_mac(keys, row.mac, *_envelope_fields(row._asdict()))


def put_in_box(
    session: Rows,
    address: BoxAddress,
    *,
    voter: str,
    codes: str,
    keys: Keys,
    edition: int | None = None,
    padded: int = PADDED,
) -> bool:
    """Seal a vote and put it in its box. Return False when this voter has an envelope already.

    `edition`: the envelope's, where one box has several votes of a voter (the rounds of a
    session); else the box's. `padded`: the length in bytes of every vote in this box.

    The same statements run whatever was chosen, so that neither timing nor a log of statements
    tells options apart.
    Raises: NotNow when there is no box, or one that fails its MAC.
    """
    box = _box_to_seal_to(session, address, keys)
    # `nights` and `lived` are all that tells of its age: a moment or a count of looks would be a
    # clock that says when somebody answered (D-2)
    row = {
        "voter": voter,
        "subject": address.subject,
        "edition": address.edition if edition is None else edition,
        "box_id": box.id,
        "lived": False,
        "nights": 0,
        "tried": False,
        "sealed": seal(box.public_key, codes, padded=padded),
    }
    row["mac"] = sign_envelope(keys, row)
    # the primary key, not a question asked beforehand, refuses a second vote
    return insert_once(session, ENVELOPE, row)


def take_out(session: Session, voters: Sequence[str]) -> list[str]:
    """Delete the waiting envelopes of these voters, unopened. Return those who had one."""
    waited: list[str] = []
    for part in in_parts(voters):
        statement = delete(ENVELOPE).where(ENVELOPE.c.voter.in_(part)).returning(ENVELOPE.c.voter)
        waited += session.execute(statement).scalars()
    return waited


def refusals(session: Session) -> int:
    """Return the number of envelopes refused because they were moved, altered or forged."""
    total = select(func.coalesce(func.sum(REFUSAL.c.n), 0))
    return int(session.execute(total).scalar_one())


def _box_to_seal_to(session: Rows, address: BoxAddress, keys: Keys) -> Row[Any]:
    """Return the box at an address, locked against being emptied until the transaction ends.

    PostgreSQL waits here while the counter empties the box, and then finds the row deleted. The
    counter put a new box in its place in the same transaction, so a second read finds that one.
    """
    box = session.connection().execute(_BOX_TO_SEAL_TO, address.columns()).first()
    if box is None:
        box = session.connection().execute(_BOX_TO_SEAL_TO, address.columns()).first()
    if box is None or not verify_box(keys, box):
        raise NotNow(NO_BOX)
    return box


def _box_fields(
    box_id: str, address: BoxAddress, public_key: bytes
) -> tuple[str | int | bytes, ...]:
    # the first field tells the kinds of rows apart: no MAC of one can pass for one of another
    return ("box", box_id, address.kind, address.subject, address.edition, address.pool, public_key)


def _envelope_fields(row: dict[str, Any]) -> tuple[str | int | bool | bytes, ...]:
    return (
        "envelope",
        row["voter"],
        row["subject"],
        row["edition"],
        row["box_id"],
        int(row["lived"]),
        row["nights"],
        int(row["tried"]),
        row["sealed"],
    )
