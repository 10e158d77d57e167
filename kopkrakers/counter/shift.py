"""What changed in live sessions, nationally: sealed pairs under a random tag per session, counted in bundles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import select
from sqlmodel import Session

from kopkrakers.ballots.boxes import BOX, SHIFT, BoxAddress, address_of, put_in_box
from kopkrakers.ballots.sealing import MacKeys
from kopkrakers.base.db import add_to, new_id
from kopkrakers.counter.counter import Counter
from kopkrakers.counter.daily import EditionOptions, turns_not_counted
from kopkrakers.counter.opening import Bundle, shuffled
from kopkrakers.counter.rooms import drop_box
from kopkrakers.intervisie.session.verdicts import Pair, shift_table
from kopkrakers.privacy.rules import K_NATIONAL, SHIFT_WEEKS
from kopkrakers.tallies.models import NL, SHIFT_TALLY

_SHIFT_BOXES = select(BOX).where(BOX.c.kind == SHIFT)
TAG_BYTES = 9
TAG_CHARACTERS = 12
"""Signs of a session's random tag; with two options it fits in a vote."""


@dataclass(frozen=True)
class ShiftRule:
    """A box of (before, after) pairs. Nobody's turn hangs on it; the tags are dropped when it is counted."""

    threshold: int
    options: EditionOptions

    def valid(self, session: Session, address: BoxAddress, codes: str) -> bool:
        """Whether these codes are a tag and two options of this card."""
        options = self.options.of(session, address)
        return len(codes) == TAG_CHARACTERS + 2 and codes[-2] in options and codes[-1] in options

    def still_in(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> set[str]:
        """All: pairs lie under random ids, and cannot be taken back."""
        return set(voters)

    def bundle(self, session: Session, address: BoxAddress, votes: Sequence[str]) -> Bundle | None:
        """Totals per before and after, or None while they may not be counted."""
        pairs = [Pair(codes[:TAG_CHARACTERS], codes[-2], codes[-1]) for codes in votes]
        table = shift_table(self.options.of(session, address), pairs)
        if table is None:
            return None
        return Bundle(totals=tuple((before, after, n) for (before, after), n in table.items()))

    def write(self, session: Session, address: BoxAddress, bundle: Bundle) -> None:
        """Add the bundle, every cell, zeros included, in fixed order."""
        which = {"dilemma": address.subject, "edition": address.edition}
        rows = [
            which | {"before": before, "after": after, "n": n} for before, after, n in bundle.totals
        ]
        add_to(session, SHIFT_TALLY, rows)

    def not_counted(self, session: Session, address: BoxAddress, voters: Sequence[str]) -> None:
        """Say so of daily turns whose envelope someone moved here."""
        turns_not_counted(session, address, voters)


def shift_rule(options: EditionOptions) -> ShiftRule:
    """The rule of a shift box."""
    return ShiftRule(K_NATIONAL, options)


def shift_box(dilemma: str, edition: int) -> BoxAddress:
    """The national box for what changed on one edition."""
    return BoxAddress(SHIFT, dilemma, edition, NL)


def put_pairs(
    session: Session,
    address: BoxAddress,
    before: Mapping[str, str],
    after: Mapping[str, str],
    keys: MacKeys,
) -> None:
    """Seal one session's pairs. `before` and `after`: the options by participant, whose ids end here."""
    tag = token_urlsafe(TAG_BYTES)
    for voter in shuffled(before):
        codes = tag + before[voter] + after[voter]
        put_in_box(session, address, voter=new_id(), codes=codes, keys=keys)


def end_old_pairs(counter: Counter, now: datetime) -> int:
    """Destroy boxes of pairs whose key is `SHIFT_WEEKS` old, with all that waits in them; gives how many."""
    with counter.database.reading() as session:
        boxes = session.connection().execute(_SHIFT_BOXES).all()
    made = {box: counter.folder.made_at(box.id) for box in boxes}
    old = [
        box for box, since in made.items() if since and now - since >= timedelta(weeks=SHIFT_WEEKS)
    ]
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
