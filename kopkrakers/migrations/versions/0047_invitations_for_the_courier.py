"""Invitations that the courier mails, and addresses that a mail server refused"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

ADDED = ("refused", "awaits_courier")


def upgrade() -> None:
    # their default stays, for the reason that stands in 0041
    for name in ADDED:
        op.add_column(
            "invitation", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.create_index(
        "ix_invitation_gemeente_id_ended",
        "invitation",
        ["gemeente_id", "ended", "unsent", "id"],
    )


def downgrade() -> None:
    op.drop_index("ix_invitation_gemeente_id_ended", table_name="invitation")
    for name in reversed(ADDED):
        op.drop_column("invitation", name)
