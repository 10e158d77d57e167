"""A link that was used before an upgrade still says that it was used."""

from sqlalchemy import select, text

from kopkrakers.accounts.models import INVITATION, InvitationEnd
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from kopkrakers.migrations.run import migrate, unmigrate
from tests.support.clock import MONDAY_MORNING
from tests.support.world import World

INSERT = text(
    "INSERT INTO invitation (token_hash, kind, gemeente_id, roles, expires_at, mailed, used)"
    " VALUES (:token, 'personal', :gemeente, '', :expires, :mailed, :used)"
)


def test_a_used_link_stays_used_and_an_open_one_open(
    database: Database, settings: Settings, world: World
) -> None:
    unmigrate(database, "0007")
    with database.transaction() as session:
        for token, used in (("used", True), ("open", False)):
            row = {"token": token, "gemeente": world.zaanstad, "expires": MONDAY_MORNING}
            session.execute(INSERT, row | {"mailed": True, "used": used})
    migrate(database, settings, revision="0008")
    with database.reading() as session:
        kept = session.execute(select(INVITATION.c.token_hash, INVITATION.c.ended)).all()
    migrate(database, settings)
    assert dict(map(tuple, kept)) == {"used": InvitationEnd.USED, "open": None}
