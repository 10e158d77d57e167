"""A browser that fills in forms, and people with passwords."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlmodel import col
from werkzeug.test import TestResponse

from kopkrakers.accounts.models import User
from kopkrakers.base.db import Database

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
    """Change the columns of an account."""
    with database.transaction() as session:
        session.execute(update(User).where(col(User.id) == user_id).values(**values))


def user(database: Database, user_id: int) -> User:
    """Return the row of an account."""
    with database.reading() as session:
        found = session.get(User, user_id)
    assert found is not None
    return found


def find_user(database: Database, email: str) -> User | None:
    """Return the row of the account with this address."""
    with database.reading() as session:
        return session.execute(select(User).where(col(User.email) == email)).scalars().first()
