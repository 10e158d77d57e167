"""Who led a session before somebody took it over"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("live_session") as batch_op:
        batch_op.add_column(sa.Column("former_id", sa.Integer(), nullable=True))
        name = batch_op.f("fk_live_session_former_id_user")
        batch_op.create_foreign_key(name, "user", ["former_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("live_session") as batch_op:
        name = batch_op.f("fk_live_session_former_id_user")
        batch_op.drop_constraint(name, type_="foreignkey")
        batch_op.drop_column("former_id")
