"""Keep how an invitation ended"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# In SQL and not in a batch: on SQLite a batch makes the table anew, without its other checks.
_ADD_ENDED = """
    ALTER TABLE invitation ADD COLUMN ended VARCHAR(10)
    CONSTRAINT ck_invitation_ended_known CHECK (ended IN ('used', 'replaced', 'withdrawn'))
"""
_INVITATION = sa.table(
    "invitation", sa.column("used", sa.Boolean()), sa.column("ended", sa.String())
)


def upgrade() -> None:
    op.execute(_ADD_ENDED)
    used = _INVITATION.update().where(_INVITATION.c.used)
    op.execute(used.values(ended="used"))
    op.drop_column("invitation", "used")


def downgrade() -> None:
    op.add_column(
        "invitation", sa.Column("used", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    ended = _INVITATION.update().where(_INVITATION.c.ended.is_not(None))
    op.execute(ended.values(used=True))
    op.drop_column("invitation", "ended")
