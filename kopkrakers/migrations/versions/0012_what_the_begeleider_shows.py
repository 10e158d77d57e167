"""What the begeleider puts on the scherm, and who votes and watches along"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns: tuple[sa.Column[Any], ...] = (
        sa.Column("on_screen", sa.String(length=20), nullable=True),
        sa.Column("leaf", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("begeleider_votes", sa.Boolean(), nullable=True),
        sa.Column("watchable", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    for column in columns:
        op.add_column("live_session", column)
    with op.batch_alter_table("live_session") as batch_op:
        batch_op.alter_column("leaf", server_default=None)
        batch_op.alter_column("watchable", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("live_session") as batch_op:
        for name in ("on_screen", "leaf", "begeleider_votes", "watchable"):
            batch_op.drop_column(name)
