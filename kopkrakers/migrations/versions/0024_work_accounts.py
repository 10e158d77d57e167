"""Signing in with a work account: providers, who is whom there, and the day of the last check"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None
WITHOUT_ROWID = {"sqlite_with_rowid": False}


def upgrade() -> None:
    op.create_table(
        "provider",
        sa.Column("gemeente_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("issuer", sa.String(length=500), nullable=False),
        sa.Column("client_id", sa.String(length=255), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("domains", sa.String(length=1000), nullable=False),
        sa.Column("required", sa.String(length=500), nullable=False),
        sa.Column("trusts_address", sa.Boolean(), nullable=False),
        sa.Column("roles_from", sa.String(length=255), nullable=False),
        sa.Column("roles", sa.String(length=2000), nullable=False),
        sa.Column("renews", sa.Boolean(), nullable=False),
        sa.Column("passwords", sa.Boolean(), nullable=False),
        sa.Column("break_glass", sa.Integer(), nullable=True),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["break_glass"], ["user.id"], name=op.f("fk_provider_break_glass_user")
        ),
        sa.ForeignKeyConstraint(
            ["gemeente_id"], ["gemeente.id"], name=op.f("fk_provider_gemeente_id_gemeente")
        ),
        sa.PrimaryKeyConstraint("gemeente_id", name=op.f("pk_provider")),
        sa.UniqueConstraint("slug", name=op.f("uq_provider_slug")),
    )
    op.create_table(
        "work_account",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_work_account_user_id_user")
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_work_account")),
        sa.UniqueConstraint("user_id", name=op.f("uq_work_account_user_id")),
        sqlite_with_rowid=False,
    )
    op.add_column("browser_session", sa.Column("checked", sa.Date(), nullable=True))
    op.add_column("browser_session", sa.Column("renewal", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM browser_session WHERE checked IS NOT NULL")
    with op.batch_alter_table("browser_session", table_kwargs=WITHOUT_ROWID) as batch_op:
        batch_op.drop_column("renewal")
        batch_op.drop_column("checked")
    op.drop_table("work_account")
    op.drop_table("provider")
