"""Keep beside each name what lists of people are sorted and searched by"""

import sqlalchemy as sa
from alembic import op

from kopkrakers.base.typed import fold

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_USER = sa.table("user", sa.column("id"), sa.column("name"), sa.column("sort_name"))


def upgrade() -> None:
    by_code_point = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("user", sa.Column("sort_name", by_code_point, nullable=False, server_default=""))
    connection = op.get_bind()
    named = sa.select(_USER.c.id, _USER.c.name).where(_USER.c.name.is_not(None))
    rows = [{"this": row.id, "folded": fold(row.name)} for row in connection.execute(named)]
    fill = sa.update(_USER).where(_USER.c.id == sa.bindparam("this"))
    if rows:
        connection.execute(fill.values(sort_name=sa.bindparam("folded")), rows)
    op.create_index("ix_user_gemeente_id_sort_name", "user", ["gemeente_id", "sort_name"])


def downgrade() -> None:
    # not in a batch, which makes the table anew on SQLite: others refer to its rows
    op.drop_index("ix_user_gemeente_id_sort_name", table_name="user")
    op.drop_column("user", "sort_name")
