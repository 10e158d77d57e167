"""Let an organisation of researchers stand beside gemeenten"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "gemeente",
        sa.Column("is_organisation", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("gemeente") as batch_op:
        batch_op.alter_column("is_organisation", server_default=None)


def downgrade() -> None:
    op.drop_column("gemeente", "is_organisation")
