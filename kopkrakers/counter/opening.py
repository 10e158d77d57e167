"""Opening one box: sort out what is honest, try the rule, bundle, re-seal what must wait. Keys are arguments."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import SystemRandom
from typing import Any, Protocol, TypeVar

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.boxes import (
    BOX,
    ENVELOPE,
    REFUSAL,
    TAKE_OUT,
    BoxAddress,
    address_of,
    sign_envelope,
    verify_envelope,
)
from kopkrakers.ballots.sealing import MacKeys, opener, seal
from kopkrakers.base.db import add_to
from kopkrakers.privacy.bundles import may_try

Thing = TypeVar("Thing")

_LOCK = select(BOX).where(BOX.c.id == bindparam("id")).with_for_update()
_WAITING = select(ENVELOPE).where(ENVELOPE.c.box_id == bindparam("box_id")).with_for_update()
_RENEW = (
    update(ENVELOPE)
    .where(
        ENVELOPE.c.voter == bindparam("voter_"),
        ENVELOPE.c.subject == bindparam("subject_"),
        ENVELOPE.c.edition == bindparam("edition_"),
    )
    .values(
        {name: bindparam(name) for name in ("box_id", "lived", "nights", "tried", "sealed", "mac")}
    )
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
    return session.connection().execute(_LOCK, {"id": box_id}).first()


def waiting_in(session: Session, box_id: str) -> Sequence[Row[Any]]:
    """The envelopes that wait in a box. They are locked: from here on none can be taken back unseen."""
    return session.connection().execute(_WAITING, {"box_id": box_id}).all()


def untouched_envelopes(
    session: Session, box: Row[Any], *, rule: CountingRule, keys: MacKeys
) -> list[Row[Any]]:
    """The envelopes of a box that are as they were put in, unopened; the others are refused and deleted.

    The box itself was held against its mac before.
    """
    address, rows = address_of(box), waiting_in(session, box.id)
    turns = rule.still_in(session, address, [row.voter for row in rows])
    untouched: list[Row[Any]] = []
    touched: list[Row[Any]] = []
    for row in rows:
        (untouched if row.voter in turns and verify_envelope(keys, row) else touched).append(row)
    refuse(session, address, touched, rule=rule)
    return untouched


def open_envelopes(
    session: Session, box: Row[Any], rows: Iterable[Row[Any]], *, rule: CountingRule, private: bytes
) -> list[tuple[Row[Any], str]]:
    """Untouched envelopes of a box with their codes; what holds no vote is refused and deleted."""
    honest, refused = read_votes(session, box, rows, rule=rule, private=private)
    refuse(session, address_of(box), refused, rule=rule)
    return honest


def read_votes(
    session: Session, box: Row[Any], rows: Iterable[Row[Any]], *, rule: CountingRule, private: bytes
) -> tuple[list[tuple[Row[Any], str]], list[Row[Any]]]:
    """Sealed rows of a box with their codes, and the rows that hold no vote in it."""
    address, codes_in = address_of(box), opener(private)
    votes: list[tuple[Row[Any], str]] = []
    others: list[Row[Any]] = []
    for row in rows:
        codes = codes_in(row.sealed)
        if codes is not None and rule.valid(session, address, codes):
            votes.append((row, codes))
        else:
            others.append(row)
    return votes, others


def refuse(
    session: Session, address: BoxAddress, rows: Sequence[Row[Any]], *, rule: CountingRule
) -> None:
    """Delete exactly these envelopes that cannot be trusted or opened, count how many, and tell their turns.

    An envelope that was moved names its own turn, one whose name was altered leaves the box's: both hear it.
    """
    if not rows:
        return
    named = [
        {"voter_": row.voter, "subject_": row.subject, "edition_": row.edition} for row in rows
    ]
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
    row = {
        "kind": address.kind,
        "subject": address.subject,
        "edition": address.edition,
        "pool": address.pool,
    }
    add_to(session, REFUSAL, [row | {"n": how_many}])


def may_be_tried(rows: Iterable[Row[Any]], rule: CountingRule) -> bool:
    """The one rule: whether enough of what waits was never tried."""
    return may_try(sum(not row.tried for row in rows), rule.threshold)


def try_bundle(
    session: Session,
    address: BoxAddress,
    ripe: Iterable[tuple[Row[Any], str]],
    *,
    rule: CountingRule,
) -> Bundle | None:
    """A bundle of all these votes, added to the totals, or None when they are too much alike."""
    bundle = rule.bundle(session, address, shuffled(codes for _, codes in ripe))
    if bundle is not None:
        rule.write(session, address, bundle)
    return bundle


def renew(
    session: Session, rows: Iterable[Row[Any]], *, keys: MacKeys, **columns: bool | int
) -> None:
    """Write envelopes anew with other columns, unopened."""
    _rewrite(session, [row._asdict() | columns for row in rows], keys=keys)


def reseal(
    session: Session,
    envelopes: Iterable[tuple[Row[Any], str]],
    *,
    into: Row[Any],
    keys: MacKeys,
    **columns: bool | int,
) -> None:
    """Seal envelopes anew for another box, with other columns."""
    moved = [
        row._asdict() | columns | {"box_id": into.id, "sealed": seal(into.public_key, codes)}
        for row, codes in envelopes
    ]
    _rewrite(session, moved, keys=keys)


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
        fresh = (
            row._asdict() | columns | {"box_id": into.id, "sealed": seal(into.public_key, codes)}
        )
        rows.append(fresh | {"mac": sign_envelope(keys, fresh)})
    if rows:
        session.connection().execute(insert(ENVELOPE), rows)


def _rewrite(session: Session, rows: Iterable[dict[str, Any]], *, keys: MacKeys) -> None:
    """Write all of these rows again, marked, in an order that says nothing."""
    renewed = []
    for row in rows:
        named = {name: row[name] for name in ("box_id", "lived", "nights", "tried", "sealed")}
        named |= {name + "_": row[name] for name in ("voter", "subject", "edition")}
        renewed.append(named | {"mac": sign_envelope(keys, row)})
    if renewed:
        session.connection().execute(_RENEW, shuffled(renewed))
