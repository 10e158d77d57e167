"""Sign all of an account and of an invitation, and keep a chain of changes to accounts"""

from hashlib import sha256
from hmac import compare_digest, digest
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Keys, Use, keys_for

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEEDS_SECRET = (
    "The tables hold accounts of an earlier version. They can only be signed with the settings: "
    "KOPKRAKERS_SECRET."
)
_USER = sa.table(
    "user",
    *[
        sa.column(name)
        for name in (
            "id",
            "gemeente_id",
            "address_hmac",
            "email",
            "name",
            "password_hash",
            "generation",
            "status",
            "address_proved",
            "mac",
        )
    ],
    sa.column("since", sa.Date()),
)
_INVITATION = sa.table(
    "invitation", *[sa.column(name) for name in ("ended", "email", "name")]
)
_ROLE = sa.table("user_role", sa.column("user_id"), sa.column("role"))
_MEMBER = sa.table("membership", sa.column("user_id"), sa.column("team_id"))
_LINK = sa.table(
    "account_change",
    *[sa.column(name) for name in ("number", "what", "user_id", "state", "previous", "mac")],
)


def upgrade() -> None:
    op.create_table(
        "account_change",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.LargeBinary(length=32), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_account_change")),
    )
    op.create_index(op.f("ix_account_change_user_id"), "account_change", ["user_id"])
    op.add_column("invitation", sa.Column("mac", sa.LargeBinary(length=32), nullable=True))
    connection = op.get_bind()
    # nothing tells an open one that the product made from one made by SQL
    is_open = _INVITATION.update().where(_INVITATION.c.ended.is_(None))
    connection.execute(is_open.values(ended="withdrawn", email=None, name=None))
    accounts = connection.execute(sa.select(_USER).order_by(_USER.c.id)).all()
    if not accounts:
        return
    settings = context.config.attributes.get("settings")
    if settings is None:
        raise ConfigurationError(NEEDS_SECRET)
    _begin_chain(connection, keys_for(Use.ROWS, settings), accounts)


def downgrade() -> None:
    op.drop_column("invitation", "mac")
    op.drop_index(op.f("ix_account_change_user_id"), table_name="account_change")
    op.drop_table("account_change")


def _begin_chain(connection: sa.Connection, keys: Keys, accounts: Any) -> None:
    """Sign anew the accounts that hold until now. One that was made by SQL stays as it is."""
    number, previous = 0, b""
    for account in accounts:
        if account.status != "removed" and not _held(keys, account):
            continue
        state = _mac(keys.current, _fields(connection, account))
        this = sa.update(_USER).where(_USER.c.id == account.id)
        connection.execute(this.values(mac=state))
        number += 1
        link = ("account change", number, "made", account.id, state, previous)
        mac = _mac(keys.current, link)
        row = dict(zip(("number", "what", "user_id", "state", "previous"), link[1:], strict=True))
        connection.execute(sa.insert(_LINK).values(**row, mac=mac))
        previous = mac


def _held(keys: Keys, account: Any) -> bool:
    fields = (
        "account",
        account.id,
        account.gemeente_id,
        account.address_hmac,
        int(account.address_proved),
        _day(account.since),
    )
    mac = bytes(account.mac or b"")
    return any(compare_digest(_mac(key, fields), mac) for key in keys.all)


def _fields(connection: sa.Connection, account: Any) -> tuple[Any, ...]:
    roles = connection.execute(sa.select(_ROLE.c.role).where(_ROLE.c.user_id == account.id))
    teams = connection.execute(sa.select(_MEMBER.c.team_id).where(_MEMBER.c.user_id == account.id))
    return (
        "account",
        account.id,
        account.gemeente_id,
        account.address_hmac,
        account.email or "",
        account.name or "",
        account.password_hash or "",
        account.generation,
        account.status,
        int(account.address_proved),
        _day(account.since),
        ",".join(sorted(f"{len(role)}:{role}" for role in roles.scalars())),
        ",".join(sorted(str(team_id) for team_id in teams.scalars())),
    )


def _day(since: Any) -> str:
    return "" if since is None else str(since.isoformat())


def _mac(key: bytes, fields: tuple[Any, ...]) -> bytes:
    message = b""
    for field in fields:
        part = field if isinstance(field, bytes) else str(field).encode()
        message += len(part).to_bytes(4, "big") + part
    return digest(key, message, sha256)
