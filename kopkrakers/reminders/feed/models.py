"""The table of calendar feeds: whose, what time, the hash of a secret. Never who answered."""

from sqlmodel import Field, SQLModel

from kopkrakers.base.db import table


class CalendarFeed(SQLModel, table=True):
    """The secret address under which a person's own calendar fetches the dilemmas to come.

    `token_hash`: SHA-256 of the secret, which is shown once. `at`: minutes since midnight on the
    Dutch clock. When it was fetched is not kept.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = {"sqlite_with_rowid": False}

    user_id: int = Field(foreign_key="user.id", primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    at: int


CALENDAR_FEED = table(CalendarFeed)
