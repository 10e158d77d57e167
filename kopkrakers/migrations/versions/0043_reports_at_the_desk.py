"""Keep what readers say is wrong on a card, and the day of the mail to the redactie"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "card_report",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("gemeente", sa.String(length=80), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["user.id"], name=op.f("fk_card_report_sender_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["user.id"], name=op.f("fk_card_report_taken_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_report")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_card_report_sender_id", "card_report", ["sender_id"])
    op.create_table(
        "desk_mail",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_desk_mail")),
    )


def downgrade() -> None:
    op.drop_table("desk_mail")
    op.drop_table("card_report")
