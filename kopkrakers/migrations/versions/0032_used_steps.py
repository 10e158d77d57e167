"""Codes of an app that were used"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "used_step",
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_used_step")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("used_step")
