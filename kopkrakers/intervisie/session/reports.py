"""What stays of a session: its report. Written once, at the end, from totals or words; read, listed, deleted."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.db import changed, new_id
from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.typed import clean_line
from kopkrakers.intervisie.session.ballot import LONGEST_REASON
from kopkrakers.intervisie.session.cases import OWN_TITLE, CaseOption, plain_case
from kopkrakers.intervisie.session.figures import team_name
from kopkrakers.intervisie.session.states import ReasonState, RoundState, Verdict
from kopkrakers.intervisie.session.store import (
    AGREEMENT,
    ONGOING,
    REASON,
    REPORT,
    SESSION_TALLY,
    SessionRow,
    in_state,
    led_by,
    must_touch,
    rounds_of,
)
from kopkrakers.intervisie.session.verdicts import SENTENCES
from kopkrakers.intervisie.werkvormen.reading import werkvormen
from kopkrakers.privacy.release import ReleasedDistribution, release_distribution


@dataclass(frozen=True)
class LookBack:
    """What the team agreed last time, to look back at when a session begins."""

    report_id: str
    title: str
    held_on: date
    look_back_on: date | None
    agreements: tuple[str, ...]


@dataclass(frozen=True)
class ReportView:
    """What stays of a session. `before` and `after`: totals, or None with the words in `before_sentence`."""

    id: str
    team_id: int
    team: str
    title: str
    own_case: bool
    dilemma: str | None
    werkvorm_name: str
    held_on: date
    options: tuple[CaseOption, ...]
    before: ReleasedDistribution | None
    before_sentence: str | None
    after: ReleasedDistribution | None
    after_sentence: str | None
    reasons: tuple[str, ...]
    agreements: tuple[str, ...]
    look_back_on: date | None


@dataclass(frozen=True)
class ReportLine:
    """A report in a team's list."""

    id: str
    title: str
    held_on: date
    look_back_on: date | None


SESSION_SCOPE = "sessie"
"""The scope of a session's own totals."""
LONGEST_AGREEMENT = LONGEST_REASON
FARTHEST_LOOK_BACK = timedelta(days=366)
OVER = "De sessie is voorbij. Het verslag staat vast."

_TALLIES = select(SESSION_TALLY.c.option, SESSION_TALLY.c.n).where(
    SESSION_TALLY.c.session_id == bindparam("session_id"),
    SESSION_TALLY.c.round == bindparam("round"),
)
_AGREEMENTS = (
    select(AGREEMENT.c.number, AGREEMENT.c.text)
    .where(AGREEMENT.c.session_id == bindparam("session_id"))
    .order_by(AGREEMENT.c.number)
)
_KEPT = (
    select(REASON.c.text)
    .where(REASON.c.session_id == bindparam("session_id"), REASON.c.state == ReasonState.KEPT)
    .order_by(REASON.c.id)
)
_REPORT = select(REPORT).where(REPORT.c.id == bindparam("id"))
_REPORTS = (
    select(REPORT.c.id, REPORT.c.title, REPORT.c.held_on, REPORT.c.look_back_on, REPORT.c.body)
    .where(REPORT.c.team_id == bindparam("team_id"))
    .order_by(REPORT.c.held_on.desc(), REPORT.c.id)
)


def set_agreement(session: Session, *, code: str, user_id: int, number: int, text: str) -> None:
    """Write down one of three werkafspraken; an empty text takes it away.

    Raises: WrongInput when it is too long; TooLate when the session is over.
    """
    live_session = led_by(session, code, user_id)
    line = clean_line(text)
    if number not in (1, 2, 3) or len(line) > LONGEST_AGREEMENT:
        raise WrongInput(f"Maak de afspraak hoogstens {LONGEST_AGREEMENT} tekens lang.", "afspraak")
    must_touch(session, live_session, OVER, in_state(*ONGOING))
    this = (AGREEMENT.c.session_id == live_session.id, AGREEMENT.c.number == number)
    session.connection().execute(delete(AGREEMENT).where(*this))
    if line:
        row = {"session_id": live_session.id, "number": number, "text": line}
        session.connection().execute(insert(AGREEMENT), row)


def set_look_back(
    session: Session, *, code: str, user_id: int, day: date | None, today: date
) -> None:
    """Choose the day to look back at the agreements, or none.

    Raises: WrongInput for a day that has been or is more than a year away; TooLate when the session is over.
    """
    live_session = led_by(session, code, user_id)
    if day is not None and not today < day <= today + FARTHEST_LOOK_BACK:
        raise WrongInput("Kies een dag na vandaag, hoogstens een jaar vooruit.", "terugkijken")
    must_touch(session, live_session, OVER, in_state(*ONGOING), look_back_on=day)


def agreements_of(session: Session, live_session: SessionRow) -> list[Row[Any]]:
    """The werkafspraken so far: number and text."""
    return list(session.connection().execute(_AGREEMENTS, {"session_id": live_session.id}))


def session_totals(
    session: Session, session_id: str, round_: Row[Any], option_codes: tuple[str, ...]
) -> ReleasedDistribution | None:
    """The totals of a vote that was revealed, or None when only words may be said."""
    if round_.state != RoundState.REVEALED or round_.verdict != Verdict.COUNTED:
        return None
    which = {"session_id": session_id, "round": round_.number}
    counts = {row.option: row.n for row in session.connection().execute(_TALLIES, which)}
    return release_distribution(SESSION_SCOPE, option_codes, counts)


def words_of(round_: Row[Any]) -> str | None:
    """What is said of a revealed vote without totals."""
    return SENTENCES.get(Verdict(round_.verdict)) if round_.state == RoundState.REVEALED else None


def write_report(session: Session, live_session: SessionRow, now: datetime) -> str:
    """Write what stays; gives its id. Of an eigen casus neither title nor question stays."""
    case, rounds = plain_case(live_session), rounds_of(session, live_session.id)
    which = {"session_id": live_session.id}
    body: dict[str, Any] = {
        "dilemma": live_session.dilemma,
        "werkvorm": werkvormen()[live_session.werkvorm].naam,
        "options": [
            [option.code, option.letter, option.label, option.line] for option in case.options
        ],
        "votes": {
            str(n): _kept_vote(session, live_session, round_, case.option_codes)
            for n, round_ in rounds.items()
        },
        "reasons": list(session.connection().execute(_KEPT, which).scalars()),
        "agreements": [row.text for row in agreements_of(session, live_session)],
    }
    row = {"id": new_id(), "team_id": live_session.team_id}
    row |= {
        "title": case.title if live_session.dilemma else OWN_TITLE,
        "held_on": amsterdam_day(now),
    }
    row |= {"look_back_on": live_session.look_back_on, "body": json.dumps(body, ensure_ascii=False)}
    session.connection().execute(insert(REPORT), row)
    return str(row["id"])


def report(session: Session, report_id: str) -> ReportView:
    """A report, for whoever has its link.

    Raises: NotYours when there is none (any more).
    """
    row = session.connection().execute(_REPORT, {"id": report_id}).first()
    if row is None:
        raise NotYours("Dit verslag bestaat niet, of het is verwijderd.")
    body = json.loads(row.body)
    codes = tuple(option[0] for option in body["options"])
    before, before_sentence = _shown_vote(body["votes"].get("1"), codes)
    after, after_sentence = _shown_vote(body["votes"].get("2"), codes)
    return ReportView(
        id=row.id,
        team_id=row.team_id,
        team=team_name(session, row.team_id),
        title=row.title,
        own_case=body["dilemma"] is None,
        dilemma=body["dilemma"],
        werkvorm_name=body["werkvorm"],
        held_on=row.held_on,
        options=tuple(CaseOption(*option) for option in body["options"]),
        before=before,
        before_sentence=before_sentence,
        after=after,
        after_sentence=after_sentence,
        reasons=tuple(body["reasons"]),
        agreements=tuple(body["agreements"]),
        look_back_on=row.look_back_on,
    )


def delete_report(session: Session, *, report_id: str, user_id: int) -> int:
    """Delete a report of one of this person's teams; gives the team's id. The route asks for a begeleider.

    Raises: NotYours for another team's, or one that is gone.
    """
    row = session.connection().execute(_REPORT, {"id": report_id}).first()
    team_id = row.team_id if row else 0
    own_team(teams_of(session, user_id), team_id)
    gone = delete(REPORT).where(REPORT.c.id == report_id)
    if changed(session.connection().execute(gone)) != 1:
        raise NotYours("Dit verslag is al verwijderd.")
    return int(team_id)


def reports_of(session: Session, team_id: int) -> tuple[ReportLine, ...]:
    """A team's reports, newest first."""
    return tuple(
        ReportLine(row.id, row.title, row.held_on, row.look_back_on)
        for row in _rows(session, team_id)
    )


def last_agreements(session: Session, team_id: int) -> LookBack | None:
    """What the team agreed the last time it agreed on something."""
    for row in _rows(session, team_id):
        agreements = json.loads(row.body)["agreements"]
        if agreements:
            return LookBack(row.id, row.title, row.held_on, row.look_back_on, tuple(agreements))
    return None


def _rows(session: Session, team_id: int) -> list[Row[Any]]:
    return list(session.connection().execute(_REPORTS, {"team_id": team_id}))


def _kept_vote(
    session: Session, live_session: SessionRow, round_: Row[Any], codes: tuple[str, ...]
) -> dict[str, Any]:
    totals = session_totals(session, live_session.id, round_, codes)
    counts = {row.option: row.n for row in totals.rows} if totals else None
    return {"counts": counts, "sentence": words_of(round_)}


def _shown_vote(
    vote: dict[str, Any] | None, codes: tuple[str, ...]
) -> tuple[ReleasedDistribution | None, str | None]:
    if vote is None or vote["counts"] is None:
        return None, vote["sentence"] if vote else None
    return release_distribution(SESSION_SCOPE, codes, vote["counts"]), None
