"""A browser that fills in forms, and people with passwords."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlmodel import Session, col
from werkzeug.test import TestResponse

from kopkrakers.accounts.chain.changes import changing
from kopkrakers.accounts.models import Change, User, UserRole
from kopkrakers.base.db import Database
from tests.support.world import ROW_KEYS

PASSWORD = "fiets kameel wolk dak"
OTHER_PASSWORD = "lamp rivier steen jas"


def csrf_of(page: TestResponse) -> str:
    """Return the token in the form of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def fill_in(client: FlaskClient, page: str, to: str | None = None, **fields: Any) -> TestResponse:
    """Open a page, fill in its form and send it: to the page, unless its form goes elsewhere."""
    token = csrf_of(client.get(page))
    return client.post(to or page, data={"csrf_token": token, **fields})


def sign_in(
    client: FlaskClient, address: str = "anna@voorbeeld.nl", password: str = PASSWORD
) -> TestResponse:
    """Sign in by the form, as anna unless another address is given."""
    return fill_in(client, "/inloggen", adres=address, wachtwoord=password)


def set_user(database: Database, user_id: int, **values: Any) -> None:
    """Change the columns of an account, as the product would."""
    with database.transaction() as session, changing(session, ROW_KEYS, user_id, Change.MADE):
        session.execute(update(User).where(col(User.id) == user_id).values(**values))


def user(database: Database, user_id: int) -> User:
    """Return the row of an account."""
    with database.reading() as session:
        found = session.get(User, user_id)
    assert found is not None
    return found


def roles_of(session: Session, user_id: int) -> set[str]:
    """Return the values of the roles of an account."""
    statement = select(col(UserRole.role)).where(col(UserRole.user_id) == user_id)
    return set(session.execute(statement).scalars())


def find_user(database: Database, email: str) -> User | None:
    """Return the row of the account with this address."""
    with database.reading() as session:
        return session.execute(select(User).where(col(User.email) == email)).scalars().first()
