"""Gemeenten with a provider: a real provider program, with the clock of this machine."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.accounts.sso.providers import Provider, keep_provider
from kopkrakers.app import create_app
from kopkrakers.base.config import Settings
from kopkrakers.base.db import Database
from tests.accounts.sso.crooked import Crooked, running
from tests.accounts.sso.walking import Place
from tests.support.world import ROW_KEYS, World


@pytest.fixture(autouse=True)
def without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider program refuses plain HTTP unless it is told that this is a test."""
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def crooked() -> Iterator[Crooked]:
    with running() as crooked:
        crooked.set_user(
            "anna-op-haar-werk",
            email="anna@voorbeeld.nl",
            email_verified=True,
            name="Anna van het werk",
        )
        crooked.set_user(
            "nieuw-1", email="noor@voorbeeld.nl", email_verified=True, name="Noor Nieuw"
        )
        yield crooked


@pytest.fixture
def sso_settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"sso_loopback": True})


@pytest.fixture
def provider(world: World, crooked: Crooked, database: Database) -> Provider:
    """Zaanstad signs in with the provider."""
    provider = Provider(
        gemeente_id=world.zaanstad,
        gemeente="Zaanstad",
        slug="zaanstad",
        issuer=crooked.url,
        client_id="kopkrakers",
        secret="geheim:van de ~registratie",
        domains=("voorbeeld.nl",),
    )
    with database.transaction() as session:
        keep_provider(session, provider, ROW_KEYS)
    return provider


@pytest.fixture
def sso_app(sso_settings: Settings, provider: Provider) -> Iterator[Flask]:
    app = create_app(sso_settings)
    app.testing = True
    yield app
    app.extensions["kopkrakers"].database.dispose()


@pytest.fixture
def browser(sso_app: Flask) -> FlaskClient:
    return sso_app.test_client()


@pytest.fixture
def place(sso_app: Flask, browser: FlaskClient, crooked: Crooked, database: Database) -> Place:
    """A browser, the provider, and the database behind the application."""
    return Place(sso_app, browser, crooked, database)
