"""The product with today's dilemma open."""

import pytest
from flask import Flask

from tests.support.pages import Site, open_site
from tests.world import World


@pytest.fixture
def site(app: Flask, world: World) -> Site:
    return open_site(app)
