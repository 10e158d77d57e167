"""Tables of the trail. Nothing in them is about answers: see `Deed` for all that there can be."""

from datetime import date
from enum import StrEnum

from sqlalchemy import Column, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import table


class Deed(StrEnum):
    """All that beheerders, begeleiders, onderzoekers, redacteuren and the operator do that stays.

    Never that somebody answered, or what, nor whose a sent case is. The deeds of the desk are read
    by redacteuren alone.
    """

    INVITED = "invited"
    WITHDRAWN = "withdrawn"
    TEAMS = "teams"
    ROLES = "roles"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    PASSWORD = "password"  # noqa: S105
    SECOND_STEP = "second_step"
    SECOND_STEP_ROLES = "second_step_roles"
    REMOVED = "removed"
    TEAM_MADE = "team_made"
    TEAM_RENAMED = "team_renamed"
    LINK_MADE = "link_made"
    LINK_REVOKED = "link_revoked"
    RHYTHM = "rhythm"
    CHANNEL_SET = "channel_set"
    CHANNEL_REMOVED = "channel_removed"
    IMPORTED = "imported"
    GEMEENTE_MADE = "gemeente_made"
    GEMEENTE_RENAMED = "gemeente_renamed"
    PLACES = "places"
    PROVIDER_SET = "provider_set"
    PROVIDER_REMOVED = "provider_removed"
    PASSWORDS = "passwords"
    GEMEENTE_LEFT = "gemeente_left"
    REGIO_IN = "regio_in"
    REGIO_OUT = "regio_out"
    REGIO_RENAMED = "regio_renamed"
    REGIO_OTHERS = "regio_others"
    REGIO_PROPOSED = "regio_proposed"
    REGIO_AGREED = "regio_agreed"
    REGIO_DECLINED = "regio_declined"
    TERMS = "terms"
    KEY_MADE = "key_made"
    KEY_REVOKED = "key_revoked"
    RELEASE_MADE = "release_made"
    RESTORED = "restored"
    DESK_TAKEN = "desk_taken"
    DESK_REPLIED = "desk_replied"
    DESK_DECLINED = "desk_declined"
    DESK_ASKED = "desk_asked"
    DESK_PUBLISHED = "desk_published"
    DESK_SENT_BACK = "desk_sent_back"
    DESK_WITHDRAWN = "desk_withdrawn"
    DESK_PLANNED = "desk_planned"
    DESK_TOOK_OVER = "desk_took_over"


DEEDS_OF_DESK = tuple(deed for deed in Deed if deed.value.startswith("desk_"))


class BeheerAction(SQLModel, table=True):
    """Something that was done in beheer: a link of a chain, kept for a year.

    `actor_id`: who did it, None for the operator. `person_id`: to whose account. `gemeente_id`:
    in which, None for the whole server. `detail`: roles, the name of a team
    or regio, or the number of a release. `previous`: the
    `mac` of the action before, which covers all columns of that one.
    """

    __tablename__ = "beheer_action"

    # counted by us and not by the database, whose numbers skip where a transaction failed
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    day: date
    gemeente_id: int | None = Field(default=None, foreign_key="gemeente.id", index=True)
    actor_id: int | None = Field(default=None, foreign_key="user.id")
    person_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    what: str = Field(max_length=20)
    detail: str = Field(default="", max_length=200)
    previous: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


class TrailStart(SQLModel, table=True):
    """Up to which action all were forgotten after a year: one row. `last`: the MAC of that one."""

    __tablename__ = "trail_start"

    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    number: int
    last: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


BEHEER_ACTION = table(BeheerAction)
TRAIL_START = table(TrailStart)
