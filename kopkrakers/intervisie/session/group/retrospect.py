"""Looking back: what became of the werkafspraken of the team's earlier session.

It is said of each werkafspraak by the group as a whole: nothing tells who did or did not do it.
"""

import json
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from kopkrakers.base.errors import WrongInput
from kopkrakers.intervisie.session.states import SessionState
from kopkrakers.intervisie.session.store import (
    LIVE_SESSION,
    REPORT,
    SessionRow,
    find,
    in_state,
    led_by,
    must_touch,
)


class AgreementOutcome(StrEnum):
    """The outcome of a werkafspraak; the words are those that people read."""

    DONE = "gedaan"
    PARTLY = "deels"
    NOT = "niet"


@dataclass(frozen=True)
class KeptAgreement:
    """A werkafspraak of an earlier session. `outcome`: None as long as nobody said it."""

    text: str
    outcome: AgreementOutcome | None = None

    @property
    def words(self) -> str:
        """Return what became of it, in words."""
        return self.outcome or OPEN


@dataclass(frozen=True)
class LookBack:
    """The werkafspraken of an earlier session to look back at, each with what became of it."""

    report_id: str
    title: str
    held_on: date
    look_back_on: date | None
    lines: tuple[KeptAgreement, ...]

    @property
    def agreements(self) -> tuple[str, ...]:
        """Return the texts."""
        return tuple(line.text for line in self.lines)

    @property
    def finished(self) -> tuple[str, ...]:
        """Return the texts of those that the group called done."""
        done = []
        for line in self.lines:
            if line.outcome == AgreementOutcome.DONE:
                done.append(line.text)
        return tuple(done)


OPEN = "nog open"
NOT_RUNNING = "Dat kan alleen terwijl de sessie loopt."

# newest first
REPORTS = (
    select(REPORT)
    .where(REPORT.c.team_id == bindparam("team_id"))
    .order_by(REPORT.c.held_on.desc(), REPORT.c.place.desc(), REPORT.c.id)
)
"""The reports of a team, the newest first."""


def last_agreements(session: Session, team_id: int) -> LookBack | None:
    """Return what the team agreed the last time that it agreed on something.

    Without what a later session called done; None when that is all of it.
    """
    done: set[tuple[str, str]] = set()
    # newest first, so what a later session called done is known before the agreement comes
    for row in session.execute(REPORTS, {"team_id": team_id}):
        body = json.loads(row.body)
        if body["agreements"]:
            lines = []
            for text in body["agreements"]:
                if (row.id, text) not in done:
                    lines.append(KeptAgreement(text))
            if not lines:
                return None
            return LookBack(row.id, row.title, row.held_on, row.look_back_on, tuple(lines))
        # a session that only looked back: what it called done is not asked about again
        earlier = look_back_in(body.get("look_back"))
        if earlier is not None:
            done |= {(earlier.report_id, text) for text in earlier.finished}
    return None


def look_back_of(live_session: SessionRow) -> LookBack | None:
    """Return what a session looks back at; None where there is nothing to look back at."""
    if live_session.look_back is None:
        return None
    return look_back_in(json.loads(live_session.look_back))


def look_back_in(kept: dict[str, Any] | None) -> LookBack | None:
    """Return a look-back as a session or a report keeps it."""
    if kept is None:
        return None
    lines = []
    for text, outcome in kept["lines"]:
        line = KeptAgreement(text)
        if outcome:
            line = KeptAgreement(text, AgreementOutcome(outcome))
        lines.append(line)
    look_back_on = None
    if kept["look_back_on"]:
        look_back_on = date.fromisoformat(kept["look_back_on"])
    return LookBack(
        report_id=kept["report_id"],
        title=kept["title"],
        held_on=date.fromisoformat(kept["held_on"]),
        look_back_on=look_back_on,
        lines=tuple(lines),
    )


def kept_look_back(back: LookBack | None) -> dict[str, Any] | None:
    """Return a look-back as it is kept in JSON."""
    if back is None:
        return None
    look_back_on = None
    if back.look_back_on:
        look_back_on = back.look_back_on.isoformat()
    return {
        "report_id": back.report_id,
        "title": back.title,
        "held_on": back.held_on.isoformat(),
        "look_back_on": look_back_on,
        "lines": [[line.text, line.outcome] for line in back.lines],
    }


def begin_looking_back(session: Session, live_session: SessionRow) -> None:
    """Fix what a session looks back at, as it is now: the lobby opens."""
    back = last_agreements(session, live_session.team_id)
    if back is not None:
        _keep(session, live_session, back)


def say_outcome(
    session: Session, *, code: str, user_id: int, number: int, outcome: AgreementOutcome | None
) -> None:
    """Say what became of one of the werkafspraken, counted from 1; None: that is open again.

    Raises: TooLate when the session is not running; WrongInput for one that is not there.
    """
    live_session = led_by(session, code, user_id)
    must_touch(session, live_session, NOT_RUNNING, in_state(SessionState.RUNNING))
    # read again, now that the session is locked: two begeleiders may each say something
    back = look_back_of(find(session, code))
    if back is None or not 1 <= number <= len(back.lines):
        raise WrongInput("Deze afspraak is er niet.", "afspraak")
    lines = list(back.lines)
    lines[number - 1] = replace(lines[number - 1], outcome=outcome)
    _keep(session, live_session, replace(back, lines=tuple(lines)))


def _keep(session: Session, live_session: SessionRow, back: LookBack) -> None:
    kept = json.dumps(kept_look_back(back), ensure_ascii=False)
    change = update(LIVE_SESSION).where(LIVE_SESSION.c.id == live_session.id)
    session.execute(change.values(look_back=kept))
