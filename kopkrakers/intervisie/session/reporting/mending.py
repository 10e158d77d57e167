"""Changing a report for a day after its session: its name, its werkafspraken, boards and day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session

from kopkrakers.accounts.service import own_team, teams_of
from kopkrakers.base.errors import TooLate, WrongInput
from kopkrakers.base.typed import clean_line, is_seen
from kopkrakers.intervisie.session.cases import LONGEST_TITLE, OWN_TITLE
from kopkrakers.intervisie.session.reporting.reports import (
    REPORT_BY_ID,
    check_look_back,
    clean_agreement,
    is_of_own_case,
)
from kopkrakers.intervisie.session.store import REPORT
from kopkrakers.intervisie.session.texts.boards import clean_board

MENDABLE = timedelta(days=1)
NO_LONGER = "De afspraken staan nu vast: ze konden tot een dag na de sessie veranderd worden."


@dataclass(frozen=True)
class ReportChanges:
    """Texts that a begeleider writes in a report: werkafspraken and boards by number, and a day.

    `name`: of the report of an eigen casus; None to leave it as it is, empty for the usual one.
    """

    name: str | None
    agreements: Mapping[int, str]
    boards: Mapping[int, str]
    look_back_on: date | None


def may_mend(held_on: date, today: date) -> bool:
    """Whether the werkafspraken of a report can still be changed: on its day and the day after."""
    return today <= held_on + MENDABLE


def mend_report(
    session: Session, *, report_id: str, user_id: int, mending: ReportChanges, today: date
) -> None:
    """Change what a report of one of this person's teams says, on its day and the day after.

    The route lets begeleiders alone do so.
    Raises: NotYours for another team's; TooLate after a day; WrongInput naming the field.
    """
    # locked: the body is read and written whole, so of two who mend at once one would be lost
    row = session.execute(REPORT_BY_ID.with_for_update(), {"id": report_id}).first()
    team_id = 0
    if row:
        team_id = row.team_id
    own_team(teams_of(session, user_id), team_id)
    if row is None or not may_mend(row.held_on, today):
        raise TooLate(NO_LONGER)
    if mending.look_back_on != row.look_back_on:
        check_look_back(mending.look_back_on, today)
    body = json.loads(row.body)
    texts = dict(enumerate(body["agreements"], start=1))
    for number, text in mending.agreements.items():
        texts[number] = clean_agreement(number, text)
    body["agreements"] = [texts[number] for number in sorted(texts) if texts[number]]
    for place, text in mending.boards.items():
        _mend_board(body.get("boards", []), place, text)
    change = update(REPORT).where(REPORT.c.id == report_id)
    mended = {"body": json.dumps(body, ensure_ascii=False), "look_back_on": mending.look_back_on}
    if mending.name is not None:
        mended["title"] = _own_name(body, mending.name)
    session.execute(change.values(**mended))


def _own_name(body: dict[str, Any], name: str) -> str:
    """Return the name that a begeleider gives the report of an eigen casus, as it is kept."""
    line = clean_line(name)
    if not is_of_own_case(body):
        raise WrongInput("Dit verslag heeft al een naam. Die verandert niet.", "naam")
    if len(line) > LONGEST_TITLE:
        raise WrongInput(f"Maak de naam hoogstens {LONGEST_TITLE} tekens lang.", "naam")
    if is_seen(line):
        return line
    return OWN_TITLE


def _mend_board(boards: list[list[str]], place: int, text: str) -> None:
    """Write on one of the boards that a report keeps, by its place."""
    if place >= len(boards):
        raise WrongInput("Dit bord hoort niet bij dit verslag.")
    heading = boards[place][0]
    boards[place][1] = clean_board(heading, text, field=f"bord_{place}")
