"""Keep the exact sums of a released table, for the audit of the next release"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("release_part", sa.Column("margins", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("release_part") as batch_op:
        batch_op.drop_column("margins")
