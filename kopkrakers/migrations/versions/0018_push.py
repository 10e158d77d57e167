"""Push messages beside the mail"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
WITHOUT_ROWID = {"sqlite_with_rowid": False}
BOTH, MAIL_ALONE = "kind IN ('mail', 'push')", "kind IN ('mail')"


def upgrade() -> None:
    with op.batch_alter_table("reminder", table_kwargs=WITHOUT_ROWID) as batch_op:
        batch_op.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
        batch_op.drop_constraint(op.f("ck_reminder_kind_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_reminder_kind_known"), BOTH)


def downgrade() -> None:
    op.execute("DELETE FROM reminder WHERE kind = 'push'")
    with op.batch_alter_table("reminder", table_kwargs=WITHOUT_ROWID) as batch_op:
        batch_op.drop_column("sealed")
        batch_op.drop_constraint(op.f("ck_reminder_kind_known"), type_="check")
        batch_op.create_check_constraint(op.f("ck_reminder_kind_known"), MAIL_ALONE)

