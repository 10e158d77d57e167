"""Loose attributes: an option with one value each, waiting in piles in boxes of their own."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from sqlalchemy import bindparam, case, delete, func, insert, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.boxes import address_of
from kopkrakers.ballots.models import AttributeEnvelope
from kopkrakers.ballots.sealing import LOOSE_LENGTH, PILE_OVERHEAD, pile_opener, pile_sealer
from kopkrakers.base.db import new_id, table
from kopkrakers.base.keys import Keys
from kopkrakers.base.macs import sign, verify_mac
from kopkrakers.counter.opening import Bundle, CountingRule, count_refusals

ATTRIBUTE_ENVELOPE = table(AttributeEnvelope)
_WAITING = select(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.box_id == bindparam("box_id"))
_LENGTH = func.length(ATTRIBUTE_ENVELOPE.c.sealed) - PILE_OVERHEAD
UNTRIED = func.sum(case((ATTRIBUTE_ENVELOPE.c.tried, 0), else_=_LENGTH // LOOSE_LENGTH))
"""The number of loose attributes that were never tried, by the length of the piles.

Those that hold are no more than these, so where these are too few nothing need be opened.
"""


class PileBox(NamedTuple):
    """A box of loose attributes, and how the counter seals a pile for it."""

    id: str
    seal: Callable[[Iterable[str]], bytes]

    @classmethod
    def of(cls, box_id: str, private: bytes) -> Self:
        """Return a box with this private key (32 bytes)."""
        return cls(box_id, pile_sealer(private))


@dataclass(frozen=True)
class Loose:
    """The codes of loose attributes. `tried`: those of a bundle that was too much alike."""

    untried: Sequence[str] = ()
    tried: Sequence[str] = ()


def split_attributes(
    session: Session, bundle: Bundle, boxes: Mapping[str, PileBox], *, keys: Keys
) -> None:
    """Put the attributes of a bundle into the boxes of their kinds, a pile in each.

    `boxes`: the box per attribute; an attribute without a box is dropped.
    """
    # a pile holds how often each code occurs: from here on nothing says whose they were
    codes_of: dict[str, list[str]] = defaultdict(list)
    for attribute, one in bundle.attributes:
        codes_of[attribute].append(one)
    rows = []
    for attribute, codes in codes_of.items():
        if attribute in boxes:
            rows.append(_pile(boxes[attribute], codes, tried=False))
    _insert(session, rows, keys=keys)


def open_piles(
    session: Session, box: Row[Any], *, rule: CountingRule, keys: Keys, private: bytes
) -> Loose:
    """Return what lies in a box. Refuse and delete piles that were altered, moved or forged."""
    address, unseal = address_of(box), pile_opener(private)
    codes_by_tried: dict[bool, list[str]] = {False: [], True: []}
    refused: list[Row[Any]] = []
    for row in session.execute(_WAITING, {"box_id": box.id}):
        codes = unseal(row.sealed) if verify_attribute(keys, row) else None
        # of a hundred codes few differ, and each kind is looked at once
        if codes and all(rule.valid(session, address, one) for one in set(codes)):
            codes_by_tried[row.tried] += codes
        else:
            refused.append(row)
    _refuse(session, box, refused)
    return Loose(codes_by_tried[False], codes_by_tried[True])


# D-95
def put_back_attributes(session: Session, loose: Loose, *, into: PileBox, keys: Keys) -> None:
    """Seal attributes of a box that was just deleted for the box that replaces it, as one pile.

    Those that were tried are a pile of their own. Ids and bytes are new.
    """
    piles = []
    if loose.untried:
        piles.append(_pile(into, loose.untried, tried=False))
    if loose.tried:
        piles.append(_pile(into, loose.tried, tried=True))
    _insert(session, piles, keys=keys)


# D-6
def sign_attribute(keys: Keys, row: Mapping[str, Any]) -> bytes:
    """Return the MAC of a pile's columns."""
    fields = _attribute_fields(row["id"], row["box_id"], row["sealed"], tried=row["tried"])
    return sign(keys, *fields)


def verify_attribute(keys: Keys, row: Row[Any]) -> bool:
    """Whether a pile is as it was signed: not moved, altered or forged."""
    fields = _attribute_fields(row.id, row.box_id, row.sealed, tried=row.tried)
    return verify_mac(keys, row.mac, *fields)


def _attribute_fields(
    row_id: str, box_id: str, sealed: bytes, *, tried: bool
) -> tuple[str | int | bytes, ...]:
    return ("attribute", row_id, box_id, int(tried), sealed)


def _pile(box: PileBox, codes: Iterable[str], *, tried: bool) -> dict[str, Any]:
    return {"id": new_id(), "box_id": box.id, "tried": tried, "sealed": box.seal(codes)}


def _insert(session: Session, rows: list[dict[str, Any]], *, keys: Keys) -> None:
    for row in rows:
        row["mac"] = sign_attribute(keys, row)
    if rows:
        session.execute(insert(ATTRIBUTE_ENVELOPE), rows)


def _refuse(session: Session, box: Row[Any], rows: Sequence[Row[Any]]) -> None:
    """Delete piles that cannot be trusted or opened, and add their number to the refusals."""
    if not rows:
        return
    ids = [row.id for row in rows]
    session.execute(delete(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.id.in_(ids)))
    count_refusals(session, address_of(box), len(ids))
