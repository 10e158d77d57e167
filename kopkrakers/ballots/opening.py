"""Opening one box: sort out what is honest, try the rule, bundle, re-seal what must wait. Keys are arguments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import SystemRandom
from secrets import token_hex
from typing import Any, Protocol, TypeVar

from nacl.exceptions import CryptoError
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.boxes import (
    BOX,
    ENVELOPE,
    REFUSAL,
    BoxAddress,
    address_of,
    box_holds,
    envelope_holds,
    mark_envelope,
)
from kopkrakers.ballots.models import ID_SIGNS, AttributeEnvelope
from kopkrakers.ballots.sealing import MacKeys, mark, mark_holds, seal, unseal
from kopkrakers.privacy.bundles import may_try

ATTRIBUTE_ENVELOPE = AttributeEnvelope.__table__  # type: ignore[attr-defined]
Thing = TypeVar("Thing")

_RENEW = (
    update(ENVELOPE)
    .where(
        ENVELOPE.c.voter == bindparam("voter_"),
        ENVELOPE.c.subject == bindparam("subject_"),
        ENVELOPE.c.edition == bindparam("edition_"),
    )
    .values({name: bindparam(name) for name in ("box_id", "lived", "nights", "tried", "sealed", "mac")})
)


@dataclass(frozen=True)
class Bundle:
    """What a group becomes: totals as (scope, option, people) in fixed order, and loose attributes as
    (attribute, codes) to wait in boxes of their own."""

    totals: tuple[tuple[str, str, int], ...]
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SealTarget:
    """A box to seal votes to: its id and public key (32 bytes)."""

    id: str
    public_key: bytes


class CountingRule(Protocol):
    """How one kind of box is counted; the owner of the votes hands it to the counter."""

    @property
    def threshold(self) -> int:
        """Untried envelopes that must wait before all that wait are tried."""

    def valid(self, session: Session, address: BoxAddress, codes: str) -> bool:
        """Whether these codes are a vote in this box."""

    def still_in(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> set[str]:
        """Which of these voters have a turn that is in the box."""

    def bundle(self, session: Session, address: BoxAddress, votes: Sequence[str]) -> Bundle | None:
        """The group's totals, or None when it is too much alike."""

    def write(self, session: Session, address: BoxAddress, bundle: Bundle) -> None:
        """Add a bundle to the totals, every option, in fixed order."""

    def not_counted(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
        """Say of these turns that they were not counted."""


def shuffled(things: Iterable[Thing]) -> list[Thing]:
    """The same things in an order that says nothing."""
    mixed = list(things)
    SystemRandom().shuffle(mixed)
    return mixed


def lock_box(session: Session, box_id: str) -> Row[Any] | None:
    """The box, closed to envelopes on their way until this transaction ends."""
    return session.connection().execute(select(BOX).where(BOX.c.id == box_id).with_for_update()).first()


def waiting_in(session: Session, box_id: str) -> Sequence[Row[Any]]:
    """The envelopes that wait in a box."""
    return session.connection().execute(select(ENVELOPE).where(ENVELOPE.c.box_id == box_id)).all()


def honest_envelopes(
    session: Session, box: Row[Any], *, rule: CountingRule, private: bytes, keys: MacKeys
) -> list[tuple[Row[Any], str]]:
    """The envelopes of a box that are as they were put in, with their codes; the others are refused and deleted."""
    address = address_of(box)
    rows = waiting_in(session, box.id)
    turns = rule.still_in(session, address, [row.voter for row in rows])
    honest, refused = [], []
    for row in rows:
        codes = _open(private, row.sealed) if row.voter in turns and envelope_holds(keys, row) else None
        if codes is not None and box_holds(keys, box) and rule.valid(session, address, codes):
            honest.append((row, codes))
        else:
            refused.append(row.voter)
    refuse(session, address, refused, rule=rule)
    return honest


def refuse(session: Session, address: BoxAddress, voters: Sequence[str], *, rule: CountingRule) -> None:
    """Delete envelopes that cannot be trusted or opened, count how many, and tell their turns."""
    if not voters:
        return
    gone = delete(ENVELOPE).where(
        ENVELOPE.c.voter.in_(voters), ENVELOPE.c.subject == address.subject, ENVELOPE.c.edition == address.edition
    )
    session.connection().execute(gone)
    row = {"kind": address.kind, "subject": address.subject, "edition": address.edition, "pool": address.pool}
    session.connection().execute(_more_refusals(session), row | {"n": len(voters)})
    rule.not_counted(session, address, voters)


def try_bundle(
    session: Session, address: BoxAddress, ripe: Sequence[tuple[Row[Any], str]], *, rule: CountingRule
) -> Bundle | None:
    """A bundle of all ripe envelopes when the one rule lets them be tried and they are safe, else None."""
    if not may_try(sum(not row.tried for row, _ in ripe), rule.threshold):
        return None
    bundle = rule.bundle(session, address, shuffled(codes for _, codes in ripe))
    if bundle is not None:
        rule.write(session, address, bundle)
    return bundle


def renew(
    session: Session,
    envelopes: Iterable[tuple[Row[Any], str]],
    *,
    keys: MacKeys,
    into: Row[Any] | SealTarget | None = None,
    **columns: bool | int,
) -> None:
    """Write envelopes anew with other columns; `into` another box they are sealed again for it."""
    renewed = []
    for row, codes in envelopes:
        fresh = row._asdict() | columns
        if into is not None:
            fresh |= {"box_id": into.id, "sealed": seal(into.public_key, codes)}
        fresh["mac"] = mark_envelope(keys, fresh)
        named = {name: fresh[name] for name in ("box_id", "lived", "nights", "tried", "sealed", "mac")}
        renewed.append(named | {name + "_": fresh[name] for name in ("voter", "subject", "edition")})
    if renewed:
        session.connection().execute(_RENEW, shuffled(renewed))


def put_back(
    session: Session, envelopes: Sequence[tuple[Row[Any], str]], *, into: SealTarget, keys: MacKeys
) -> None:
    """Seal envelopes that were too young to be counted for the box that follows; they have now lived a tick."""
    rows = []
    for row, codes in shuffled(envelopes):
        fresh = row._asdict() | {"box_id": into.id, "lived": True, "sealed": seal(into.public_key, codes)}
        rows.append(fresh | {"mac": mark_envelope(keys, fresh)})
    if rows:
        session.connection().execute(insert(ENVELOPE), rows)


def split_attributes(session: Session, bundle: Bundle, boxes: dict[str, Row[Any]], *, keys: MacKeys) -> None:
    """Put every loose attribute in its own box under a random id, in an order that joins no two of one person."""
    rows = []
    for attribute, codes in shuffled(bundle.attributes):
        box = boxes.get(attribute)
        if box is None:
            continue
        row = {
            "id": token_hex(ID_SIGNS // 2),
            "box_id": box.id,
            "tried": False,
            "sealed": seal(box.public_key, codes),
        }
        rows.append(row | {"mac": mark_attribute(keys, row)})
    if rows:
        session.connection().execute(insert(ATTRIBUTE_ENVELOPE), sorted(rows, key=lambda row: str(row["id"])))


def honest_attributes(
    session: Session, box: Row[Any], *, private: bytes, keys: MacKeys
) -> list[tuple[Row[Any], str]]:
    """The loose attributes of a box that are as they were put in, with their codes; others are deleted."""
    rows = (
        session.connection().execute(select(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.box_id == box.id)).all()
    )
    honest, forged = [], []
    for row in rows:
        codes = _open(private, row.sealed) if mark_holds(keys, row.mac, *_attribute_fields(row._asdict())) else None
        if codes is None:
            forged.append(row.id)
        else:
            honest.append((row, codes))
    if forged:
        session.connection().execute(delete(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.id.in_(forged)))
    return honest


def mark_attributes_tried(session: Session, rows: Iterable[Row[Any]], *, keys: MacKeys) -> None:
    """Remember that these attributes were in a group too much alike."""
    change = (
        update(ATTRIBUTE_ENVELOPE)
        .where(ATTRIBUTE_ENVELOPE.c.id == bindparam("id_"))
        .values(tried=True, mac=bindparam("mac"))
    )
    renewed = [row._asdict() | {"tried": True} for row in rows]
    if renewed:
        marks = [{"id_": row["id"], "mac": mark_attribute(keys, row)} for row in renewed]
        session.connection().execute(change, marks)


def mark_attribute(keys: MacKeys, row: dict[str, Any]) -> bytes:
    """The mac of an attribute envelope's columns."""
    return mark(keys, *_attribute_fields(row))


def _attribute_fields(row: dict[str, Any]) -> tuple[str | int | bytes, ...]:
    return ("attribute", row["id"], row["box_id"], int(row["tried"]), row["sealed"])


def _open(private: bytes, sealed: bytes) -> str | None:
    try:
        return unseal(private, sealed)
    except (CryptoError, ValueError):
        return None


def _more_refusals(session: Session) -> Any:
    dialect = sqlite if session.connection().dialect.name == "sqlite" else postgresql
    more = dialect.insert(REFUSAL)
    return more.on_conflict_do_update(
        index_elements=["kind", "subject", "edition", "pool"], set_={"n": REFUSAL.c.n + more.excluded.n}
    )
