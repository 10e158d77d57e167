"""Reports: all that stays of a session. Written once, at its end; read, listed, deleted."""

import json
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from itertools import starmap
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.engine import Row
from sqlmodel import Session

from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.base.clock import amsterdam_day
from kopkrakers.base.db import changed, new_id
from kopkrakers.base.errors import NotYours, WrongInput
from kopkrakers.base.paging import ListPage, rows_page
from kopkrakers.base.typed import clean_line
from kopkrakers.intervisie.session.ballot import LONGEST_REASON
from kopkrakers.intervisie.session.cases import OWN_TITLE, CaseOption, option_codes_of, plain_case
from kopkrakers.intervisie.session.figures import team_name
from kopkrakers.intervisie.session.group.hands import hands_in_report
from kopkrakers.intervisie.session.group.retrospect import (
    REPORTS,
    LookBack,
    kept_look_back,
    look_back_in,
    look_back_of,
)
from kopkrakers.intervisie.session.group.totals import kept_vote, session_totals, shown_vote
from kopkrakers.intervisie.session.models import AGREEMENT_NUMBERS
from kopkrakers.intervisie.session.reporting.chapters import (
    SmallMultiples,
    kept_chapters,
    reported_chapters,
)
from kopkrakers.intervisie.session.reporting.stellingen import (
    ReportedStelling,
    kept_stellingen,
    reported_stellingen,
)
from kopkrakers.intervisie.session.states import ReasonState
from kopkrakers.intervisie.session.store import (
    AGREEMENT,
    ONGOING,
    REASON,
    REPORT,
    SessionRow,
    in_state,
    led_by,
    must_touch,
    rounds_of,
    script_of,
)
from kopkrakers.intervisie.session.texts.boards import Board, boards_of
from kopkrakers.intervisie.werkvormen.reading import TABLE
from kopkrakers.privacy.release import ReleasedDistribution

REPORTS_ON_A_PAGE = 10


@dataclass(frozen=True)
class ReportView:
    """A report. `before` and `after`: totals, or None with the words in `before_sentence`.

    `all_boards`: heading and text of each board, perhaps empty. `written`: the group wrote its
    options too.
    `rows`: of the table with these `columns`, as far as they were kept. `look_back`: at the
    werkafspraken of an earlier session. `by_hand`: hands were counted, not phones.
    `stellingen`: in place of a case, those whose result was shown. `multiples`: all votes of one
    that unfolded.
    """

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
    all_boards: tuple[tuple[str, str], ...]
    written: bool
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    look_back: LookBack | None
    by_hand: bool
    stellingen: tuple[ReportedStelling, ...]
    multiples: SmallMultiples | None

    @property
    def own_name(self) -> str:
        """Return the name that a begeleider gave the report of an eigen casus, if they did."""
        if self.own_case and self.title != OWN_TITLE:
            return self.title
        return ""

    @property
    def boards(self) -> tuple[tuple[str, str], ...]:
        """Return heading and text of what the group wrote."""
        return tuple((heading, text) for heading, text in self.all_boards if text)

    @property
    def boards_to_mend(self) -> tuple[Board, ...]:
        """Return the boards as fields of a form, by their place."""
        places = enumerate(self.all_boards)
        return tuple(Board(place, heading, text) for place, (heading, text) in places)


@dataclass(frozen=True)
class ReportLine:
    """A report in a team's list."""

    id: str
    title: str
    held_on: date
    look_back_on: date | None


LONGEST_AGREEMENT = LONGEST_REASON
FARTHEST_LOOK_BACK = timedelta(days=366)
"""The time after its day in which a report's werkafspraken can be changed."""
OVER = "De sessie is voorbij. Verander de afspraken in het verslag."

_AGREEMENTS = (
    select(AGREEMENT.c.number, AGREEMENT.c.text)
    .where(AGREEMENT.c.session_id == bindparam("session_id"))
    .order_by(AGREEMENT.c.number)
)
_KEPT = (
    select(REASON.c.text)
    .where(REASON.c.session_id == bindparam("session_id"), REASON.c.state == ReasonState.KEPT)
    .where((REASON.c.round == TABLE) == bindparam("of_table"))
    .order_by(REASON.c.id)
)
REPORT_BY_ID = select(REPORT).where(REPORT.c.id == bindparam("id"))
_PLACES = select(func.max(REPORT.c.place)).where(
    REPORT.c.team_id == bindparam("team_id"), REPORT.c.held_on == bindparam("held_on")
)


def set_agreement(session: Session, *, code: str, user_id: int, number: int, text: str) -> None:
    """Write down one of three werkafspraken; an empty text deletes it.

    Raises: WrongInput when it is too long; TooLate when the session is over.
    """
    live_session = led_by(session, code, user_id)
    line = clean_agreement(number, text)
    must_touch(session, live_session, OVER, in_state(*ONGOING))
    this = (AGREEMENT.c.session_id == live_session.id, AGREEMENT.c.number == number)
    session.execute(delete(AGREEMENT).where(*this))
    if line:
        row = {"session_id": live_session.id, "number": number, "text": line}
        session.execute(insert(AGREEMENT), row)


def set_look_back(
    session: Session, *, code: str, user_id: int, day: date | None, today: date
) -> None:
    """Choose the day to look back at the agreements, or none.

    Raises: WrongInput for a day that has been or is more than a year away; TooLate when the session
    is over.
    """
    live_session = led_by(session, code, user_id)
    check_look_back(day, today)
    must_touch(session, live_session, OVER, in_state(*ONGOING), look_back_on=day)


def agreements_of(session: Session, live_session: SessionRow) -> list[Row[Any]]:
    """Return the numbers and texts of the werkafspraken so far."""
    return list(session.execute(_AGREEMENTS, {"session_id": live_session.id}))


# D-28
def write_report(session: Session, live_session: SessionRow, now: datetime) -> str:
    """Write a session's report; return its id. Of an eigen casus no title or question stays."""
    report_id, title, held_on = new_id(), OWN_TITLE, amsterdam_day(now)
    case = plain_case(live_session)
    if live_session.dilemma is not None or case.items:
        title = case.title
    that_day = {"team_id": live_session.team_id, "held_on": held_on}
    # a report has a day and no moment: a place is enough to put two of one day in order
    places = session.execute(_PLACES, that_day).scalar() or 0
    row = {
        "id": report_id,
        "team_id": live_session.team_id,
        "title": title,
        "held_on": held_on,
        "place": places + 1,
        "look_back_on": live_session.look_back_on,
        # one text: a report is read whole, and an old one keeps the shape that it had
        "body": json.dumps(_body(session, live_session), ensure_ascii=False),
    }
    session.execute(insert(REPORT), row)
    return report_id


def read_report(session: Session, report_id: str) -> ReportView:
    """Return a report, for anyone who has its link.

    Raises: NotYours when there is none (any more).
    """
    row = session.execute(REPORT_BY_ID, {"id": report_id}).first()
    if row is None:
        raise NotYours("Dit verslag bestaat niet, of het is verwijderd.")
    body = json.loads(row.body)
    options = tuple(starmap(CaseOption, body["options"]))
    codes = option_codes_of(options)
    before, before_sentence = shown_vote(body["votes"].get("1"), codes)
    after, after_sentence = shown_vote(body["votes"].get("2"), codes)
    return ReportView(
        id=row.id,
        team_id=row.team_id,
        team=team_name(session, row.team_id),
        title=row.title,
        own_case=is_of_own_case(body),
        dilemma=body["dilemma"],
        werkvorm_name=body["werkvorm"],
        held_on=row.held_on,
        options=options,
        before=before,
        before_sentence=before_sentence,
        after=after,
        after_sentence=after_sentence,
        reasons=tuple(body["reasons"]),
        agreements=tuple(body["agreements"]),
        look_back_on=row.look_back_on,
        # a report from before there were boards
        all_boards=tuple((heading, text) for heading, text in body.get("boards", ())),
        written=body.get("written", False),
        columns=tuple(body.get("columns", ())),
        rows=tuple(map(tuple, body.get("rows", ()))),
        look_back=look_back_in(body.get("look_back")),
        by_hand=body.get("by_hand", False),
        stellingen=reported_stellingen(body, options),
        multiples=reported_chapters(body, options),
    )


def discard_report(session: Session, report_id: str | None) -> None:
    """Delete the report of a session whose end was taken back, if it had one."""
    session.execute(delete(REPORT).where(REPORT.c.id == report_id))


def is_of_own_case(body: dict[str, Any]) -> bool:
    """Whether a report is of an eigen casus: of a dilemma or stellingen it keeps their name."""
    return body["dilemma"] is None and not body.get("stellingen")


def delete_report(session: Session, *, report_id: str, user_id: int) -> int:
    """Delete a report of one of this person's teams; return the team's id.

    The route lets begeleiders alone do so.
    Raises: NotYours for another team's, or one that was deleted.
    """
    row = session.execute(REPORT_BY_ID, {"id": report_id}).first()
    team_id = 0
    if row:
        team_id = row.team_id
    own_team(teams_of(session, user_id), team_id)
    deletion = delete(REPORT).where(REPORT.c.id == report_id)
    if changed(session.execute(deletion)) != 1:
        raise NotYours("Dit verslag is al verwijderd.")
    return int(team_id)


def reports_of(session: Session, team_id: int, number: int) -> ListPage[ReportLine]:
    """Return a page of a team's reports, newest first."""
    named = REPORTS.with_only_columns(
        REPORT.c.id, REPORT.c.title, REPORT.c.held_on, REPORT.c.look_back_on
    ).params(team_id=team_id)
    return rows_page(session, named, number, REPORTS_ON_A_PAGE).each(_report_line)


def _report_line(row: Row[Any]) -> ReportLine:
    return ReportLine(row.id, row.title, row.held_on, row.look_back_on)


def clean_agreement(number: int, text: str) -> str:
    """Return a werkafspraak as it is kept.

    Raises: WrongInput when it is too long.
    """
    line = clean_line(text)
    if number not in AGREEMENT_NUMBERS or len(line) > LONGEST_AGREEMENT:
        raise WrongInput(f"Maak de afspraak hoogstens {LONGEST_AGREEMENT} tekens lang.", "afspraak")
    return line


def check_look_back(day: date | None, today: date) -> None:
    """Raise WrongInput for a day to look back that has been or is more than a year away."""
    if day is not None and not today < day <= today + FARTHEST_LOOK_BACK:
        raise WrongInput("Kies een dag na vandaag, hoogstens een jaar vooruit.", "terugkijken")


def _body(session: Session, live_session: SessionRow) -> dict[str, Any]:
    """Return what a report holds, as it is kept in JSON."""
    case = plain_case(live_session)
    votes = hands_in_report(live_session, case.option_codes)
    rounds = rounds_of(session, live_session.id)
    # the rows of the table stand in the report as texts: it has no totals
    rounds.pop(TABLE, None)
    for number, round_ in rounds.items():
        totals = session_totals(session, live_session.id, round_, case.option_codes)
        votes[str(number)] = kept_vote(round_, totals)
    form = script_of(live_session)
    return {
        "dilemma": live_session.dilemma,
        "werkvorm": form.naam,
        "options": [list(astuple(option)) for option in case.options],
        "written": case.written,
        "votes": votes,
        "stellingen": kept_stellingen(case.items, votes),
        "chapters": kept_chapters(case.chapters, votes),
        "by_hand": live_session.without_phones,
        "reasons": _kept(session, live_session, of_table=False),
        "columns": list(form.columns),
        "rows": [row.split("\n") for row in _kept(session, live_session, of_table=True)],
        "agreements": [row.text for row in agreements_of(session, live_session)],
        "look_back": kept_look_back(look_back_of(live_session)),
        "boards": [[one.heading, one.text] for one in boards_of(session, live_session)],
    }


def _kept(session: Session, live_session: SessionRow, *, of_table: bool) -> list[str]:
    """Return the reasons that are kept for the report, or the rows of the table."""
    params = {"session_id": live_session.id, "of_table": of_table}
    return list(session.execute(_KEPT, params).scalars())
