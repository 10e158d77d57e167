"""What somebody wrote into the database by SQL opens no page: a role, a password, an invitation.

Each attack is shown to work where the product believes every row.
"""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, update

from kopkrakers.accounts import browsers, invitations, joining, passwords, service
from kopkrakers.accounts.chain import signing
from kopkrakers.accounts.invitations import Invitee
from kopkrakers.accounts.models import (
    ACCOUNT_CHANGE,
    GEMEENTE,
    INVITATION,
    MEMBERSHIP,
    USER,
    USER_ROLE,
    Role,
    Status,
)
from kopkrakers.accounts.rules import token_hash
from kopkrakers.base.db import Database
from kopkrakers.base.errors import NotAllowed
from tests.support.clock import StoppedClock
from tests.support.signing_in import OTHER_PASSWORD, PASSWORD, fill_in, find_user, sign_in
from tests.support.world import ROW_KEYS, World, browser_of

ALTERED = "buiten Kopkrakers om veranderd"
TOKEN = "a" * 27


@pytest.fixture
def naive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The product of before: every row is believed."""
    for module in (signing, browsers):
        monkeypatch.setattr(module, "account_holds", lambda _keys, _row: True)
    monkeypatch.setattr(joining, "invitation_holds", lambda _keys, _row: True)


def by_sql(database: Database, *statements: Any) -> None:
    with database.transaction() as session:
        for statement in statements:
            session.connection().execute(statement)


def give_role(database: Database, user_id: int, role: Role) -> None:
    by_sql(database, insert(USER_ROLE).values(user_id=user_id, role=role))


@pytest.mark.usefixtures("naive")
def test_a_role_by_sql_opens_the_beheer_where_rows_are_believed(
    client: FlaskClient, with_passwords: World, database: Database
) -> None:
    give_role(database, with_passwords.anna.id, Role.BEHEERDER)
    assert sign_in(client).status_code == 303
    assert client.get("/beheer").status_code == 200


@pytest.mark.parametrize("role", [Role.BEHEERDER, Role.ONDERZOEKER, Role.REDACTEUR])
def test_a_role_by_sql_lets_nobody_in(
    client: FlaskClient, with_passwords: World, database: Database, role: Role
) -> None:
    give_role(database, with_passwords.anna.id, role)
    refused = sign_in(client)
    assert refused.status_code == 403 and ALTERED in refused.text
    assert client.get("/beheer").status_code == 302


def test_who_is_signed_in_is_signed_out_once_the_account_is_altered(
    app: Flask, with_passwords: World, database: Database, clock: StoppedClock
) -> None:
    anna = browser_of(app, with_passwords.anna)
    assert anna.get("/account").status_code == 200
    give_role(database, with_passwords.anna.id, Role.BEHEERDER)
    clock.move(minutes=1)
    assert anna.get("/account").status_code == 302


@pytest.mark.parametrize(
    "values",
    [
        {"password_hash": None},
        {"email": "mallory@voorbeeld.nl"},
        {"gemeente_id": 2},
        {"name": "Bram"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_an_altered_account_lets_nobody_in(
    client: FlaskClient, with_passwords: World, database: Database, values: dict[str, Any]
) -> None:
    if "password_hash" in values:
        values = {"password_hash": passwords.hash_password(OTHER_PASSWORD)}
    its_row = USER.c.id == with_passwords.anna.id
    by_sql(database, update(USER).where(its_row).values(**values))
    address = values.get("email", "anna@voorbeeld.nl")
    password = OTHER_PASSWORD if "password_hash" in values else PASSWORD
    refused = sign_in(client, address, password)
    assert refused.status_code == 403 and ALTERED in refused.text


def test_a_block_undone_by_sql_lets_nobody_in(
    client: FlaskClient, farid: FlaskClient, with_passwords: World, database: Database
) -> None:
    """The row and its MAC as they were before the block."""
    anna = with_passwords.anna.id
    with database.reading() as session:
        saved = session.execute(select(USER).where(USER.c.id == anna)).one()._asdict()
    page = f"/beheer/mensen/{anna}"
    assert fill_in(farid, page, f"{page}/stilzetten").status_code == 303
    by_sql(database, update(USER).where(USER.c.id == anna).values(**saved))
    assert saved["status"] == Status.ACTIVE
    assert sign_in(client).status_code == 403


def test_the_row_of_a_beheerder_copied_over_an_own_one_lets_nobody_in(
    client: FlaskClient, with_passwords: World, database: Database
) -> None:
    anna, farid = with_passwords.anna.id, with_passwords.farid.id
    with database.reading() as session:
        copied = session.execute(select(USER).where(USER.c.id == farid)).one()._asdict()
    kept = {"id": anna, "email": "anna@voorbeeld.nl", "address_hmac": "anna"}
    by_sql(
        database,
        update(USER).where(USER.c.id == anna).values(**(copied | kept)),
        delete(USER_ROLE).where(USER_ROLE.c.user_id == anna),
        insert(USER_ROLE).values(user_id=anna, role=Role.BEHEERDER),
        delete(MEMBERSHIP).where(MEMBERSHIP.c.user_id == anna),
        update(ACCOUNT_CHANGE).where(ACCOUNT_CHANGE.c.user_id == farid).values(user_id=anna),
    )
    assert sign_in(client).status_code == 403


def test_a_beheerder_cannot_bless_what_was_altered(
    farid: FlaskClient, with_passwords: World, database: Database
) -> None:
    """Another change would sign the row as it is."""
    anna = with_passwords.anna.id
    give_role(database, anna, Role.ONDERZOEKER)
    page = f"/beheer/mensen/{anna}"
    refused = fill_in(farid, page, f"{page}/teams", teams=[])
    assert refused.status_code == 403 and ALTERED in refused.text
    with database.reading() as session:
        teams = select(MEMBERSHIP.c.team_id).where(MEMBERSHIP.c.user_id == anna)
        assert session.execute(teams).scalars().all() == [with_passwords.team_noord]


def put_invitation(database: Database, clock: StoppedClock) -> None:
    """An invitation as beheerder, of which the attacker knows the link."""
    with database.reading() as session:
        gemeente = session.execute(select(GEMEENTE.c.id).limit(1)).scalar_one()
    row = {
        "token_hash": token_hash(TOKEN),
        "kind": "personal",
        "gemeente_id": gemeente,
        "email": "mallory@voorbeeld.nl",
        "name": "Mallory",
        "roles": "beheerder",
        "expires_at": clock() + timedelta(days=1),
        "mailed": True,
    }
    by_sql(database, insert(INVITATION).values(**row))


@pytest.mark.usefixtures("world", "naive")
def test_an_invitation_by_sql_makes_a_beheerder_where_rows_are_believed(
    client: FlaskClient, database: Database, clock: StoppedClock
) -> None:
    put_invitation(database, clock)
    fill_in(client, f"/uitnodiging/{TOKEN}", naam="Mallory", wachtwoord=PASSWORD)
    assert client.get("/beheer").status_code == 200


@pytest.mark.usefixtures("world")
def test_an_invitation_by_sql_makes_no_account(
    client: FlaskClient, database: Database, clock: StoppedClock
) -> None:
    put_invitation(database, clock)
    refused = client.get(f"/uitnodiging/{TOKEN}")
    assert refused.status_code == 403 and "gemaakt of veranderd" in refused.text
    assert find_user(database, "mallory@voorbeeld.nl") is None


@pytest.mark.parametrize("values", [{"roles": "beheerder"}, {"email": "mallory@voorbeeld.nl"}])
def test_an_altered_invitation_does_not_work(
    client: FlaskClient,
    world: World,
    database: Database,
    clock: StoppedClock,
    values: dict[str, str],
) -> None:
    invitee = Invitee("Nieuw", "nieuw@voorbeeld.nl", frozenset({Role.KLANTMANAGER}), None, True)
    with database.transaction() as session:
        token = invitations.invite(
            session, world.zaanstad, invitee, now=clock(), keys=(b"m" * 40,), row_keys=ROW_KEYS
        )
    assert client.get(f"/uitnodiging/{token}").status_code == 200
    by_sql(database, update(INVITATION).values(**values))
    assert client.get(f"/uitnodiging/{token}").status_code == 403


def test_nobody_is_removed_from_an_altered_account(world: World, database: Database) -> None:
    give_role(database, world.bram.id, Role.BEHEERDER)
    with pytest.raises(NotAllowed), database.transaction() as session:
        service.remove_person(session, world.bram.id, (), ROW_KEYS)
