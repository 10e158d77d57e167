"""Keep the codes of gemeenten, as a list of CBS gives them"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gemeente_code",
        sa.Column("gemeente_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("province", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gemeente_id"], ["gemeente.id"], name=op.f("fk_gemeente_code_gemeente_id_gemeente")
        ),
        sa.PrimaryKeyConstraint("gemeente_id", name=op.f("pk_gemeente_code")),
    )


def downgrade() -> None:
    op.drop_table("gemeente_code")
