"""Until when the end of a live session can be taken back"""

import sqlalchemy as sa
from alembic import op

import kopkrakers.base.db

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "live_session",
        sa.Column("reopens_until", kopkrakers.base.db.UTCDateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    with op.batch_alter_table("live_session") as batch_op:
        batch_op.drop_column("reopens_until")
