"""An invitation of which nobody knows that its mail left"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # its default stays: to take it away SQLite would build the table anew, and then the columns of
    # earlier migrations can no longer be dropped
    op.add_column(
        "invitation", sa.Column("unsent", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("invitation", "unsent")
