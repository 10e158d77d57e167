"""A client with a working key."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kopkrakers.base.db import Database
from tests.research.pages.api.asking import Ask, key_of
from tests.support.world import World


@pytest.fixture
def ask(app: Flask, database: Database, world: World) -> Ask:
    key = key_of(database, world)
    client = app.test_client()

    def get(path: str, key: str = key, **headers: str) -> TestResponse:
        return client.get(path, headers={"Authorization": f"Bearer {key}", **headers})

    return get
