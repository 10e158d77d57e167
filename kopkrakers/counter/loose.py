"""Loose attributes: an option with one value each, waiting under random ids in boxes of their own."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.boxes import address_of
from kopkrakers.ballots.models import AttributeEnvelope
from kopkrakers.ballots.sealing import MacKeys, seal, sign, verify
from kopkrakers.base.db import new_id, table
from kopkrakers.counter.opening import Bundle, CountingRule, count_refusals, read_votes, shuffled

ATTRIBUTE_ENVELOPE = table(AttributeEnvelope)
_WAITING = select(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.box_id == bindparam("box_id"))
_TRIED = (
    update(ATTRIBUTE_ENVELOPE)
    .where(ATTRIBUTE_ENVELOPE.c.id == bindparam("id_"))
    .values(tried=True, mac=bindparam("mac"))
)


def split_attributes(
    session: Session, bundle: Bundle, boxes: dict[str, Row[Any]], *, keys: MacKeys
) -> None:
    """Put every loose attribute in its own box under a random id, in an order that joins no two of one person."""
    rows = []
    for attribute, codes in shuffled(bundle.attributes):
        box = boxes.get(attribute)
        if box is None:
            continue
        row = {
            "id": new_id(),
            "box_id": box.id,
            "tried": False,
            "sealed": seal(box.public_key, codes),
        }
        rows.append(row | {"mac": sign_attribute(keys, row)})
    if rows:
        session.connection().execute(
            insert(ATTRIBUTE_ENVELOPE), sorted(rows, key=lambda row: str(row["id"]))
        )


def untouched_attributes(session: Session, box: Row[Any], *, keys: MacKeys) -> list[Row[Any]]:
    """The loose attributes of a box that are as they were put in, unopened; others are refused and deleted."""
    untouched: list[Row[Any]] = []
    forged: list[Row[Any]] = []
    for row in session.connection().execute(_WAITING, {"box_id": box.id}):
        (untouched if verify_attribute(keys, row) else forged).append(row)
    _refuse(session, box, forged)
    return untouched


def open_attributes(
    session: Session, box: Row[Any], rows: Iterable[Row[Any]], *, rule: CountingRule, private: bytes
) -> list[tuple[Row[Any], str]]:
    """Untouched attributes with their codes; what holds no option and value is refused and deleted."""
    honest, refused = read_votes(session, box, rows, rule=rule, private=private)
    _refuse(session, box, refused)
    return honest


def mark_attributes_tried(session: Session, rows: Iterable[Row[Any]], *, keys: MacKeys) -> None:
    """Remember that these attributes were in a group too much alike."""
    renewed = [row._asdict() | {"tried": True} for row in rows]
    if renewed:
        marks = [{"id_": row["id"], "mac": sign_attribute(keys, row)} for row in renewed]
        session.connection().execute(_TRIED, marks)


def sign_attribute(keys: MacKeys, row: dict[str, Any]) -> bytes:
    """The mac of an attribute envelope's columns."""
    return sign(keys, *_attribute_fields(row))


def verify_attribute(keys: MacKeys, row: Row[Any]) -> bool:
    """Whether an attribute envelope is as it was marked."""
    return verify(keys, row.mac, *_attribute_fields(row._asdict()))


def _attribute_fields(row: dict[str, Any]) -> tuple[str | int | bytes, ...]:
    return ("attribute", row["id"], row["box_id"], int(row["tried"]), row["sealed"])


def _refuse(session: Session, box: Row[Any], rows: Sequence[Row[Any]]) -> None:
    if rows:
        named = [row.id for row in rows]
        session.connection().execute(
            delete(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.id.in_(named))
        )
        count_refusals(session, address_of(box), len(named))
