"""Tables of people. `User.id` outlives the data of the person, so that a used turn stays used."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from kopkrakers.base.db import ID_LENGTH, UTCDateTime, table
from kopkrakers.base.typed import fold


class Role(StrEnum):
    """The roles of an account. An onderzoeker has no role that votes."""

    KLANTMANAGER = "klantmanager"
    LEIDINGGEVENDE = "leidinggevende"
    BEGELEIDER = "begeleider"
    ONDERZOEKER = "onderzoeker"
    REDACTEUR = "redacteur"
    BEHEERDER = "beheerder"


class Status(StrEnum):
    """The states of an account.

    Blocked: nobody can sign in until the beheerder unblocks it. Removed: only the pseudonym of its
    address is left.
    """

    ACTIVE = "active"
    BLOCKED = "blocked"
    REMOVED = "removed"


class InvitationKind(StrEnum):
    """The kinds of invitation: by a beheerder, by a mail of a team link, or for a new password."""

    PERSONAL = "personal"
    ADDRESS = "address"
    RESET = "reset"


class Rhythm(StrEnum):
    """The rhythms in which a team gets a dilemma, the most often first.

    Three: that of Monday, Wednesday and Friday. Weekly: that of Monday stays all week.
    """

    DAILY = "daily"
    THREE = "three"
    WEEKLY = "weekly"


class InvitationEnd(StrEnum):
    """The ways in which a link ends before its time: its holder hears which."""

    USED = "used"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Change(StrEnum):
    """The kinds of change of an account, in general terms: the links of the chain in `changes`.

    Invited: somebody may make an account, or choose a password. Restored: a backup was put back,
    so that the links from there to this one are not in this database.
    """

    INVITED = "invited"
    MADE = "made"
    PROVED = "proved"
    PASSWORD = "password"  # noqa: S105
    SIGNED_OUT = "signed_out"
    STATUS = "status"
    ROLES = "roles"
    TEAMS = "teams"
    REMOVED = "removed"
    RESTORED = "restored"


VOTING_ROLES = frozenset({Role.KLANTMANAGER, Role.LEIDINGGEVENDE, Role.BEGELEIDER})


class Gemeente(SQLModel, table=True):
    """A municipality (or a shared service of several).

    `regio_id`: the regio it is counted with while it is small; `regio_mac` covers that. `since`:
    the day it came, for a pool that is new; None is long ago. `mac` covers that day. `left_on`: the
    day it left; the row stays, for totals bear its name, and comes back with it. `places`: how many
    accounts it may have; None is any number.
    """

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=80)
    regio_id: int | None = Field(default=None, foreign_key="regio.id", index=True)
    regio_mac: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32)))
    since: date | None = None
    mac: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32)))
    left_on: date | None = None
    is_organisation: bool = False
    places: int | None = None


class Team(SQLModel, table=True):
    """A team of a gemeente. `link_hash`: SHA-256 of the token in its team link."""

    __table_args__ = (
        UniqueConstraint("gemeente_id", "name"),
        CheckConstraint("rhythm IN ('daily', 'three', 'weekly')", name="rhythm_known"),
    )

    id: int | None = Field(default=None, primary_key=True)
    gemeente_id: int = Field(foreign_key="gemeente.id", index=True)
    name: str = Field(max_length=80)
    rhythm: str = Field(default=Rhythm.DAILY, max_length=10)
    link_hash: str | None = Field(default=None, max_length=64, unique=True)


# As SQLite compares text: by code point, so that both databases sort as Python does.
_BY_CODE_POINT = Text().with_variant(Text(collation="C"), "postgresql")


def _folded_name(context: Any) -> str:
    """Return the folded name of the row that SQLAlchemy is about to insert."""
    return fold(context.get_current_parameters().get("name") or "")


class User(SQLModel, table=True):
    """An account.

    Removed: e-mail, name and password go; `address_hmac` stays, so that one address votes once.
    `generation` is raised by "overal uitloggen", a new password, a block or a changed role;
    sessions of an older generation are refused. `address_proved`: by a link that was mailed to it,
    not by one that was handed over. `since`: the day the account came; None is long ago.
    `sort_name`: the folded name, by which lists are sorted and searched; whoever changes a name
    changes it too. `mac` covers the other columns, the roles and the teams.
    """

    __table_args__ = (
        CheckConstraint("status IN ('active', 'blocked', 'removed')", name="status_known"),
        Index("ix_user_gemeente_id_sort_name", "gemeente_id", "sort_name"),
    )

    id: int | None = Field(default=None, primary_key=True)
    gemeente_id: int = Field(foreign_key="gemeente.id", index=True)
    address_hmac: str = Field(max_length=64, unique=True)
    email: str | None = Field(default=None, max_length=254, index=True)
    name: str | None = Field(default=None, max_length=80)
    # D-163
    sort_name: str | None = Field(
        default=None,
        sa_column=Column(_BY_CODE_POINT, nullable=False, default=_folded_name, server_default=""),
    )
    password_hash: str | None = Field(default=None, max_length=200)
    generation: int = 0
    status: str = Field(default=Status.ACTIVE, max_length=10)
    address_proved: bool = False
    since: date | None = None
    mac: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32)))


class UserRole(SQLModel, table=True):
    """A role of a user."""

    __tablename__ = "user_role"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    role: str = Field(primary_key=True, max_length=20)


class Membership(SQLModel, table=True):
    """A user in a team."""

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    team_id: int = Field(foreign_key="team.id", primary_key=True, index=True)


class Invitation(SQLModel, table=True):
    """A link that lets one person in once. Only the SHA-256 of its token is kept.

    `mailed`: the link went to the address alone, so nobody else can have it. `unsent`: its mail was
    tried, and nobody knows that it left. `refused`: so it did not, for the mail server refused the
    address. `awaits_courier`: the courier is to make a link for it, and mail that. `ended`: how it
    stopped working, empty while it works or is only too old. Name and address go when it ends.
    `mac` covers all but how it ended and how its mail went.
    """

    __table_args__ = (
        # the order in which Beheer shows those that are open
        Index("ix_invitation_gemeente_id_ended", "gemeente_id", "ended", "unsent", "id"),
        CheckConstraint("kind IN ('personal', 'address', 'reset')", name="kind_known"),
        CheckConstraint("ended IN ('used', 'replaced', 'withdrawn')", name="ended_known"),
    )

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    kind: str = Field(max_length=10)
    gemeente_id: int = Field(foreign_key="gemeente.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id")
    email: str | None = Field(default=None, max_length=254)
    name: str | None = Field(default=None, max_length=80)
    roles: str = Field(default="", max_length=120)
    expires_at: datetime = Field(sa_column=Column(UTCDateTime, nullable=False))
    mailed: bool = False
    unsent: bool = False
    refused: bool = False
    awaits_courier: bool = False
    ended: str | None = Field(default=None, max_length=10)
    mac: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32)))


class BrowserSession(SQLModel, table=True):
    """A browser on which somebody is signed in; signing out deletes the row.

    `id_hash`: SHA-256 of the random id in the cookie. `person`: a pseudonym, see
    `accounts.browsers`. `generation`: that of the account at sign-in. `last_day`: the day it was
    last seen, or the one before. `device`: a coarse name, for the owner's list. `checked`: where
    somebody signed in with their work account, the day for which its provider knew them.
    `renewal`: by what it can be asked again, sealed.
    """

    __tablename__ = "browser_session"
    __table_args__ = {"sqlite_with_rowid": False}

    id_hash: str = Field(primary_key=True, max_length=64)
    person: str = Field(index=True, max_length=ID_LENGTH)
    generation: int
    last_day: date
    device: str = Field(max_length=20)
    checked: date | None = None
    renewal: bytes | None = Field(default=None, sa_column=Column(LargeBinary))


class ProviderRow(SQLModel, table=True):
    """The provider of a gemeente: see `accounts.sso.providers`, which alone reads and writes it.

    `slug`: how the gemeente stands in the address of its page. `secret`: that of our client,
    sealed. `domains`: with commas. `required`: name=value. `roles`: lines of role=value. `mac`
    covers all the rest.
    """

    __tablename__ = "provider"

    gemeente_id: int = Field(foreign_key="gemeente.id", primary_key=True)
    slug: str = Field(max_length=100, unique=True)
    issuer: str = Field(max_length=500)
    client_id: str = Field(max_length=255)
    secret: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    domains: str = Field(max_length=1000)
    required: str = Field(default="", max_length=500)
    trusts_address: bool = False
    roles_from: str = Field(default="", max_length=255)
    roles: str = Field(default="", max_length=2000)
    renews: bool = True
    passwords: bool = True
    break_glass: int | None = Field(default=None, foreign_key="user.id")
    mac: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32)))


class WorkAccount(SQLModel, table=True):
    """The account of somebody who signs in by the provider of their gemeente.

    `subject`: a pseudonym of who they are there. Written at the first sign-in and at no other, so
    that the order of rows is not that in which people came. `mac` covers the rest.
    """

    __tablename__ = "work_account"
    __table_args__ = {"sqlite_with_rowid": False}

    subject: str = Field(primary_key=True, max_length=64)
    user_id: int = Field(foreign_key="user.id", unique=True)
    mac: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32)))


class SecondStep(SQLModel, table=True):
    """The app by which somebody proves to have their phone. `secret`: sealed; `mac` covers it."""

    __tablename__ = "second_step"

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    secret: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    mac: bytes | None = Field(default=None, sa_column=Column(LargeBinary(32)))


class RecoveryCode(SQLModel, table=True):
    """A code for whoever lost their phone, hashed; it goes when it is used."""

    __tablename__ = "recovery_code"
    __table_args__ = {"sqlite_with_rowid": False}

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    code_hash: str = Field(primary_key=True, max_length=64)


class SecondStepRule(SQLModel, table=True):
    """A role of which a gemeente asks a second step, from `since` on."""

    __tablename__ = "second_step_rule"

    gemeente_id: int = Field(foreign_key="gemeente.id", primary_key=True)
    role: str = Field(primary_key=True, max_length=20)
    since: date


class UsedStep(SQLModel, table=True):
    """A code of an app, or a sign-out by a provider, that was used: no process takes it again.

    `mark`: a pseudonym of whose it is and of its half minute, or of the number of a token; `day`:
    on which it was used.
    """

    __tablename__ = "used_step"
    __table_args__ = {"sqlite_with_rowid": False}

    mark: str = Field(primary_key=True, max_length=ID_LENGTH)
    day: date


class Pause(SQLModel, table=True):
    """Somebody who wants no reminders, up to and including a day. Vandaag goes on as it was."""

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    last_day: date


class AccountChange(SQLModel, table=True):
    """A link of the chain of changes to accounts. Nothing is ever taken from it.

    `user_id`: whose account it was, None for an invitation or a restore. `state`: the MAC of the
    account, or of the invitation, since then. `previous`: the `mac` of the link before, which
    covers all columns of that link; empty in the first.
    """

    __tablename__ = "account_change"

    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    what: str = Field(max_length=10)
    user_id: int | None = Field(default=None, index=True)
    state: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    previous: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))
    mac: bytes = Field(sa_column=Column(LargeBinary(32), nullable=False))


GEMEENTE = table(Gemeente)
TEAM = table(Team)
USER = table(User)
USER_ROLE = table(UserRole)
MEMBERSHIP = table(Membership)
INVITATION = table(Invitation)
BROWSER_SESSION = table(BrowserSession)
PROVIDER = table(ProviderRow)
WORK_ACCOUNT = table(WorkAccount)
SECOND_STEP = table(SecondStep)
RECOVERY_CODE = table(RecoveryCode)
SECOND_STEP_RULE = table(SecondStepRule)
USED_STEP = table(UsedStep)
PAUSE = table(Pause)
ACCOUNT_CHANGE = table(AccountChange)
