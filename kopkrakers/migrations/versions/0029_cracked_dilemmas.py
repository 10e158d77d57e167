"""Remember for a week which dilemma a team cracked, and say so of a vote"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_NAME = "ck_live_round_verdict_known"
_WAS = "verdict IN ('none', 'counted', 'alike', 'few', 'others', 'withheld')"
_IS = "verdict IN ('none', 'counted', 'alike', 'few', 'others', 'withheld', 'again')"


def upgrade() -> None:
    op.create_table(
        "cracked_dilemma",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("dilemma", sa.String(length=80), nullable=False),
        sa.Column("cracked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_cracked_dilemma_team_id_team")
        ),
        sa.PrimaryKeyConstraint("team_id", "dilemma", name=op.f("pk_cracked_dilemma")),
        sqlite_with_rowid=False,
    )
    _allow(_WAS, _IS)


def downgrade() -> None:
    op.execute("UPDATE live_round SET verdict = 'withheld' WHERE verdict = 'again'")
    _allow(_IS, _WAS)
    op.drop_table("cracked_dilemma")


def _allow(was: str, becomes: str) -> None:
    # SQLite makes the table anew, and has to be told what it was: it does not reflect its checks
    with op.batch_alter_table(
        "live_round", copy_from=_as_it_was(was), table_kwargs={"sqlite_with_rowid": False}
    ) as batch_op:
        batch_op.drop_constraint(op.f(_NAME), type_="check")
        batch_op.create_check_constraint(op.f(_NAME), becomes)


def _as_it_was(verdicts: str) -> sa.Table:
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
        sa.CheckConstraint(verdicts, name=op.f(_NAME)),
        sa.CheckConstraint("number IN (1, 2, 3)", name=op.f("ck_live_round_number_known")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["live_session.id"], name=op.f("fk_live_round_session_id_live_session")
        ),
        sa.PrimaryKeyConstraint("session_id", "number", name=op.f("pk_live_round")),
    )
