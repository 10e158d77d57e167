"""Editions of the chapters of a card"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "edition", sa.Column("chapter", sa.Integer(), nullable=False, server_default="0")
    )
    with op.batch_alter_table("edition") as batch_op:
        batch_op.alter_column("chapter", server_default=None)


def downgrade() -> None:
    op.drop_column("edition", "chapter")
