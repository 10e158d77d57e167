"""A gemeente can leave; her row stays, because totals bear her name"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # without making the table anew: rows of others name it, and would stop that
    op.add_column("gemeente", sa.Column("left_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("gemeente", "left_on")
