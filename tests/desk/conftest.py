"""Redacteuren for the tests of the desk."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.accounts.models import Role
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.base.db import Database
from tests.support.world import World, add_person, browser_of


@dataclass(frozen=True)
class Redacteur:
    """A redacteur with a browser."""

    who: Visitor
    browser: FlaskClient


def redacteur(app: Flask, database: Database, name: str, gemeente_id: int) -> Redacteur:
    """Somebody new who is a redacteur."""
    with database.transaction() as session:
        who = add_person(session, name, gemeente_id, None, Role.REDACTEUR)
    return Redacteur(who, browser_of(app, who))


@pytest.fixture
def esra(app: Flask, database: Database, world: World) -> Redacteur:
    return redacteur(app, database, "Esra", world.zaanstad)


@pytest.fixture
def guus(app: Flask, database: Database, world: World) -> Redacteur:
    """Of another gemeente than esra."""
    return redacteur(app, database, "Guus", world.almere)


@pytest.fixture
def theme(app: Flask) -> str:
    themes: tuple[str, ...] = app.extensions["kopkrakers"].library.themes()
    return themes[0]


@pytest.fixture
def anna(app: Flask, world: World) -> FlaskClient:
    return browser_of(app, world.anna)
