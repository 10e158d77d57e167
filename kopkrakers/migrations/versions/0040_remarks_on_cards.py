"""Keep remarks on cards of the desk, and who is busy with one"""

import sqlalchemy as sa
from alembic import op

from kopkrakers.base.db import UTCDateTime

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("stored_card") as batch_op:
        batch_op.add_column(sa.Column("busy_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("busy_at", UTCDateTime(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_stored_card_busy_by_user"), "user", ["busy_by"], ["id"]
        )
    op.create_table(
        "card_remark",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=30), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["slug"], ["stored_card.slug"], name=op.f("fk_card_remark_slug_stored_card")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user.id"], name=op.f("fk_card_remark_written_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_remark")),
    )
    op.create_index("ix_card_remark_slug", "card_remark", ["slug"])


def downgrade() -> None:
    op.drop_table("card_remark")
    with op.batch_alter_table("stored_card") as batch_op:
        batch_op.drop_constraint(op.f("fk_stored_card_busy_by_user"), type_="foreignkey")
        batch_op.drop_column("busy_at")
        batch_op.drop_column("busy_by")
