"""What a session looks back at, and the order of the reports of one day"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("live_session", sa.Column("look_back", sa.Text(), nullable=True))
    place = sa.Column("place", sa.Integer(), nullable=False, server_default="0")
    op.add_column("report", place)
    with op.batch_alter_table("report") as batch_op:
        batch_op.alter_column("place", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("report") as batch_op:
        batch_op.drop_column("place")
    with op.batch_alter_table("live_session") as batch_op:
        batch_op.drop_column("look_back")
