"""Keep the dilemma of each week from the chair of leidinggevenden"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chair_week",
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("dilemma", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("monday", name=op.f("pk_chair_week")),
    )


def downgrade() -> None:
    op.drop_table("chair_week")
