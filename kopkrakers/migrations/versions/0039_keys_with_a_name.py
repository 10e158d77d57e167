"""Give keys of the API a name and the month of their last use"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "api_token", sa.Column("name", sa.String(length=60), nullable=False, server_default="")
    )
    op.add_column("api_token", sa.Column("last_month", sa.String(length=7), nullable=True))
    with op.batch_alter_table("api_token") as batch_op:
        batch_op.alter_column("name", server_default=None)


def downgrade() -> None:
    op.drop_column("api_token", "last_month")
    op.drop_column("api_token", "name")
