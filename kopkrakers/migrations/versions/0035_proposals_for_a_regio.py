"""Keep proposals for a regio, and which gemeenten agreed"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "regio_consent",
        sa.Column("proposal", sa.String(length=32), nullable=False),
        sa.Column("gemeente_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("regio_id", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("agreed", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["gemeente.id"], name=op.f("fk_regio_consent_asked_by_gemeente")
        ),
        sa.ForeignKeyConstraint(
            ["gemeente_id"], ["gemeente.id"], name=op.f("fk_regio_consent_gemeente_id_gemeente")
        ),
        sa.ForeignKeyConstraint(
            ["regio_id"], ["regio.id"], name=op.f("fk_regio_consent_regio_id_regio")
        ),
        sa.PrimaryKeyConstraint("proposal", "gemeente_id", name=op.f("pk_regio_consent")),
    )


def downgrade() -> None:
    op.drop_table("regio_consent")
