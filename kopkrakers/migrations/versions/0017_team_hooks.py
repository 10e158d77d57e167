"""Where a team hears of its dilemma"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "team_hook",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("refused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_team_hook_team_id_team")
        ),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_team_hook")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("team_hook")
