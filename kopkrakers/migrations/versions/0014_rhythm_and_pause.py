"""How often a team gets a dilemma, and who wants no reminders for a while"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# In SQL and not in a batch: on SQLite a batch makes the table anew, without its other checks.
_ADD_RHYTHM = """
    ALTER TABLE team ADD COLUMN rhythm VARCHAR(10) DEFAULT 'daily' NOT NULL
    CONSTRAINT ck_team_rhythm_known CHECK (rhythm IN ('daily', 'three', 'weekly'))
"""
_TEAM = sa.table("team", sa.column("weekly", sa.Boolean()), sa.column("rhythm", sa.String()))


def upgrade() -> None:
    op.execute(_ADD_RHYTHM)
    op.execute(_TEAM.update().where(_TEAM.c.weekly).values(rhythm="weekly"))
    op.drop_column("team", "weekly")
    op.create_table(
        "pause",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_pause_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_pause")),
    )


def downgrade() -> None:
    op.drop_table("pause")
    op.add_column(
        "team", sa.Column("weekly", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    weekly = _TEAM.update().where(_TEAM.c.rhythm == "weekly")
    op.execute(weekly.values(weekly=True))
    op.drop_column("team", "rhythm")
