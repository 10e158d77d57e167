"""Keep what the begeleider writes for the group in a step of a session"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_text",
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["live_session.id"],
            name=op.f("fk_board_text_session_id_live_session"),
        ),
        sa.PrimaryKeyConstraint("session_id", "step", name=op.f("pk_board_text")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("board_text")
