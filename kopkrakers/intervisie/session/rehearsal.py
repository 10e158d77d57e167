"""A rehearsal: pretenders, who do not exist, come in and vote as phones do. It leaves nothing."""

from random import SystemRandom

from sqlalchemy import insert, select
from sqlmodel import Session

from kopkrakers.accounts.rules import new_token, token_hash
from kopkrakers.ballots.boxes import put_in_box
from kopkrakers.base.db import new_id
from kopkrakers.base.keys import Keys
from kopkrakers.intervisie.session.ballot import (
    PADDED_TABLE,
    ballot_of,
    padded_of,
    table_ballot,
)
from kopkrakers.intervisie.session.cases import plain_case
from kopkrakers.intervisie.session.store import PARTICIPANT, SessionRow, script_of, session_box
from kopkrakers.intervisie.werkvormen.reading import TABLE, is_stelling

PRETENDERS = 6
PRETENDED = "wat een verzonnen collega invult"
REASONS = (
    "Ik begin bij wat deze mens zelf wil.",
    "De regel geldt voor iedereen, dus ook hier.",
    "Zo helpt het ook volgende maand nog.",
    "Ik wil eerst meer weten.",
    "Dit kan ik uitleggen, ook als het tegenvalt.",
    "",
)


def pretenders_come(session: Session, live_session: SessionRow) -> None:
    """Fill the lobby."""
    for _ in range(PRETENDERS):
        row = {
            "id": new_id(),
            "session_id": live_session.id,
            # of a token that nobody ever had: no phone can come in as one of them
            "token_hash": token_hash(new_token()),
            "begeleider": False,
            "watches": False,
            "pretends": True,
        }
        session.execute(insert(PARTICIPANT), row)


def pretenders_vote(
    session: Session, live_session: SessionRow, number: int, mac_keys: Keys
) -> None:
    """Cast a vote for each pretender, so that there are totals to show; or write in the table."""
    chance, options = SystemRandom(), plain_case(live_session).option_codes
    form = script_of(live_session)
    pretenders = select(PARTICIPANT.c.id).where(
        PARTICIPANT.c.session_id == live_session.id, PARTICIPANT.c.pretends
    )
    for place, voter in enumerate(session.execute(pretenders).scalars().all()):
        # four of six on two options: totals that are fit to show
        option = options[place % 2]
        if place >= PRETENDERS - 2:
            option = chance.choice(options)
        reason = ""
        if number == 1:
            reason = REASONS[place % len(REASONS)]
        words = [reason]
        if form.stems:
            # the sentences of REASONS do not go on from the stems of a werkvorm
            words = [PRETENDED if reason else ""] * len(form.stems)
        ballot, padded = ballot_of(option, words, form.stems), padded_of(form.stems)
        if number == TABLE:
            row = [PRETENDED] * len(form.columns)
            ballot, padded = table_ballot([row]), PADDED_TABLE
        known_as = voter
        if is_stelling(number):
            # who does not exist has no token to make a mark of
            known_as = new_id()
        put_in_box(
            session,
            session_box(live_session.id),
            voter=known_as,
            codes=ballot,
            keys=mac_keys,
            edition=number,
            padded=padded,
        )
