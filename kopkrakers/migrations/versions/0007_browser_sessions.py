"""A row for each browser on which somebody is signed in"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "browser_session",
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("device", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_browser_session")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_browser_session_person"), "browser_session", ["person"])


def downgrade() -> None:
    op.drop_table("browser_session")
