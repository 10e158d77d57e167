"""Keep what people send in, without who, until the redactie is done with it"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_case",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("happened", sa.Text(), nullable=False),
        sa.Column("ways", sa.Text(), nullable=False),
        sa.Column("hard", sa.Text(), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("gemeente", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "state IN ('received', 'taken', 'card', 'declined')",
            name=op.f("ck_sent_case_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["user.id"], name=op.f("fk_sent_case_sender_id_user")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["user.id"], name=op.f("fk_sent_case_taken_by_user")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_sent_case")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sent_case_sender_id"), "sent_case", ["sender_id"])


def downgrade() -> None:
    op.drop_table("sent_case")
