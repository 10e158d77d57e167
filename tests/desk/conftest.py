"""Redacteuren for the tests of the desk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kopkrakers.base.db import Database
from tests.desk.editing import Redacteur, redacteur
from tests.support.world import World, browser_of


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
