"""How many accounts a gemeente may have"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("gemeente", sa.Column("places", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("gemeente", "places")
