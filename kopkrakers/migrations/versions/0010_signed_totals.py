"""Sign totals, so that what SQL changed in them is noticed

The counter signs what there is, once, at its first look after this.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edition_mac",
        sa.Column("dilemma", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("count_number", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("dilemma", "edition", name=op.f("pk_edition_mac")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "total_mac",
        sa.Column("dilemma", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("dilemma", "edition", "kind", "part", name=op.f("pk_total_mac")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("total_mac")
    op.drop_table("edition_mac")
