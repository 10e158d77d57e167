"""A browser that fills in forms, a real mail server, and people with passwords."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from queue import Queue
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select, update
from sqlmodel import col
from werkzeug.test import TestResponse

from kopkrakers import create_app
from kopkrakers.accounts import passwords
from kopkrakers.accounts.models import User
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.conftest import TestClock
from tests.support.world import World

PASSWORD = "fiets kameel wolk dak"
OTHER_PASSWORD = "lamp rivier steen jas"
QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture
def real_hashes() -> None:
    """Hash as in production, where the cost itself is looked at."""


@pytest.fixture(autouse=True)
def quick_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id too, but of less work."""
    if "real_hashes" not in request.fixturenames:
        monkeypatch.setattr(passwords, "_HASHER", QUICK)
        monkeypatch.setattr(passwords, "_OF_NOBODY", QUICK.hash("niemand"))


class Mailbox:
    """What a real SMTP server received. `arrived()` waits for the next mail."""

    def __init__(self) -> None:
        self._mails: Queue[tuple[list[str], Message]] = Queue()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self._mails.put((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 Taken"

    def arrived(self, *, within: float = 10) -> tuple[list[str], Message]:
        return self._mails.get(timeout=within)

    def link(self) -> str:
        """The path of the link in the next mail."""
        text = self.arrived()[1].get_payload(decode=True).decode()
        found = re.search(r"http://localhost:8000(/\S+)", text)
        assert found is not None, text
        return found[1]

    def is_empty(self) -> bool:
        return self._mails.empty()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail_settings(settings: Settings, mailbox: Mailbox) -> Iterator[Settings]:
    """Settings with a mail server that runs on this machine."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    yield settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_starttls": False}
    )
    server.stop()


@pytest.fixture
def mail_app(mail_settings: Settings, clock: TestClock) -> Iterator[Flask]:
    app = create_app(mail_settings, clock=clock)
    app.testing = True
    yield app
    app.extensions["kopkrakers"].database.dispose()


@pytest.fixture
def with_passwords(database: Database, world: World) -> World:
    """The world, in which everyone has the same password."""
    with database.transaction() as session:
        session.execute(update(User).values(password_hash=passwords.hash_password(PASSWORD)))
    return world


def csrf_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def fill_in(client: FlaskClient, page: str, to: str | None = None, **fields: Any) -> TestResponse:
    """Open a page, fill in its form and send it, to the page itself unless its form goes elsewhere."""
    token = csrf_of(client.get(page))
    return client.post(to or page, data={"csrf_token": token, **fields})


def sign_in(
    client: FlaskClient, address: str = "anna@voorbeeld.nl", password: str = PASSWORD
) -> TestResponse:
    return fill_in(client, "/inloggen", adres=address, wachtwoord=password)


def set_user(database: Database, user_id: int, **values: Any) -> None:
    with database.transaction() as session:
        session.execute(update(User).where(col(User.id) == user_id).values(**values))


def user(database: Database, user_id: int) -> User:
    with database.reading() as session:
        found = session.get(User, user_id)
    assert found is not None
    return found


def find_user(database: Database, email: str) -> User | None:
    with database.reading() as session:
        return session.execute(select(User).where(col(User.email) == email)).scalars().first()
