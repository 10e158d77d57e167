"""The counter: holds the private keys and makes, opens, replaces and destroys boxes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.engine import Row
from sqlmodel import Session, col

from kopkrakers.ballots.boxes import (
    ATTRIBUTE,
    BOX,
    ENVELOPE,
    GEMEENTE,
    BoxAddress,
    address_of,
    sign_box,
    verify_box,
)
from kopkrakers.ballots.models import Instance
from kopkrakers.base.db import Database, new_id
from kopkrakers.base.keys import Keys
from kopkrakers.base.moments import USUAL_MOMENTS, Moment
from kopkrakers.counter import opening
from kopkrakers.counter.keys import KeyFolder
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE
from kopkrakers.counter.newest.account_chain import check_chain, expect_head
from kopkrakers.counter.newest.count_number import check_count_number, raise_count_number
from kopkrakers.counter.opening import CountingRule, OpenedVote, SealTarget
from kopkrakers.counter.rotation.lasting import sign_lasting_anew
from kopkrakers.counter.rotation.mac_check import check_mac_key
from kopkrakers.privacy.rules import KEY_DAYS

MAC_CHECK_FILE = "mac-mark"
"""The file in the key folder that says which MAC key signed the rows."""
RENEW_HOURS = 20
"""Hours after which a night renews the key of loose attributes, unless a count did since."""
_BOXES = select(BOX).where(
    BOX.c.subject == bindparam("subject"),
    BOX.c.edition == bindparam("edition"),
    BOX.c.kind == bindparam("kind"),
)


@dataclass(frozen=True)
class Counter:
    """The counter of one installation.

    `keys` sign the rows, `turn_keys` make the pseudonyms of turns. `rules`: how each kind of box is
    counted. `renew_after`: the age of a key at which a night writes loose attributes anew.
    `moments`: the times of day at which boxes are opened. How that is done stands in
    `counting`, what moves or ends in `moving`.
    """

    database: Database
    folder: KeyFolder
    keys: Keys
    turn_keys: Keys
    rules: Mapping[str, CountingRule]
    moments: tuple[Moment, ...] = USUAL_MOMENTS
    renew_after: timedelta = timedelta(hours=RENEW_HOURS)

    def check_instance(self) -> None:
        """Make sure that key folder, database and MAC key belong together.

        Raises: ConfigurationError when they do not, when the database is older than the keys, or
        when a change of an account was taken away; then nothing is counted or deleted. Counting
        with other keys would take every envelope for a forgery.
        """
        with self.database.reading() as session:
            known = session.execute(select(col(Instance.id))).scalar_one_or_none()
        instance = self.folder.belong_to(known)
        # the id lies in the folder by now; killed here, the next start finds it there
        if known is None:
            with self.database.transaction() as session:
                session.add(Instance(id=instance))
        recorded = self.folder.recall(MAC_CHECK_FILE)
        with self.database.reading() as session:
            checked = check_mac_key(session, self.keys, instance, recorded)
        if checked != recorded:
            self.folder.remember(MAC_CHECK_FILE, checked)
        with self.database.snapshot() as session:
            check_chain(session, self.folder, self.keys)
        if self.keys.previous:
            with self.database.transaction() as session:
                sign_lasting_anew(session, self.keys)
                expect_head(session, self.folder)
        self.note_count()

    def number_count(self, session: Session) -> int:
        """Add one to the number of counts, in the transaction of a count. Return the new number.

        Call `note_count` once that is committed.
        Raises: ConfigurationError when the database is older than the keys.
        """
        return raise_count_number(session, self.folder, self.keys)

    def note_count(self) -> None:
        """Write the number of counts in the key folder.

        Raises: ConfigurationError when the database is older than the keys.
        """
        with self.database.reading() as session:
            check_count_number(session, self.folder, self.keys)

    def trusts(self, box: Row[Any]) -> bool:
        """Whether a box is as the counter made it.

        Nothing is sealed to the public key of a box that is not, nor counted under its address.
        """
        return verify_box(self.keys, box)

    def lock(self, session: Session, box_id: str) -> Row[Any] | None:
        """Return a box, locked against new envelopes, or None when it is gone or not trusted."""
        box = opening.lock_box(session, box_id)
        if box is None or not self.trusts(box):
            return None
        return box

    def verified(self, session: Session, box: Row[Any]) -> list[Row[Any]]:
        """Return the envelopes in a box that are as they were put in; refuse the others."""
        rule = self.rules[box.kind]
        return opening.verified_envelopes(session, box, rule=rule, keys=self.keys)

    def open(
        self, session: Session, box: Row[Any], rows: Sequence[Row[Any]]
    ) -> Sequence[OpenedVote]:
        """Unseal verified envelopes of a box; nothing when its key is gone."""
        private = self.folder.private(box.id)
        if private is None:
            return []
        rule = self.rules[box.kind]
        return opening.open_envelopes(session, box, rows, rule=rule, private=private)

    def boxes(self, session: Session, subject: str, edition: int, kind: str) -> Sequence[Row[Any]]:
        """Return the boxes of one kind on one edition."""
        parameters = {"subject": subject, "edition": edition, "kind": kind}
        return session.execute(_BOXES, parameters).all()

    def make_boxes(self, wanted: Iterable[BoxAddress], now: datetime) -> int:
        """Make the boxes that do not exist yet. Return their number."""
        with self.database.reading() as session:
            existing = set(map(address_of, session.execute(select(BOX))))
        # in the order of their addresses: that of a set differs from run to run
        missing = sorted(set(wanted) - existing)
        with self.database.transaction() as session:
            for address in missing:
                self.make_box(session, address, now)
        return len(missing)

    def make_box(
        self,
        session: Session,
        address: BoxAddress,
        now: datetime,
        *,
        born: datetime | None = None,
    ) -> SealTarget:
        """Make a box with a key of its own.

        The key is on disk before the row is committed: a vote is never sealed to a key that a
        power cut can take away. A key that is left without a row is swept. `born`: since when
        what will lie in it waits, where that is earlier.
        """
        box_id = new_id()
        public_key = self.folder.make(box_id, now, born=born)
        row = {
            "id": box_id,
            **address.columns(),
            "public_key": public_key,
            "mac": sign_box(self.keys, box_id, address, public_key),
        }
        session.execute(insert(BOX), row)
        return SealTarget(box_id, public_key)

    def replace_box(self, session: Session, box: Row[Any], now: datetime) -> SealTarget:
        """Delete a box with what is in it and make one at the same address, with a new key."""
        self._delete_box(session, box)
        return self.make_box(session, address_of(box), now)

    def renew_box(self, session: Session, box: Row[Any], now: datetime) -> SealTarget:
        """Replace a box by one with a new key that waits as long already."""
        born = self.folder.born_at(box.id)
        self._delete_box(session, box)
        return self.make_box(session, address_of(box), now, born=born)

    def discard_box(self, session: Session, box: Row[Any]) -> None:
        """Delete a box that cannot be opened, and refuse the envelopes in it.

        A box of a kind that nobody makes was put in the database by someone else. The envelopes in
        it were taken from gemeente boxes, so its turns are told by that rule.
        """
        # locked first: an envelope that is put in meanwhile would go without being told of
        opening.lock_box(session, box.id)
        rule = self.rules.get(box.kind, self.rules[GEMEENTE])
        rows = opening.waiting_in(session, box.id)
        opening.refuse(session, address_of(box), rows, rule=rule)
        self._delete_box(session, box)

    def end_box(self, session: Session, box: Row[Any]) -> bool:
        """Delete the box of a closed edition. Return whether votes were in it, now not counted."""
        opening.lock_box(session, box.id)
        rows = opening.waiting_in(session, box.id)
        self._delete_box(session, box)
        if rows:
            voters = [row.voter for row in rows]
            self.rules[box.kind].not_counted(session, address_of(box), voters)
        return bool(rows)

    def replace_lost_boxes(self, now: datetime) -> int:
        """Discard boxes whose private key is gone or whose row was forged. Return their number.

        Neither can be opened honestly, so the envelopes in them are lost. A lost box is replaced
        at once. The address of a forged one cannot be trusted; `make_boxes` makes what is wanted.
        """
        with self.database.reading() as session:
            boxes = session.execute(select(BOX)).all()
        lost = [box for box in boxes if not self._can_open(box)]
        for box in lost:
            with self.database.transaction() as session:
                self.discard_box(session, box)
                if self.trusts(box):
                    self.make_box(session, address_of(box), now)
            self.folder.destroy(box.id)
        return len(lost)

    def end_old_attributes(self, now: datetime) -> int:
        """Destroy attribute boxes `KEY_DAYS` old, or without a key. Return their number."""
        with self.database.reading() as session:
            boxes = session.execute(select(BOX).where(BOX.c.kind == ATTRIBUTE)).all()
        old = []
        for box in boxes:
            born = self.folder.born_at(box.id)
            if born is None or now - born >= timedelta(days=KEY_DAYS):
                old.append(box)
        for box in old:
            with self.database.transaction() as session:
                self.discard_box(session, box)
            self.folder.destroy(box.id)
        return len(old)

    def sweep(self, now: datetime) -> int:
        """Destroy keys that have no box. Return their number."""
        with self.database.reading() as session:
            ids = set(session.execute(select(BOX.c.id)).scalars())
        return self.folder.sweep(ids, now)

    def _can_open(self, box: Row[Any]) -> bool:
        return self.trusts(box) and self.folder.opens(box.id, box.public_key)

    def _delete_box(self, session: Session, box: Row[Any]) -> None:
        # what lies in a box refers to it, so it goes first
        session.execute(delete(ENVELOPE).where(ENVELOPE.c.box_id == box.id))
        session.execute(delete(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.box_id == box.id))
        session.execute(delete(BOX).where(BOX.c.id == box.id))
