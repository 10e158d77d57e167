"""The counter: makes boxes, looks into them, empties them in bundles, destroys their keys. A process of its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.ballots.boxes import (
    ATTRIBUTE,
    BOX,
    ENVELOPE,
    GEMEENTE,
    NATIONAL,
    SESSION,
    BoxAddress,
    address_of,
    sign_box,
    verify_box,
)
from kopkrakers.ballots.models import Instance
from kopkrakers.ballots.sealing import MacKeys
from kopkrakers.base.db import Database, new_id
from kopkrakers.counter import loose, opening
from kopkrakers.counter.keys import KeyFolder
from kopkrakers.counter.loose import ATTRIBUTE_ENVELOPE
from kopkrakers.counter.mac_check import check_mac_key
from kopkrakers.counter.opening import CountingRule
from kopkrakers.privacy.rules import KEY_DAYS, NIGHTS

MAC_CHECK_FILE = "mac-mark"
"""The file in the key folder that says which MAC key signed the rows; 'mark' is its old name."""
Waiting = Sequence[tuple[Row[Any], str]]
"""Envelopes with their codes."""
_BOXES = select(BOX).where(
    BOX.c.subject == bindparam("subject"),
    BOX.c.edition == bindparam("edition"),
    BOX.c.kind == bindparam("kind"),
)


@dataclass(frozen=True)
class Counter:
    """Holds the private keys. `rules` says per kind of box how it is counted."""

    database: Database
    folder: KeyFolder
    keys: MacKeys
    rules: Mapping[str, CountingRule]

    def belong(self) -> None:
        """Make sure that key folder, database and mac key are one instance.

        Raises: ConfigurationError when they are not; nothing is counted or deleted.
        """
        with self.database.reading() as session:
            known = session.connection().execute(select(Instance.id)).scalar_one_or_none()  # type: ignore[call-overload]
        instance = self.folder.belong_to(known)
        if known is None:
            with self.database.transaction() as session:
                session.add(Instance(id=instance))
        recorded = self.folder.recall(MAC_CHECK_FILE)
        with self.database.reading() as session:
            checked = check_mac_key(session, self.keys, instance, recorded)
        if checked != recorded:
            self.folder.remember(MAC_CHECK_FILE, checked)

    def make_boxes(self, wanted: Iterable[BoxAddress], now: datetime) -> int:
        """Make the boxes that are not there yet; gives how many. Each key is on disk before its row."""
        with self.database.reading() as session:
            there = {address_of(box) for box in session.connection().execute(select(BOX))}
        missing = sorted(set(wanted) - there)
        with self.database.transaction() as session:
            for address in missing:
                self._fresh_box(session, address, now)
        return len(missing)

    def replace_lost_boxes(self, now: datetime) -> int:
        """Give up boxes whose private key is gone or that someone forged, with what waits in them; gives how many.

        Neither can be opened honestly. A lost box is replaced at once; a forged one's address cannot be
        trusted: `make_boxes` makes what is wanted.
        """
        with self.database.reading() as session:
            boxes = session.connection().execute(select(BOX)).all()
        lost = [
            box
            for box in boxes
            if not (self.trusts(box) and self.folder.opens(box.id, box.public_key))
        ]
        for box in lost:
            with self.database.transaction() as session:
                self._give_up(session, box)
                if self.trusts(box):
                    self._fresh_box(session, address_of(box), now)
            self.folder.destroy(box.id)
        return len(lost)

    def look(self, now: datetime) -> int:
        """Look into every box of bundles in which something waits; gives how many were emptied."""
        emptied = 0
        for box_id in self._with_envelopes():
            emptied += self._look_into(box_id, now)
        for box_id in self._with_attributes():
            emptied += self._look_into_attributes(box_id, now)
        self.database.truncate_log()
        return emptied

    def night(self, now: datetime) -> None:
        """One night older: what has waited `NIGHTS` nights in a gemeente's box moves to the national one, never back.

        What stays behind is sealed anew and the old key destroyed, so that no older copy of what moved opens.
        """
        for box_id in self._with_envelopes(GEMEENTE):
            if self._grow_older(box_id, now):
                self.folder.destroy(box_id)

    def close(
        self, subject: str, edition: int, now: datetime, on_closed: Callable[[Session, bool], None]
    ) -> None:
        """Count what can still be counted of an edition and destroy the rest.

        `on_closed` hears, in the transaction that destroys, whether a part was not counted.
        """
        for box in self._boxes(subject, edition, GEMEENTE):
            with self.database.transaction() as session:
                locked = opening.lock_box(session, box.id)
                if locked is not None and self.trusts(locked):
                    rule = self.rules[locked.kind]
                    waiting = opening.untouched_envelopes(
                        session, locked, rule=rule, keys=self.keys
                    )
                    self._move_to_national(session, locked, self._open(session, locked, waiting))
        for box in self._boxes(subject, edition, NATIONAL):
            self._look_into(box.id, now)
        left = False
        boxes = [*self._boxes(subject, edition, GEMEENTE), *self._boxes(subject, edition, NATIONAL)]
        with self.database.transaction() as session:
            for box in boxes:
                left = self._give_up(session, box, refused=False) or left
            on_closed(session, left)
        for box in boxes:
            self.folder.destroy(box.id)
        self.database.truncate_log()

    def end_old_attributes(self, now: datetime) -> int:
        """Destroy attribute boxes whose key is `KEY_DAYS` old, with all that waits in them; gives how many."""
        with self.database.reading() as session:
            boxes = session.connection().execute(select(BOX).where(BOX.c.kind == ATTRIBUTE)).all()
        old = []
        for box in boxes:
            made = self.folder.made_at(box.id)
            if made is None or now - made >= timedelta(days=KEY_DAYS):
                old.append(box)
        for box in old:
            with self.database.transaction() as session:
                self._give_up(session, box)
            self.folder.destroy(box.id)
        return len(old)

    def sweep(self, now: datetime) -> int:
        """Destroy keys that were left without a box; gives how many."""
        with self.database.reading() as session:
            keep = set(session.connection().execute(select(BOX.c.id)).scalars())
        return self.folder.sweep(keep, now)

    def _grow_older(self, box_id: str, now: datetime) -> bool:
        """Opens nothing, unless something moves: then what stays is sealed anew as well."""
        with self.database.transaction() as session:
            box = opening.lock_box(session, box_id)
            if box is None or not self.trusts(box):
                return False
            waiting = opening.untouched_envelopes(
                session, box, rule=self.rules[box.kind], keys=self.keys
            )
            honest = (
                self._open(session, box, waiting)
                if any(row.nights >= NIGHTS - 1 for row in waiting)
                else []
            )
            moved = self._move_to_national(
                session, box, [one for one in honest if one[0].nights >= NIGHTS - 1]
            )
            fresh = self._replace(session, box, now) if moved else None
            for nights in range(NIGHTS - 1):
                if fresh is None:
                    same = [row for row in waiting if row.nights == nights]
                    opening.renew(session, same, keys=self.keys, nights=nights + 1)
                else:
                    stays = [one for one in honest if one[0].nights == nights]
                    opening.put_back(session, stays, into=fresh, keys=self.keys, nights=nights + 1)
        return moved

    def _look_into(self, box_id: str, now: datetime) -> bool:
        """Opens nothing while too few wait."""
        with self.database.transaction() as session:
            box = opening.lock_box(session, box_id)
            if box is None or not self.trusts(box):
                return False
            rule, address = self.rules[box.kind], address_of(box)
            waiting = opening.untouched_envelopes(session, box, rule=rule, keys=self.keys)
            enough = opening.may_be_tried((row for row in waiting if row.lived), rule)
            honest = self._open(session, box, waiting) if enough else []
            ripe = [(row, codes) for row, codes in honest if row.lived]
            young = [(row, codes) for row, codes in honest if not row.lived]
            if not opening.may_be_tried((row for row, _ in ripe), rule):
                opening.renew(
                    session, (row for row in waiting if not row.lived), keys=self.keys, lived=True
                )
                return False
            bundle = opening.try_bundle(session, address, ripe, rule=rule)
            if bundle is not None:
                loose.split_attributes(
                    session, bundle, self._attribute_boxes(session, box), keys=self.keys
                )
            self._empty(session, box, ripe if bundle is None else [], young, now=now)
        self.folder.destroy(box_id)
        return bundle is not None

    def _empty(
        self, session: Session, box: Row[Any], tried: Waiting, young: Waiting, *, now: datetime
    ) -> None:
        """Delete the box with all in it; what cannot be counted yet goes into the fresh box that follows.

        Also what was tried in vain: an older copy of its row, from before it was tried, belongs nowhere any more.
        """
        fresh = self._replace(session, box, now)
        opening.put_back(session, tried, into=fresh, keys=self.keys, tried=True)
        opening.put_back(session, young, into=fresh, keys=self.keys, lived=True)

    def _look_into_attributes(self, box_id: str, now: datetime) -> bool:
        private = self.folder.private(box_id)
        with self.database.transaction() as session:
            box = opening.lock_box(session, box_id)
            if box is None or private is None or not self.trusts(box):
                return False
            rule, address = self.rules[box.kind], address_of(box)
            waiting = loose.untouched_attributes(session, box, keys=self.keys)
            if not opening.may_be_tried(waiting, rule):
                return False
            honest = loose.open_attributes(session, box, waiting, rule=rule, private=private)
            if not opening.may_be_tried((row for row, _ in honest), rule):
                return False
            if opening.try_bundle(session, address, honest, rule=rule) is None:
                loose.mark_attributes_tried(session, [row for row, _ in honest], keys=self.keys)
                return False
            self._give_up(session, box)
            self._fresh_box(session, address, now)
        self.folder.destroy(box_id)
        return True

    def trusts(self, box: Row[Any]) -> bool:
        """Whether a box is as it was made: never seal to another's public key, never count by another's address."""
        return verify_box(self.keys, box)

    def _attribute_boxes(self, session: Session, box: Row[Any]) -> dict[str, Row[Any]]:
        boxes = self._boxes(box.subject, box.edition, ATTRIBUTE, session)
        return {box.pool: box for box in boxes if self.trusts(box)}

    def _open(
        self, session: Session, box: Row[Any], waiting: Sequence[Row[Any]]
    ) -> list[tuple[Row[Any], str]]:
        private = self.folder.private(box.id)
        if private is None:
            return []
        return opening.open_envelopes(
            session, box, waiting, rule=self.rules[box.kind], private=private
        )

    def _move_to_national(self, session: Session, box: Row[Any], movers: Waiting) -> bool:
        """Seal these for the national box; False when there is nobody to move or no such box to trust."""
        for national in filter(
            self.trusts, self._boxes(box.subject, box.edition, NATIONAL, session)
        ):
            opening.reseal(
                session, movers, into=national, keys=self.keys, lived=True, nights=0, tried=False
            )
            return bool(movers)
        return False

    def _give_up(self, session: Session, box: Row[Any], *, refused: bool = True) -> bool:
        """Delete a box with what waits in it. People vote in gemeente boxes, so an invented kind counts as one."""
        opening.lock_box(session, box.id)
        rule, address = self.rules.get(box.kind, self.rules[GEMEENTE]), address_of(box)
        rows = opening.waiting_in(session, box.id)
        if refused:
            opening.refuse(session, address, rows, rule=rule)
        self._delete_box(session, box)
        if rows and not refused:
            rule.not_counted(session, address, [row.voter for row in rows])
        return bool(rows)

    def _replace(self, session: Session, box: Row[Any], now: datetime) -> opening.SealTarget:
        self._delete_box(session, box)
        return self._fresh_box(session, address_of(box), now)

    def _delete_box(self, session: Session, box: Row[Any]) -> None:
        session.connection().execute(delete(ENVELOPE).where(ENVELOPE.c.box_id == box.id))
        session.connection().execute(
            delete(ATTRIBUTE_ENVELOPE).where(ATTRIBUTE_ENVELOPE.c.box_id == box.id)
        )
        session.connection().execute(delete(BOX).where(BOX.c.id == box.id))

    def _fresh_box(
        self, session: Session, address: BoxAddress, now: datetime
    ) -> opening.SealTarget:
        box_id = new_id()
        public_key = self.folder.make(box_id, now)
        row = {
            "id": box_id,
            "kind": address.kind,
            "subject": address.subject,
            "edition": address.edition,
        }
        row |= {"pool": address.pool, "public_key": public_key}
        row |= {"mac": sign_box(self.keys, box_id, address, public_key)}
        session.connection().execute(insert(BOX), row)
        return opening.SealTarget(box_id, public_key)

    def _boxes(
        self, subject: str, edition: int, kind: str, session: Session | None = None
    ) -> list[Row[Any]]:
        which = {"subject": subject, "edition": edition, "kind": kind}
        if session is not None:
            return list(session.connection().execute(_BOXES, which))
        with self.database.reading() as reading:
            return list(reading.connection().execute(_BOXES, which))

    def _with_envelopes(self, *kinds: str) -> list[str]:
        which = select(ENVELOPE.c.box_id).distinct().join(BOX, BOX.c.id == ENVELOPE.c.box_id)
        which = which.where(BOX.c.kind.in_(kinds) if kinds else BOX.c.kind != SESSION)
        with self.database.reading() as session:
            return opening.shuffled(session.connection().execute(which).scalars())

    def _with_attributes(self) -> list[str]:
        with self.database.reading() as session:
            which = select(ATTRIBUTE_ENVELOPE.c.box_id).distinct()
            return opening.shuffled(session.connection().execute(which).scalars())
