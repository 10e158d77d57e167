"""A worker of an older version is replaced, and what waits outlives it."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from kopkrakers.answers.service import Turn
from tests.browser.offline.waiting import answer_without_network, caches_of, opened, what_waits
from tests.browser.parts.live_site import TODAY, LiveSite, serving
from tests.browser.parts.network import Network, network_to
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit

VERSION = re.compile(rb'VERSION = "\w+"')
NOBODY_LOOKS = "() => Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' })"
"""A page that nobody looks at does not ask whether what waits can be sent by now."""
PUT = """async (kept) => {
  const cache = await caches.open("kk-wacht");
  await cache.put("/dilemma/x/1/nagekomen", new Response(kept));
}"""


@pytest.fixture
def older(live: LiveSite) -> Iterator[list[bool]]:
    """Whether the site sends a worker of an older version; a list of one, to change."""
    yield [True]


@pytest.fixture
def network(live: LiveSite, older: list[bool]) -> Iterator[Network]:
    """A network to the same site, whose worker can be an older one."""

    def respond(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if environ["PATH_INFO"] != "/werker.js" or not older[0]:
            return live.app(environ, start)
        script = live.app.test_client().get("/werker.js").data
        start("200 OK", [("Content-Type", "text/javascript"), ("Cache-Control", "no-cache")])
        return [VERSION.sub(b'VERSION = "ouder"', script)]

    with serving(respond) as url, network_to(url) as network:
        yield network


def test_the_next_version_takes_its_place_and_sends_what_waits(
    live: LiveSite, visit: Visit, network: Network, older: list[bool]
) -> None:
    person = live.person()
    phone = opened(person, visit, network)
    assert phone.evaluate("caches.keys()") == ["kk-ouder"]
    answer_without_network(phone, network)
    older[0] = False
    phone.evaluate(NOBODY_LOOKS)
    network.mend()
    phone.evaluate("async () => { await (await navigator.serviceWorker.ready).update() }")
    until_true(phone, "() => caches.has('kk-ouder').then((there) => !there)")
    assert len(what_waits(phone)) == 1
    phone.goto("/")
    expect(phone.get_by_text("Jij koos: Ik doe het anders")).to_be_visible()
    assert live.turn(person, TODAY) is Turn.IN_BOX
    assert "/zonder-verbinding" in caches_of(phone)


def test_a_record_that_cannot_be_read_stands_in_nobodys_way(
    live: LiveSite, visit: Visit, network: Network
) -> None:
    phone = opened(live.person(), visit, network)
    for kept in ("geen json", json.dumps({"antwoord": 5})):
        phone.evaluate(PUT, kept)
        phone.goto("/")
        expect(phone.get_by_role("group", name="Wat doe jij?")).to_be_visible()
