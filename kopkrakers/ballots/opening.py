"""Opening one box: sort out what is honest, try the rule, bundle, re-seal what must wait. Keys are arguments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
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
    TAKE_OUT,
    BoxAddress,
    address_of,
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
        """Say of these turns that they were not counted, where no envelope of theirs waits any more.

        The voters may be anything: someone may have made them up.
        """


def shuffled(things: Iterable[Thing]) -> list[Thing]:
    """The same things in an order that says nothing."""
    mixed = list(things)
    SystemRandom().shuffle(mixed)
    return mixed


def lock_box(session: Session, box_id: str) -> Row[Any] | None:
    """The box, closed to envelopes on their way until this transaction ends."""
    return session.connection().execute(select(BOX).where(BOX.c.id == box_id).with_for_update()).first()


def waiting_in(session: Session, box_id: str) -> Sequence[Row[Any]]:
    """The envelopes that wait in a box. They are locked: from here on none can be taken back unseen."""
    which = select(ENVELOPE).where(ENVELOPE.c.box_id == box_id).with_for_update()
    return session.connection().execute(which).all()


def honest_envelopes(
    session: Session, box: Row[Any], *, rule: CountingRule, private: bytes, keys: MacKeys
) -> list[tuple[Row[Any], str]]:
    """The envelopes of a box that are as they were put in, with their codes; the others are refused and deleted.

    The box itself was held against its mac before.
    """
    address = address_of(box)
    rows = waiting_in(session, box.id)
    turns = rule.still_in(session, address, [row.voter for row in rows])
    honest, refused = [], []
    for row in rows:
        codes = _open(private, row.sealed) if row.voter in turns and envelope_holds(keys, row) else None
        if codes is not None and rule.valid(session, address, codes):
            honest.append((row, codes))
        else:
            refused.append(row)
    refuse(session, address, refused, rule=rule)
    return honest


def refuse(session: Session, address: BoxAddress, rows: Sequence[Row[Any]], *, rule: CountingRule) -> None:
    """Delete exactly these envelopes that cannot be trusted or opened, count how many, and tell their turns.

    An envelope that was moved names its own turn, one whose name was altered leaves the box's: both hear it.
    """
    if not rows:
        return
    named = [{"voter_": row.voter, "subject_": row.subject, "edition_": row.edition} for row in rows]
    session.connection().execute(TAKE_OUT, named)
    count_refusals(session, address, len(rows))
    turns: dict[BoxAddress, list[str]] = defaultdict(list)
    for row in rows:
        for turn in {address, replace(address, subject=row.subject, edition=row.edition)}:
            turns[turn].append(row.voter)
    for turn, voters in turns.items():
        rule.not_counted(session, turn, voters)


def count_refusals(session: Session, address: BoxAddress, how_many: int) -> None:
    """Remember that envelopes of this box were refused; never whose."""
    row = {"kind": address.kind, "subject": address.subject, "edition": address.edition, "pool": address.pool}
    session.connection().execute(_more_refusals(session), row | {"n": how_many})


def may_be_tried(rows: Iterable[Row[Any]], rule: CountingRule) -> bool:
    """The one rule: whether enough of what waits was never tried."""
    return may_try(sum(not row.tried for row in rows), rule.threshold)


def try_bundle(
    session: Session, address: BoxAddress, ripe: Iterable[tuple[Row[Any], str]], *, rule: CountingRule
) -> Bundle | None:
    """A bundle of all these votes, added to the totals, or None when they are too much alike."""
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
    session: Session,
    envelopes: Sequence[tuple[Row[Any], str]],
    *,
    into: SealTarget,
    keys: MacKeys,
    **columns: bool | int,
) -> None:
    """Seal envelopes of a box that was just emptied for the box that follows, with other columns."""
    rows = []
    for row, codes in shuffled(envelopes):
        fresh = row._asdict() | columns | {"box_id": into.id, "sealed": seal(into.public_key, codes)}
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
    session: Session, box: Row[Any], *, rule: CountingRule, private: bytes, keys: MacKeys
) -> list[tuple[Row[Any], str]]:
    """The loose attributes of a box that are as they were put in, with their codes; others are refused."""
    which = select(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.box_id == box.id)
    honest, forged = [], []
    for row in session.connection().execute(which).all():
        codes = _open(private, row.sealed) if attribute_holds(keys, row) else None
        if codes is not None and rule.valid(session, address_of(box), codes):
            honest.append((row, codes))
        else:
            forged.append(row.id)
    if forged:
        session.connection().execute(delete(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.id.in_(forged)))
        count_refusals(session, address_of(box), len(forged))
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


def attribute_holds(keys: MacKeys, row: Row[Any]) -> bool:
    """Whether an attribute envelope is as it was marked."""
    return mark_holds(keys, row.mac, *_attribute_fields(row._asdict()))


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
