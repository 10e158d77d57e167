"""Loose attributes: an option with one value each, waiting under random ids in their own boxes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.boxes import address_of
from kopkrakers.ballots.models import AttributeEnvelope
from kopkrakers.ballots.sealing import own_sealer
from kopkrakers.base.db import new_id, table
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import sign, verify_mac
from kopkrakers.counter.opening import (
    Bundle,
    CountingRule,
    OpenedVote,
    count_refusals,
    shuffled,
    unseal_rows,
)

ATTRIBUTE_ENVELOPE = table(AttributeEnvelope)
_WAITING = select(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.box_id == bindparam("box_id"))
_UNTRIED = (
    select(func.count())
    .select_from(ATTRIBUTE_ENVELOPE)
    .where(ATTRIBUTE_ENVELOPE.c.box_id == bindparam("box_id"), ~ATTRIBUTE_ENVELOPE.c.tried)
)


class OwnBox(NamedTuple):
    """A box of loose attributes, and how the counter seals codes for it."""

    id: str
    seal: Callable[[str], bytes]

    @classmethod
    def of(cls, box_id: str, private: bytes) -> Self:
        """Return a box with this private key (32 bytes)."""
        return cls(box_id, own_sealer(private))


def split_attributes(
    session: Session, bundle: Bundle, boxes: Mapping[str, OwnBox], *, keys: Keys
) -> None:
    """Put every attribute of a bundle into the box of its kind, each under a random id.

    `boxes`: the box per attribute; an attribute without a box is dropped. The rows are written in
    the order of their random ids, so that neighbours in the table or in the log do not come from
    one answer.
    """
    rows: list[dict[str, Any]] = []
    for attribute, codes in shuffled(bundle.attributes):
        box = boxes.get(attribute)
        if box is None:
            continue
        rows.append(_new_row(box, codes, tried=False))
    _insert(session, rows, keys=keys)


def untried_in(session: Session, box_id: str) -> int:
    """Return the number of rows in a box that say they were never tried, verified or not.

    Those that hold are no more than these, so where these are too few nothing need be verified.
    """
    return int(session.execute(_UNTRIED, {"box_id": box_id}).scalar_one())


def verified_attributes(session: Session, box: Row[Any], *, keys: Keys) -> list[Row[Any]]:
    """Return the attributes of a box that are as they were put in; refuse and delete the others."""
    verified: list[Row[Any]] = []
    refused: list[Row[Any]] = []
    for row in session.execute(_WAITING, {"box_id": box.id}):
        if verify_attribute(keys, row):
            verified.append(row)
        else:
            refused.append(row)
    _refuse(session, box, refused)
    return verified


def open_attributes(
    session: Session, box: Row[Any], rows: Iterable[Row[Any]], *, rule: CountingRule, private: bytes
) -> list[OpenedVote]:
    """Unseal verified attributes; refuse and delete those without a valid option and value."""
    votes, refused = unseal_rows(session, box, rows, rule=rule, private=private)
    _refuse(session, box, refused)
    return votes


def put_back_attributes(
    session: Session,
    votes: Sequence[OpenedVote],
    *,
    into: OwnBox,
    keys: Keys,
    **columns: bool,
) -> None:
    """Seal attributes of a box that was just deleted for the box that replaces it.

    Each gets a new random id, so that neither ids nor bytes tell which row it was before.
    """
    rows = []
    for vote in votes:
        row = _new_row(into, vote.codes, tried=vote.row.tried) | columns
        rows.append(row)
    _insert(session, rows, keys=keys)


# D-6
def sign_attribute(keys: Keys, row: Mapping[str, Any]) -> bytes:
    """Return the MAC of an attribute envelope's columns."""
    fields = _attribute_fields(row["id"], row["box_id"], row["sealed"], tried=row["tried"])
    return sign(keys, *fields)


def verify_attribute(keys: Keys, row: Row[Any]) -> bool:
    """Whether an attribute envelope is as it was signed: not moved, altered or forged."""
    fields = _attribute_fields(row.id, row.box_id, row.sealed, tried=row.tried)
    return verify_mac(keys, row.mac, *fields)


def _attribute_fields(
    row_id: str, box_id: str, sealed: bytes, *, tried: bool
) -> tuple[str | int | bytes, ...]:
    return ("attribute", row_id, box_id, int(tried), sealed)


def _new_row(box: OwnBox, codes: str, *, tried: bool) -> dict[str, Any]:
    return {"id": new_id(), "box_id": box.id, "tried": tried, "sealed": box.seal(codes)}


def _insert(session: Session, rows: list[dict[str, Any]], *, keys: Keys) -> None:
    """Sign and insert attributes in the order of their random ids."""
    for row in rows:
        row["mac"] = sign_attribute(keys, row)
    rows.sort(key=lambda row: str(row["id"]))
    if rows:
        session.execute(insert(ATTRIBUTE_ENVELOPE), rows)


def _refuse(session: Session, box: Row[Any], rows: Sequence[Row[Any]]) -> None:
    """Delete attributes that cannot be trusted or opened, and add their number to the refusals."""
    if not rows:
        return
    ids = [row.id for row in rows]
    session.execute(delete(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.id.in_(ids)))
    count_refusals(session, address_of(box), len(ids))
