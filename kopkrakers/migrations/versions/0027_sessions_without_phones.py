"""Sessions without phones, and the hands that were counted in them"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("live_session", sa.Column("hands", sa.Text(), nullable=True))
    op.add_column(
        "live_session",
        sa.Column("without_phones", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("live_session") as batch_op:
        batch_op.alter_column("without_phones", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("live_session") as batch_op:
        batch_op.drop_column("without_phones")
        batch_op.drop_column("hands")
