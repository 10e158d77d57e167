"""The steps of opening one box: verify, unseal, bundle, and seal anew what must wait.

Keys and the counting rule are arguments; nothing here knows dilemmas or sessions.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import SystemRandom
from typing import Any, NamedTuple, Protocol, TypeVar

from sqlalchemy import Table, bindparam, insert, select, update
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
from kopkrakers.ballots.sealing import opener, seal
from kopkrakers.base.db import add_to
from kopkrakers.base.keys import Keys
from kopkrakers.privacy.bundles import may_try

Item = TypeVar("Item")

_LOCK = select(BOX).where(BOX.c.id == bindparam("id")).with_for_update()
_WAITING = select(ENVELOPE).where(ENVELOPE.c.box_id == bindparam("box_id")).with_for_update()
_YOUNG = _WAITING.where(~ENVELOPE.c.lived)
_REWRITTEN = ("box_id", "lived", "nights", "tried", "sealed", "mac")
"""The columns of an envelope that the counter writes again; the others are its primary key."""
_REWRITE = (
    update(ENVELOPE)
    .where(
        ENVELOPE.c.voter == bindparam("voter_"),
        ENVELOPE.c.subject == bindparam("subject_"),
        ENVELOPE.c.edition == bindparam("edition_"),
    )
    .values({name: bindparam(name) for name in _REWRITTEN})
)


@dataclass(frozen=True)
class Bundle:
    """The totals of a group that is counted together.

    `totals`: (scope, option, people) in a fixed order. `attributes`: (attribute, codes), which go
    on to wait in boxes of their own.
    """

    totals: tuple[tuple[str, str, int], ...]
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SealTarget:
    """A box to seal votes to: its id and public key (32 bytes)."""

    id: str
    public_key: bytes


def total_rows(
    address: BoxAddress, bundle: Bundle, columns: tuple[str, str, str], **more: str
) -> list[dict[str, Any]]:
    """Return the totals of a bundle as rows of a table, in their order.

    `columns`: the names of the three parts of a total; `more`: what stands in every row.
    """
    edition: dict[str, Any] = {"dilemma": address.subject, "edition": address.edition, **more}
    rows = []
    for total in bundle.totals:
        rows.append(edition | dict(zip(columns, total, strict=True)))
    return rows


class TotalRows(NamedTuple):
    """Additions to a table of totals: rows with its key and the people to add."""

    to: Table
    rows: list[dict[str, Any]]


class OpenedVote(NamedTuple):
    """An envelope's row with the codes that were sealed in it."""

    row: Row[Any]
    codes: str


class CountingRule(Protocol):
    """Rules for counting one kind of box; the module that owns the votes provides them."""

    @property
    def threshold(self) -> int:
        """Untried envelopes that must wait before all that wait are tried."""

    def valid(self, session: Session, address: BoxAddress, codes: str) -> bool:
        """Whether these codes are a vote that belongs in this box."""

    def still_in(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> set[str]:
        """Return those of the voters whose turn is in the box."""

    def bundle(self, session: Session, address: BoxAddress, votes: Sequence[str]) -> Bundle | None:
        """Return the totals of a group, or None when its votes are too much alike."""

    def rows(self, address: BoxAddress, bundle: Bundle) -> TotalRows:
        """Return what a bundle adds to the totals: every option, in a fixed order."""

    def not_counted(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
        """Record turns as not counted, where no envelope of theirs waits any more.

        The voters come from rows that failed verification and may be any text.
        """


def shuffled(items: Iterable[Item]) -> list[Item]:
    """Return the items in a random order, drawn from the operating system."""
    mixed = list(items)
    SystemRandom().shuffle(mixed)
    return mixed


def lock_box(session: Session, box_id: str) -> Row[Any] | None:
    """Return a box, locked: until the transaction ends no envelope can be put in."""
    return session.execute(_LOCK, {"id": box_id}).first()


def waiting_in(session: Session, box_id: str) -> Sequence[Row[Any]]:
    """Return the envelopes of a box, locked: from here on none can be taken back meanwhile."""
    return session.execute(_WAITING, {"box_id": box_id}).all()


def verified_envelopes(
    session: Session, box: Row[Any], *, rule: CountingRule, keys: Keys
) -> list[Row[Any]]:
    """Return the envelopes of a box that are as they were put in; refuse and delete the others.

    The MAC stops rows that were moved, altered or forged. The turn stops rows that are genuine but
    old: an envelope that was taken back and that someone put in the database again.
    The caller has verified the box itself.
    """
    return _verified(session, box, waiting_in(session, box.id), rule=rule, keys=keys)


def verified_young(
    session: Session, box: Row[Any], *, rule: CountingRule, keys: Keys
) -> list[Row[Any]]:
    """Return the same of the envelopes that lived through no look; the others are left alone."""
    rows = session.execute(_YOUNG, {"box_id": box.id}).all()
    return _verified(session, box, rows, rule=rule, keys=keys)


def _verified(
    session: Session, box: Row[Any], rows: Sequence[Row[Any]], *, rule: CountingRule, keys: Keys
) -> list[Row[Any]]:
    address = address_of(box)
    turns = rule.still_in(session, address, [row.voter for row in rows])
    verified: list[Row[Any]] = []
    refused: list[Row[Any]] = []
    for row in rows:
        if row.voter in turns and verify_envelope(keys, row):
            verified.append(row)
        else:
            refused.append(row)
    refuse(session, address, refused, rule=rule)
    return verified


def open_envelopes(
    session: Session, box: Row[Any], rows: Iterable[Row[Any]], *, rule: CountingRule, private: bytes
) -> list[OpenedVote]:
    """Unseal verified envelopes of a box; refuse and delete those that hold no valid vote."""
    votes, refused = unseal_rows(session, box, rows, rule=rule, private=private)
    refuse(session, address_of(box), refused, rule=rule)
    return votes


def unseal_rows(
    session: Session, box: Row[Any], rows: Iterable[Row[Any]], *, rule: CountingRule, private: bytes
) -> tuple[list[OpenedVote], list[Row[Any]]]:
    """Unseal rows of a box. Return the valid votes, and the rows that hold none."""
    address, unseal = address_of(box), opener(private)
    votes: list[OpenedVote] = []
    others: list[Row[Any]] = []
    for row in rows:
        codes = unseal(row.sealed)
        if codes is not None and rule.valid(session, address, codes):
            votes.append(OpenedVote(row, codes))
        else:
            others.append(row)
    return votes, others


def refuse(
    session: Session, address: BoxAddress, rows: Sequence[Row[Any]], *, rule: CountingRule
) -> None:
    """Delete envelopes that cannot be trusted or opened, and add their number to the refusals.

    Mark both turns as not counted: the one the envelope names and the one this box expected. They
    differ when the envelope was moved here from another subject, or its columns were altered; only
    one of the two is the voter's, and a row that fails its MAC does not tell which.
    """
    if not rows:
        return
    keys = []
    for row in rows:
        keys.append({"voter_": row.voter, "subject_": row.subject, "edition_": row.edition})
    session.execute(TAKE_OUT, keys)
    count_refusals(session, address, len(rows))
    voters_of: dict[BoxAddress, list[str]] = defaultdict(list)
    for row in rows:
        named = replace(address, subject=row.subject, edition=row.edition)
        for turn in {address, named}:
            voters_of[turn].append(row.voter)
    for turn, voters in voters_of.items():
        rule.not_counted(session, turn, voters)


def count_refusals(session: Session, address: BoxAddress, number: int) -> None:
    """Add to the number of refused envelopes of a box; whose they were is not recorded."""
    add_to(session, REFUSAL, [address.columns() | {"n": number}])


def may_be_tried(rows: Iterable[Row[Any]], rule: CountingRule) -> bool:
    """Whether enough of the rows were never tried. The one rule for opening, in every box."""
    untried = sum(not row.tried for row in rows)
    return may_try(untried, rule.threshold)


def try_bundle(
    session: Session, address: BoxAddress, votes: Iterable[OpenedVote], *, rule: CountingRule
) -> Bundle | None:
    """Return all these votes as one bundle, or None when they are too much alike."""
    # the codes alone, and mixed: a rule never learns whose vote it reads
    return rule.bundle(session, address, shuffled(vote.codes for vote in votes))


def update_envelopes(
    session: Session, rows: Iterable[Row[Any]], *, keys: Keys, **columns: bool | int
) -> None:
    """Change columns of envelopes that stay unopened in their box, and sign them again."""
    _rewrite(session, [row._asdict() | columns for row in rows], keys=keys)


def move_votes(
    session: Session,
    votes: Iterable[OpenedVote],
    *,
    into: Row[Any],
    keys: Keys,
    **columns: bool | int,
) -> None:
    """Seal votes anew for another box that exists, and change columns of their rows."""
    moved = []
    for vote in votes:
        sealed = seal(into.public_key, vote.codes)
        moved.append(vote.row._asdict() | columns | {"box_id": into.id, "sealed": sealed})
    _rewrite(session, moved, keys=keys)


def put_back(
    session: Session,
    votes: Sequence[OpenedVote],
    *,
    into: SealTarget,
    keys: Keys,
    **columns: bool | int,
) -> None:
    """Seal votes of a box that was just deleted for the box that replaces it.

    Their rows were deleted with the box and are inserted again, with other columns, in a random
    order. Older copies of them name a box that is gone and are sealed to a key that is destroyed.
    """
    rows = []
    for vote in shuffled(votes):
        sealed = seal(into.public_key, vote.codes)
        row = vote.row._asdict() | columns | {"box_id": into.id, "sealed": sealed}
        row["mac"] = sign_envelope(keys, row)
        rows.append(row)
    if rows:
        session.execute(insert(ENVELOPE), rows)


def _rewrite(session: Session, rows: Iterable[dict[str, Any]], *, keys: Keys) -> None:
    """Sign these rows and write them over the old ones, in a random order.

    They are read as the database stores them, on PostgreSQL roughly in the order of casting.
    Writing them so would repeat that order in its log.
    """
    signed = []
    for row in rows:
        parameters = {
            "voter_": row["voter"],
            "subject_": row["subject"],
            "edition_": row["edition"],
            "box_id": row["box_id"],
            "lived": row["lived"],
            "nights": row["nights"],
            "tried": row["tried"],
            "sealed": row["sealed"],
            "mac": sign_envelope(keys, row),
        }
        signed.append(parameters)
    if signed:
        session.execute(_REWRITE, shuffled(signed))
