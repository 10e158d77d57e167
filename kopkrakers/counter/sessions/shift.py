"""Count how choices shift between the two rounds of live sessions, nationally and in bundles.

Every pair (before, after) waits sealed, with a random tag per session that says only which pairs
come from one session.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.ballots.boxes import BOX, SHIFT, BoxAddress, address_of, put_in_box
from kopkrakers.base.db import new_id
from kopkrakers.base.keys import Keys
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.daily import EditionOptions, turns_not_counted
from kopkrakers.counter.opening import Bundle, TotalRows, shuffled, total_rows
from kopkrakers.counter.sessions.boxes import drop_box
from kopkrakers.intervisie.session.verdicts import Pair, shift_table
from kopkrakers.privacy.rules import K_NATIONAL, SHIFT_WEEKS
from kopkrakers.tallies.models import NL, SHIFT_TALLY

_SHIFT_BOXES = select(BOX).where(BOX.c.kind == SHIFT)
TAG_BYTES = 9
TAG_CHARACTERS = 12
"""Characters of a session's random tag; with two options it fits in a vote."""


@dataclass(frozen=True)
class ShiftRule:
    """The rule of a box of pairs. No turn depends on a pair; counting drops the tags."""

    threshold: int
    options: EditionOptions

    def valid(self, session: Session, address: BoxAddress, codes: str) -> bool:
        """Whether these codes are a tag and two options of this card."""
        if len(codes) != TAG_CHARACTERS + 2:
            return False
        options = self.options.of(session, address)
        return codes[-2] in options and codes[-1] in options

    def still_in(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> set[str]:
        """Return all of them: pairs lie under random ids and cannot be taken back."""
        return set(voters)

    def bundle(self, session: Session, address: BoxAddress, votes: Sequence[str]) -> Bundle | None:
        """Return the totals per option before and after, or None while they may not leave."""
        pairs = []
        for codes in votes:
            pairs.append(Pair(codes[:TAG_CHARACTERS], codes[-2], codes[-1]))
        cells = shift_table(self.options.of(session, address), pairs)
        if cells is None:
            return None
        return Bundle(totals=tuple((before, after, n) for (before, after), n in cells.items()))

    def rows(self, address: BoxAddress, bundle: Bundle) -> TotalRows:
        """Return what the bundle adds: every cell, zeros included, in a fixed order."""
        return TotalRows(SHIFT_TALLY, total_rows(address, bundle, ("before", "after", "n")))

    def not_counted(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
        """Record daily turns as not counted whose envelope someone moved into this box."""
        turns_not_counted(session, address, voters)


def shift_rule(options: EditionOptions) -> ShiftRule:
    """Return the rule of a box of pairs."""
    return ShiftRule(K_NATIONAL, options)


def shift_box(dilemma: str, edition: int) -> BoxAddress:
    """Return the address of the national box of pairs on one edition."""
    return BoxAddress(SHIFT, dilemma, edition, NL)


def put_pairs(
    session: Session,
    address: BoxAddress,
    before: Mapping[str, str],
    after: Mapping[str, str],
    keys: Keys,
) -> None:
    """Seal the pairs of one session. `before` and `after`: the option by participant.

    The participants' ids end here: every pair gets a new random id, in a random order.
    """
    tag = token_urlsafe(TAG_BYTES)
    for voter in shuffled(before):
        codes = tag + before[voter] + after[voter]
        put_in_box(session, address, voter=new_id(), codes=codes, keys=keys)


# D-37
def end_old_pairs(counter: Counter, now: datetime) -> int:
    """Destroy boxes of pairs whose key is `SHIFT_WEEKS` old. Return their number."""
    with counter.database.reading() as session:
        boxes = session.execute(_SHIFT_BOXES).all()
    old = []
    for box in boxes:
        made = counter.folder.made_at(box.id)
        if made is not None and now - made >= timedelta(weeks=SHIFT_WEEKS):
            old.append(box)
    if not old:
        return 0
    with counter.folder.locked():
        for box in old:
            with counter.database.transaction() as session:
                box_id = drop_box(session, address_of(box))
            if box_id is not None:
                counter.folder.destroy(box_id)
    counter.database.truncate_log()
    return len(old)
