"""Keep a digest of all pools with an edition, so that one that was deleted is noticed"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition", sa.Column("pools_digest", sa.LargeBinary(length=32), nullable=True))


def downgrade() -> None:
    # not in a batch, which makes the table anew on SQLite
    op.drop_column("edition", "pools_digest")
