"""On how many pages a scherm shows the step, and which phones said that their number is right"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    leaves = sa.Column("leaves", sa.Integer(), nullable=False, server_default="1")
    op.add_column("live_session", leaves)
    with op.batch_alter_table("live_session") as batch_op:
        batch_op.alter_column("leaves", server_default=None)
    op.add_column("participant", sa.Column("heads_agreed", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("participant") as batch_op:
        batch_op.drop_column("heads_agreed")
    with op.batch_alter_table("live_session") as batch_op:
        batch_op.drop_column("leaves")
