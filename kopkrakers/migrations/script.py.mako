<%!
def plain(commands):
    """Without the comments of the tool."""
    lines = [line for line in (commands or "").splitlines() if not line.strip().startswith("# ###")]
    return "\n".join(lines).strip() or "pass"
%>\
"""${message}"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${plain(upgrades)}


def downgrade() -> None:
    ${plain(downgrades)}
