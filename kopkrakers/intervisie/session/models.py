"""Tables of a live session. Participants are random ids: no vote or reason is beside a person."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Text
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import ID_LENGTH, UTCDateTime

CODE_LENGTH = 6
"""Characters of the code with which phones come in."""
AGREEMENT_NUMBERS = (1, 2, 3)


class UsedCode(SQLModel, table=True):
    """A code that was once given out: an old QR never leads into somebody else's session."""

    __tablename__ = "used_code"
    __table_args__ = {"sqlite_with_rowid": False}

    code: str = Field(primary_key=True, max_length=CODE_LENGTH)


class LiveSession(SQLModel, table=True):
    """A team that cracks one dilemma, from planning to report.

    `version` rises with everything a phone should see. `wording` (JSON: title, question, options)
    is fixed at planning; an eigen casus has no `dilemma` and `edition`. `ends_at`: when it ends by
    itself; once over, when the row itself goes. `reopens_until`: how long an end can be taken back.
    `cleared`: all that was in it was deleted. `rehearsal`: leaves nothing. `on_screen`: what the
    begeleider put on the scherm in place of the step; `leaf`: how often its page was turned;
    `leaves`: on how many pages a scherm shows it, the most where there are more beamers.
    `begeleider_votes`: on a phone that is not signed in; None until it was asked. `watchable`: who
    comes too late to vote may watch. `look_back` (JSON): the werkafspraken of the team's earlier
    session, as they were when the lobby opened, with how it went; it says so of nobody in person.
    `former_id`: whose regie somebody took over. `hands` (JSON): counted in a session
    `without_phones`, and never more than the room saw.
    """

    __tablename__ = "live_session"
    __table_args__ = (
        CheckConstraint(
            "state IN ('planned', 'lobby', 'running', 'ended', 'cancelled')", name="state_known"
        ),
        CheckConstraint("(dilemma IS NULL) = (edition IS NULL)", name="dilemma_with_edition"),
        {"sqlite_with_rowid": False},
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    code: str = Field(max_length=CODE_LENGTH, unique=True)
    team_id: int = Field(foreign_key="team.id", index=True)
    begeleider_id: int = Field(foreign_key="user.id")
    second_id: int | None = Field(default=None, foreign_key="user.id")
    former_id: int | None = Field(default=None, foreign_key="user.id")
    werkvorm: str = Field(max_length=40)
    dilemma: str | None = Field(default=None, max_length=80)
    edition: int | None = None
    wording: str = Field(sa_type=Text)
    state: str = Field(default="planned", max_length=10)
    step: int = 0
    version: int = 0
    rehearsal: bool = False
    roster_locked: bool = False
    cleared: bool = False
    on_screen: str | None = Field(default=None, max_length=20)
    leaf: int = 0
    leaves: int = 1
    begeleider_votes: bool | None = None
    watchable: bool = True
    look_back: str | None = Field(default=None, sa_type=Text)
    without_phones: bool = False
    hands: str | None = Field(default=None, sa_type=Text)
    report_id: str | None = Field(default=None, max_length=ID_LENGTH)
    planned_for: date | None = None
    look_back_on: date | None = None
    timer_ends_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    ends_at: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))
    reopens_until: datetime | None = Field(default=None, sa_column=Column(UTCDateTime))


class LiveRound(SQLModel, table=True):
    """A numbered round: the two votes, the third in which phones fill a table, or a later one.

    From 11 those on stellingen, from 21 those after the chapters of a card.

    `verdict`: what may be said of it once it is closed.
    """

    __tablename__ = "live_round"
    __table_args__ = (
        CheckConstraint("number IN (1, 2, 3) OR number > 10", name="number_known"),
        CheckConstraint(
            "state IN ('draft', 'open', 'closing', 'closed', 'revealed')", name="state_known"
        ),
        CheckConstraint(
            "verdict IN ('none', 'counted', 'alike', 'few', 'others', 'withheld', 'again')",
            name="verdict_known",
        ),
        {"sqlite_with_rowid": False},
    )

    session_id: str = Field(foreign_key="live_session.id", primary_key=True, max_length=ID_LENGTH)
    number: int = Field(primary_key=True)
    state: str = Field(default="draft", max_length=10)
    verdict: str = Field(default="none", max_length=10)


class Participant(SQLModel, table=True):
    """A phone in a session: a random id, known again by the hash of its token. Never a user.

    `watches`: came after the roster was locked; with stellingen until it opens again. `pretends`:
    made up for a rehearsal. `heads_agreed`: how many phones it said are right.
    """

    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    session_id: str = Field(foreign_key="live_session.id", index=True, max_length=ID_LENGTH)
    token_hash: str = Field(max_length=64, unique=True)
    begeleider: bool = False
    watches: bool = False
    pretends: bool = False
    heads_agreed: int | None = None


class SessionGuest(SQLModel, table=True):
    """Someone who joined signed in: a reveal uses up their turn. Not tied to a participant."""

    __tablename__ = "guest"
    __table_args__ = {"sqlite_with_rowid": False}

    session_id: str = Field(foreign_key="live_session.id", primary_key=True, max_length=ID_LENGTH)
    user_id: int = Field(foreign_key="user.id", primary_key=True)


class SessionTally(SQLModel, table=True):
    """The totals of one round, which the counter writes when they are fit to show."""

    __tablename__ = "room_tally"
    __table_args__ = (
        CheckConstraint("n >= 0", name="n_not_negative"),
        {"sqlite_with_rowid": False},
    )

    session_id: str = Field(foreign_key="live_session.id", primary_key=True, max_length=ID_LENGTH)
    round: int = Field(primary_key=True)
    option: str = Field(primary_key=True, max_length=1)
    n: int


class Reason(SQLModel, table=True):
    """A reason, or a row of the table, after closing: shuffled, without name or option.

    The begeleider judges it. A row of the table is of round 3, a line for each of its cells.
    """

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'shown', 'dropped', 'kept')", name="state_known"),
        {"sqlite_with_rowid": False},
    )

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    session_id: str = Field(foreign_key="live_session.id", index=True, max_length=ID_LENGTH)
    round: int
    text: str = Field(sa_type=Text)
    state: str = Field(default="waiting", max_length=8)


class Agreement(SQLModel, table=True):
    """A werkafspraak, at most three a session."""

    __table_args__ = (
        CheckConstraint("number IN (1, 2, 3)", name="number_known"),
        {"sqlite_with_rowid": False},
    )

    session_id: str = Field(foreign_key="live_session.id", primary_key=True, max_length=ID_LENGTH)
    number: int = Field(primary_key=True)
    text: str = Field(sa_type=Text)


class BoardText(SQLModel, table=True):
    """The text that the begeleider wrote for the group in a step that has a board."""

    __tablename__ = "board_text"
    __table_args__ = {"sqlite_with_rowid": False}

    session_id: str = Field(foreign_key="live_session.id", primary_key=True, max_length=ID_LENGTH)
    step: int = Field(primary_key=True)
    text: str = Field(sa_type=Text)


class CrackedDilemma(SQLModel, table=True):
    """That a team saw what it chose on a dilemma, and on which day; for a week.

    Of a stelling too: then `dilemma` holds its subject, "stelling:" and its code.
    Nothing of who was there, of the session, or of what was chosen.
    """

    __tablename__ = "cracked_dilemma"
    __table_args__ = {"sqlite_with_rowid": False}

    team_id: int = Field(foreign_key="team.id", primary_key=True)
    dilemma: str = Field(primary_key=True, max_length=80)
    cracked_on: date


class SessionReport(SQLModel, table=True):
    """All that stays of a session, as JSON under a random id: for the team, and others by link.

    `place`: of the team's reports of that day; no report says at what time it was.
    """

    __tablename__ = "report"
    __table_args__ = {"sqlite_with_rowid": False}

    id: str = Field(primary_key=True, max_length=ID_LENGTH)
    team_id: int = Field(foreign_key="team.id", index=True)
    title: str = Field(max_length=120)
    held_on: date
    place: int = 0
    look_back_on: date | None = None
    body: str = Field(sa_type=Text)
