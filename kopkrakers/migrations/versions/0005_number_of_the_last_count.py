"""The number of the last count, so that a database that was copied back is noticed"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "instance", sa.Column("count_number", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column(
        "instance", sa.Column("count_number_mac", sa.LargeBinary(length=32), nullable=True)
    )
    with op.batch_alter_table("instance") as batch_op:
        batch_op.alter_column("count_number", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("instance") as batch_op:
        batch_op.drop_column("count_number_mac")
        batch_op.drop_column("count_number")
