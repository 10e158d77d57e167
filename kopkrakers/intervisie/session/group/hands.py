"""A session without phones: the begeleider counts hands or cards, and types totals or none.

Everybody in the room saw those hands. They are no votes: they never meet the counter, the counted
editions or an export, and a report holds them by the same rules as totals of phones.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import update
from sqlmodel import Session

from kopkrakers.base.errors import WrongInput
from kopkrakers.intervisie.session.cases import plain_case
from kopkrakers.intervisie.session.states import SessionState, Verdict
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    THE_STEP,
    SessionRow,
    find,
    in_state,
    led_by,
    must_touch,
    script_of,
)
from kopkrakers.intervisie.session.verdicts import (
    SENTENCES,
    STILL,
    first_verdict,
    is_still,
    second_verdict,
)
from kopkrakers.intervisie.werkvormen.reading import TABLE, is_stelling

MOST_HANDS = 999
NOT_RUNNING = "Dat kan alleen terwijl de sessie loopt."
NOT_HERE = "In deze sessie stemmen jullie met telefoons."
Hands = dict[int, dict[str, int]]
"""The hands for each option in each vote, as far as they were typed."""


def hands_of(live_session: SessionRow) -> Hands:
    """Return the hands that were typed so far."""
    kept = json.loads(live_session.hands or "{}")
    # JSON has no numbers for keys
    return {int(number): counts for number, counts in kept.items()}


def count_hands(
    session: Session, *, code: str, user_id: int, number: int, option: str, hands: int | None
) -> None:
    """Note how many hands an option got in a vote; None: that was not counted.

    Raises: WrongInput for a strange number, vote or option; TooLate while it is not running.
    """
    live_session = led_by(session, code, user_id)
    has_vote = number != TABLE and script_of(live_session).votes_at(number) is not None
    if not live_session.without_phones or not has_vote:
        raise WrongInput(NOT_HERE)
    if option not in plain_case(live_session).option_codes:
        raise WrongInput("Deze werkwijze is er niet (meer).")
    if hands is not None and not 0 <= hands <= MOST_HANDS:
        raise WrongInput(f"Typ een aantal handen van 0 tot en met {MOST_HANDS}.")
    # from here on the options stay what they are: the hands are about them
    locked = {"roster_locked": True, **THE_STEP}
    must_touch(session, live_session, NOT_RUNNING, in_state(SessionState.RUNNING), **locked)
    # read again, now that the session is locked: two begeleiders may each type something
    counts = hands_of(find(session, code))
    of_vote = counts.setdefault(number, {})
    of_vote.pop(option, None)
    if hands is not None:
        of_vote[option] = hands
    change = update(LIVE_SESSION).where(LIVE_SESSION.c.id == live_session.id)
    session.execute(change.values(hands=json.dumps(counts)))


# D-100
def hands_in_report(live_session: SessionRow, codes: Sequence[str]) -> dict[str, Any]:
    """Return the counted hands as a report keeps them: totals, or a sentence in their place.

    A report goes on to people who were not in the room, so the rules of votes hold for it.
    """
    counts = _whole(hands_of(live_session), codes)
    kept: dict[str, Any] = {}
    for number, of_vote in counts.items():
        if is_stelling(number):
            kept[str(number)] = _kept(of_vote, first_verdict(of_vote))
    if 1 not in counts:
        return kept
    first = first_verdict(counts[1])
    kept["1"] = _kept(counts[1], first)
    if 2 in counts:
        # nobody knows whose hands they were; as many as before is the nearest to the same people
        same = sum(counts[1].values()) == sum(counts[2].values())
        second = second_verdict(counts[2], first=first, same_people=same)
        kept["2"] = _kept(counts[2], second)
        if second == Verdict.COUNTED and is_still(counts[1], counts[2]):
            kept["2"] = {"counts": None, "sentence": STILL}
    return kept


def _whole(hands: Hands, codes: Sequence[str]) -> Hands:
    """Return the votes of which something was typed, with 0 where nothing was."""
    whole = {}
    for number, counts in hands.items():
        if counts:
            whole[number] = {**dict.fromkeys(codes, 0), **counts}
    return whole


def _kept(counts: dict[str, int], verdict: Verdict) -> dict[str, Any]:
    if verdict == Verdict.COUNTED:
        return {"counts": counts, "sentence": None}
    return {"counts": None, "sentence": SENTENCES.get(verdict)}
