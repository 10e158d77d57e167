"""Count leidinggevenden apart, on cards of both chairs"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chair",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_chair_user_id_user")),
        sa.PrimaryKeyConstraint("user_id", "since", name=op.f("pk_chair")),
    )
    op.add_column(
        "edition",
        sa.Column("two_chairs", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("edition") as batch_op:
        batch_op.alter_column("two_chairs", server_default=None)


def downgrade() -> None:
    op.drop_column("edition", "two_chairs")
    op.drop_table("chair")
