"""Each engine that is installed here, and a network to the site."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.engines.drivers import Engine, missing, started
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.network import Network, network_to


@pytest.fixture(params=["firefox", "webkit"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if lacks := missing(request.param):
        pytest.skip(f"not installed here: {lacks}")
    with started(request.param, tmp_path) as engine:
        yield engine


@pytest.fixture
def network(live: LiveSite) -> Iterator[Network]:
    with network_to(live.url) as network:
        yield network
