"""Keep cards that are written in the browser, with their versions"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stored_card",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["user.id"], name=op.f("fk_stored_card_asked_by_user")
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_stored_card")),
    )
    op.create_table(
        "card_version",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["slug"], ["stored_card.slug"], name=op.f("fk_card_version_slug_stored_card")
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["user.id"], name=op.f("fk_card_version_written_by_user")
        ),
        sa.PrimaryKeyConstraint("slug", "number", name=op.f("pk_card_version")),
    )


def downgrade() -> None:
    op.drop_table("card_version")
    op.drop_table("stored_card")
