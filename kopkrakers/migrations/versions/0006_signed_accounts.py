"""Sign accounts, so that rows made by SQL count for nothing"""

from hashlib import sha256
from hmac import digest
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Use, keys_for

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEEDS_SECRET = (
    "The tables hold accounts of an earlier version. They can only be signed with the settings: "
    "KOPKRAKERS_SECRET."
)
_COLUMNS = ("id", "gemeente_id", "address_hmac", "address_proved", "since", "status")
_USER = sa.table(
    "user",
    *[sa.column(name) for name in _COLUMNS if name != "since"],
    sa.column("since", sa.Date()),
    sa.column("mac", sa.LargeBinary()),
)


def upgrade() -> None:
    op.add_column("user", sa.Column("mac", sa.LargeBinary(length=32), nullable=True))
    connection = op.get_bind()
    accounts = connection.execute(
        sa.select(*[_USER.c[name] for name in _COLUMNS]).where(_USER.c.status != "removed")
    ).all()
    if not accounts:
        return
    settings = context.config.attributes.get("settings")
    if settings is None:
        raise ConfigurationError(NEEDS_SECRET)
    key = keys_for(Use.ROWS, settings).current
    for account in accounts:
        this = sa.update(_USER).where(_USER.c.id == account.id)
        connection.execute(this.values(mac=_mac(key, account)))


def downgrade() -> None:
    # not in a batch, which makes the table anew on SQLite: others refer to its rows
    op.drop_column("user", "mac")


def _mac(key: bytes, account: Any) -> bytes:
    fields = (
        "account",
        account.id,
        account.gemeente_id,
        account.address_hmac,
        int(account.address_proved),
        "" if account.since is None else account.since.isoformat(),
    )
    message = b""
    for field in fields:
        part = str(field).encode()
        message += len(part).to_bytes(4, "big") + part
    return digest(key, message, sha256)
