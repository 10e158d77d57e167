"""Keep turns and envelopes under pseudonyms, so that no table lists who took part"""

from collections.abc import Iterator
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from kopkrakers.base.errors import ConfigurationError
from kopkrakers.base.keys import Keys, Use, keys_for

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEEDS_SECRETS = (
    "The tables hold answers of an earlier version. They can only be carried over with the "
    "settings: KOPKRAKERS_SECRET, and the former KOPKRAKERS_MAC_KEY and KOPKRAKERS_SECRET_KEY."
)
NOT_BACK = (
    "The tables hold turns under pseudonyms. An earlier version cannot read them: put back the "
    "backup that was made before."
)
_LONGEST_USER_ID = 10
_TURNS = sa.table(
    "participation", sa.column("pseudonym"), sa.column("dilemma"), sa.column("edition"), sa.column("state")
)
_ENVELOPES = sa.table(
    "envelope", *[sa.column(name) for name in ("voter", "subject", "edition", "sealed", "mac")]
)


def upgrade() -> None:
    connection = op.get_bind()
    turns = connection.execute(
        sa.text("SELECT user_id, dilemma, edition, state FROM participation")
    ).all()
    envelopes = connection.execute(
        sa.text(
            "SELECT voter, subject, edition, box_id, lived, nights, tried, sealed, mac FROM envelope"
        )
    ).all()
    op.drop_table("participation")
    _make_turns(sa.Column("pseudonym", sa.String(length=32), nullable=False), "pseudonym")
    if not turns and not envelopes:
        return
    settings = context.config.attributes.get("settings")
    if settings is None:
        raise ConfigurationError(NEEDS_SECRETS)
    turn_key = keys_for(Use.TURNS, settings).current
    # in the order of the pseudonyms: the order in which people answered does not come along
    if rows := sorted(_with_pseudonyms(turns, turn_key), key=lambda row: str(row["pseudonym"])):
        connection.execute(sa.insert(_TURNS), rows)
    for envelope in envelopes:
        _carry_over(connection, envelope, turn_key, keys_for(Use.ROWS, settings))


def downgrade() -> None:
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT 1 FROM participation LIMIT 1")).first() is not None:
        raise ConfigurationError(NOT_BACK)
    op.drop_table("participation")
    user_id = sa.Column("user_id", sa.Integer(), nullable=False)
    of_user = sa.ForeignKeyConstraint(
        ["user_id"], ["user.id"], name=op.f("fk_participation_user_id_user")
    )
    _make_turns(user_id, "user_id", of_user)


def _make_turns(person: sa.Column[Any], name: str, *more: Any) -> None:
    op.create_table(
        "participation",
        person,
        sa.Column("dilemma", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "state IN ('in_box', 'taken_back', 'seen', 'not_counted')",
            name=op.f("ck_participation_state_known"),
        ),
        *more,
        sa.PrimaryKeyConstraint(name, "dilemma", "edition", name=op.f("pk_participation")),
        sqlite_with_rowid=False,
    )


def _with_pseudonyms(turns: Any, turn_key: bytes) -> Iterator[dict[str, object]]:
    for turn in turns:
        yield {
            "pseudonym": _pseudonym(turn_key, turn.user_id, turn.dilemma, turn.edition),
            "dilemma": turn.dilemma,
            "edition": turn.edition,
            "state": turn.state,
        }


def _carry_over(connection: Any, envelope: Any, turn_key: bytes, row_keys: Keys) -> None:
    """Put an envelope under the pseudonym of its voter, and sign it anew.

    Those of sessions lie under random ids and stay as they are. One that was altered keeps its MAC:
    the counter refuses it, as it would have.
    """
    voter = envelope.voter
    if len(voter) > _LONGEST_USER_ID or not voter.isdigit():
        return
    pseudonym = _pseudonym(turn_key, int(voter), envelope.subject, envelope.edition)
    signed = _fields(envelope, voter)
    mac = envelope.mac
    if any(compare_digest(_mac(key, signed), bytes(mac)) for key in row_keys.all):
        mac = _mac(row_keys.current, _fields(envelope, pseudonym))
    its_row = (
        _ENVELOPES.c.voter == voter,
        _ENVELOPES.c.subject == envelope.subject,
        _ENVELOPES.c.edition == envelope.edition,
    )
    connection.execute(sa.update(_ENVELOPES).where(*its_row).values(voter=pseudonym, mac=mac))


def _pseudonym(key: bytes, user_id: int, dilemma: str, edition: int) -> str:
    text = f"kopkrakers turn\0{user_id}\0{dilemma}\0{edition}"
    return digest(key, text.encode(), sha256).hex()[:32]


def _fields(envelope: Any, voter: str) -> tuple[Any, ...]:
    return (
        "envelope",
        voter,
        envelope.subject,
        envelope.edition,
        envelope.box_id,
        int(envelope.lived),
        envelope.nights,
        int(envelope.tried),
        bytes(envelope.sealed),
    )


def _mac(key: bytes, fields: tuple[Any, ...]) -> bytes:
    message = b""
    for field in fields:
        part = field if isinstance(field, bytes) else str(field).encode()
        message += len(part).to_bytes(4, "big") + part
    return digest(key, message, sha256)
