"""Whether the number of phones is right: people in the room say so before the first vote opens."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session

from kopkrakers.accounts.rules import token_hash
from kopkrakers.base.db import changed
from kopkrakers.base.errors import TooLate
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    ONGOING,
    PARTICIPANT,
    SessionRow,
    find,
    heads_of,
    in_state,
    must_touch,
    script_of,
)

ENOUGH = 2
"""Phones that must say that the number is right; fewer where fewer take part."""
NOT_NOW = "De stemming is al begonnen. Het aantal staat vast."
CHANGED = "Het aantal veranderde net. Kijk nog een keer."
UNKNOWN = "We kennen deze telefoon niet meer. Doe opnieuw mee."

_OTHERS = select(func.count()).where(
    PARTICIPANT.c.session_id == bindparam("session_id"),
    PARTICIPANT.c.watches.is_(False),
    PARTICIPANT.c.begeleider.is_(False),
)
# a number that became smaller is still right: what hides in it can only be a phone too many
_AGREED = _OTHERS.where(PARTICIPANT.c.heads_agreed >= bindparam("heads"))


@dataclass(frozen=True)
class HeadCount:
    """Phones that take part, those of them that said that this is right, and how many must.

    A begeleider's own phone has no say: the question stands against more phones than people.
    """

    heads: int
    agreed: int
    needed: int

    @property
    def is_agreed(self) -> bool:
        """Whether enough phones said that the number is right."""
        return self.agreed >= self.needed


# D-88
def head_count(session: Session, live_session: SessionRow) -> HeadCount:
    """Return who takes part, and who said so. Nobody has to in a rehearsal or without a vote."""
    params = {"session_id": live_session.id, "heads": heads_of(session, live_session.id)}
    agreed = int(session.execute(_AGREED, params).scalar_one())
    needed = 0
    if script_of(live_session).has_vote and not live_session.rehearsal:
        # where only one colleague has a phone, one is all that can say so
        others = int(session.execute(_OTHERS, params).scalar_one())
        needed = min(ENOUGH, others)
    return HeadCount(params["heads"], agreed, needed)


def agree_on_heads(session: Session, *, code: str, token: str, heads: int) -> None:
    """Remember that somebody says there are as many people as phones. Enough said is said once.

    Raises: TooLate once the first vote was opened, for another number, or for an unknown phone.
    """
    live_session = find(session, code)
    count = head_count(session, live_session)
    # said enough: who presses later changes nothing, and no page need be made anew
    if count.is_agreed and not live_session.roster_locked:
        return
    unlocked = LIVE_SESSION.c.roster_locked.is_(False)
    must_touch(session, live_session, NOT_NOW, in_state(*ONGOING), unlocked)
    # what the phone showed may be old by now, and saying so is no yes to another number
    if heads_of(session, live_session.id) != heads:
        raise TooLate(CHANGED)
    this_phone = update(PARTICIPANT).where(
        PARTICIPANT.c.session_id == live_session.id,
        PARTICIPANT.c.token_hash == token_hash(token),
        PARTICIPANT.c.watches.is_(False),
    )
    if not changed(session.execute(this_phone.values(heads_agreed=heads))):
        raise TooLate(UNKNOWN)


def admit_late_comers(session: Session, session_id: str) -> None:
    """Let those take part from now on who came too late for the vote before."""
    late = (PARTICIPANT.c.session_id == session_id, PARTICIPANT.c.watches)
    session.execute(update(PARTICIPANT).where(*late).values(watches=False))


def open_door(session: Session, session_id: str) -> None:
    """Let people come in and leave again, and admit those who came while the door was shut."""
    this_session = LIVE_SESSION.c.id == session_id
    session.execute(update(LIVE_SESSION).where(this_session).values(roster_locked=False))
    admit_late_comers(session, session_id)
