"""A phone with a service worker, on a network that a test can cut."""

from collections.abc import Iterator

import pytest

from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.network import Network, network_to


@pytest.fixture
def network(live: LiveSite) -> Iterator[Network]:
    with network_to(live.url) as network:
        yield network
