"""Allow a round for each stelling of a session; those that are there stay what they are"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_NAME = "ck_live_round_number_known"
_WAS = "number IN (1, 2, 3)"
_IS = "number IN (1, 2, 3) OR number > 10"


def upgrade() -> None:
    _allow(_WAS, _IS)


def downgrade() -> None:
    op.execute("DELETE FROM live_round WHERE number > 10")
    _allow(_IS, _WAS)


def _allow(was: str, becomes: str) -> None:
    # SQLite makes the table anew, and has to be told what it was: it does not reflect its checks
    with op.batch_alter_table(
        "live_round", copy_from=_as_it_was(was), table_kwargs={"sqlite_with_rowid": False}
    ) as batch_op:
        batch_op.drop_constraint(op.f(_NAME), type_="check")
        batch_op.create_check_constraint(op.f(_NAME), becomes)


def _as_it_was(numbers: str) -> sa.Table:
    return sa.Table(
        "live_round",
        sa.MetaData(),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'closing', 'closed', 'revealed')",
            name=op.f("ck_live_round_state_known"),
        ),
        sa.CheckConstraint(
            "verdict IN ('none', 'counted', 'alike', 'few', 'others', 'withheld', 'again')",
            name=op.f("ck_live_round_verdict_known"),
        ),
        sa.CheckConstraint(numbers, name=op.f(_NAME)),
        sa.ForeignKeyConstraint(
            ["session_id"], ["live_session.id"], name=op.f("fk_live_round_session_id_live_session")
        ),
        sa.PrimaryKeyConstraint("session_id", "number", name=op.f("pk_live_round")),
    )
