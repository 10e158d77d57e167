"""The roles of which a gemeente asks a second step"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "second_step_rule",
        sa.Column("gemeente_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gemeente_id"], ["gemeente.id"], name=op.f("fk_second_step_rule_gemeente_id_gemeente")
        ),
        sa.PrimaryKeyConstraint("gemeente_id", "role", name=op.f("pk_second_step_rule")),
    )


def downgrade() -> None:
    op.drop_table("second_step_rule")
