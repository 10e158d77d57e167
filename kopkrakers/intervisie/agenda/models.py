"""The team's agenda."""

from sqlmodel import Field, SQLModel


class AgendaWish(SQLModel, table=True):
    """A colleague wants to talk about a dilemma. `mark` is the pseudonym: never who."""

    __tablename__ = "agenda_wish"
    # a rowid would keep the order in which colleagues came
    __table_args__ = {"sqlite_with_rowid": False}

    team_id: int = Field(foreign_key="team.id", primary_key=True)
    dilemma: str = Field(primary_key=True, max_length=80)
    mark: str = Field(primary_key=True, max_length=64)
