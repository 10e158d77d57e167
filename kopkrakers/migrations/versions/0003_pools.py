"""Regio's, and the pools of every edition"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "regio",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regio")),
        sa.UniqueConstraint("name", name=op.f("uq_regio_name")),
    )
    op.create_table(
        "pool_assignment",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("gemeente_id", sa.Integer(), nullable=False),
        sa.Column("pool", sa.String(length=20), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["gemeente_id"],
            ["gemeente.id"],
            name=op.f("fk_pool_assignment_gemeente_id_gemeente"),
        ),
        sa.PrimaryKeyConstraint("version", "gemeente_id", name=op.f("pk_pool_assignment")),
    )
    with op.batch_alter_table("gemeente") as batch_op:
        batch_op.add_column(sa.Column("regio_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("regio_mac", sa.LargeBinary(length=32), nullable=True))
        batch_op.add_column(sa.Column("since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("mac", sa.LargeBinary(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_gemeente_regio_id"), ["regio_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_gemeente_regio_id_regio"), "regio", ["regio_id"], ["id"]
        )
    op.add_column("user", sa.Column("since", sa.Date(), nullable=True))
    op.add_column("edition", sa.Column("pools", sa.Integer(), nullable=True))
    op.add_column("edition", sa.Column("pools_mac", sa.LargeBinary(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("edition") as batch_op:
        batch_op.drop_column("pools_mac")
        batch_op.drop_column("pools")
    with op.batch_alter_table("user") as batch_op:
        batch_op.drop_column("since")
    with op.batch_alter_table("gemeente") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_gemeente_regio_id_regio"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_gemeente_regio_id"))
        batch_op.drop_column("mac")
        batch_op.drop_column("since")
        batch_op.drop_column("regio_mac")
        batch_op.drop_column("regio_id")
    op.drop_table("pool_assignment")
    op.drop_table("regio")
