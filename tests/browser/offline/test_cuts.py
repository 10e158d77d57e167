"""Whenever the network breaks off or the server dies, an answer arrives exactly once.

`KOPKRAKERS_TEST_CUTS=100` cuts more often, `KOPKRAKERS_TEST_SEED=7` elsewhere.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic

import pytest
from playwright.sync_api import Error, Page

from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.service import Turn
from tests.browser.offline.waiting import WORKER_READY, in_the_box
from tests.browser.parts.live_site import TODAY, LiveSite, live_site
from tests.browser.parts.network import Network, network_to
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.served_apart import ServedApart, served_apart
from tests.browser.parts.walking import choose, press
from tests.support.databases import making
from tests.support.running import until

IS_ASKED_FOR = "KOPKRAKERS_TEST_CUTS" in os.environ
CUTS = int(os.environ.get("KOPKRAKERS_TEST_CUTS", "20"))
SEED = int(os.environ.get("KOPKRAKERS_TEST_SEED", "1"))
SECONDS = 45
"""After which no more are tried, unless more were asked for."""
LONGEST = 14_000
"""Bytes of an answer and its reply, and some more."""
KILLED = 0.15
"""The share of tries in which the server dies too."""
OPENED_WITHOUT = 0.25
"""The share of tries in which the card itself was opened without a network."""
FORGET_LOCKS = """async () => {
  for (const name of await caches.keys()) {
    await (await caches.open(name)).delete("/zonder-verbinding/slot");
  }
}"""
HAS_LOCKS = "() => caches.match('/zonder-verbinding/slot')"
CUT_HEADERS = (
    "Error with Permissions-Policy header",
    "The source list for the Content Security",
    "Unrecognized Content-Security-Policy directive",
    "The Content-Security-Policy directive",
    "Failed to set referrer policy",
)
"""Chromium's lines for a header that broke off halfway."""
OPTIONS = ("Ik doe het zo", "Ik doe het anders", "Ik doe het samen met hem")
STILL_WAITS = """async () => {
  if (!(await caches.has("kk-wacht"))) return false;
  const cache = await caches.open("kk-wacht");
  const records = (await cache.keys()).map(async (url) => (await cache.match(url))?.json());
  // one may go between being named and being read
  return (await Promise.all(records)).some((record) => record && !record.stand);
}"""
IS_OVER = """() => document.querySelector("[data-uitslag], [data-wacht]")
  || document.readyState === "complete" && !document.querySelector("#keuze")"""
"""The result, the page without a network, or what came of a page that broke off."""


@dataclass
class Trials:
    """A phone, a network and a server that goes down now and then."""

    live: LiveSite
    phone: Page
    network: Network
    server: ServedApart
    random: Random

    def sign_in(self) -> Visitor:
        """Let somebody new use the phone."""
        person = self.live.person()
        name, value = self.live.cookie(person)
        self.phone.context.clear_cookies()
        cookie = {"name": name, "value": value, "url": self.network.url}
        self.phone.context.add_cookies([cookie])  # type: ignore[list-item]
        self._stop_worker()
        return person

    def _stop_worker(self) -> None:
        """End what the worker still fetches for whoever was here before: cookies do not tell it, as
        signing in does, that its locks are somebody else's.
        """
        line = self.phone.context.new_cdp_session(self.phone)
        line.send("ServiceWorker.enable")
        line.send("ServiceWorker.stopAllWorkers")
        line.detach()

    def answer(self) -> None:
        """Answer, with or without a network; it breaks off somewhere in between."""
        if self.random.random() < OPENED_WITHOUT:
            self.answer_without_network()
        else:
            self.answer_with_network()

    def answer_without_network(self) -> None:
        """Choose on the card that was opened without a network."""
        self.phone.evaluate(FORGET_LOCKS)
        self.phone.goto("/")
        until_true(self.phone, HAS_LOCKS)
        self.network.cut()
        self.phone.goto("/")
        choose(self.phone, self.random.choice(OPTIONS))
        press(self.phone, "Doe mijn keuze op slot")
        self.phone.wait_for_selector("[data-wacht]:not([hidden])")

    def answer_with_network(self) -> None:
        """Answer on a card, while the network breaks off."""
        self.phone.goto(f"/dilemma/{TODAY}")
        choose(self.phone, self.random.choice(OPTIONS))
        self.network.cut_after(self.random.randrange(LONGEST))
        press(self.phone, "Doe mijn keuze in de bus")
        if self.random.random() < KILLED:
            self.phone.wait_for_timeout(self.random.randrange(120))
            self.kill()
        until_true(self.phone, IS_OVER)

    def kill(self) -> None:
        """Kill the server and start it again."""
        self.server.kill()
        self.server.start()
        self.network.lead_to(self.server.port)

    def come_back(self) -> None:
        """Open the product until nothing waits; the network breaks off at first."""
        for _ in range(self.random.randrange(3)):
            self.network.mend()
            self.network.cut_after(self.random.randrange(LONGEST))
            self.opens()
        self.network.mend()
        until(self.opens, "the product does not open")
        # the worker sends beside the page, which may be there first
        until_true(self.phone, f"async () => !(await ({STILL_WAITS})())")

    def opens(self) -> bool:
        """Whether the product opens; the page that stood there may go on by itself meanwhile."""
        try:
            self.phone.goto("/")
        except Error:
            return False
        return True


@pytest.mark.slow
def test_an_answer_arrives_exactly_once(
    sqlite_template: Path, tmp_path: Path, visit: Visit
) -> None:
    url = making.copy_sqlite(sqlite_template, tmp_path)
    with (
        live_site(tmp_path, url, mail=False) as live,
        served_apart(url, tmp_path) as server,
        network_to(f"http://127.0.0.1:{server.port}") as network,
    ):
        phone = visit(live.person(), site=live, url=network.url, worker=True, expected=CUT_HEADERS)
        trials = Trials(live, phone, network, server, Random(SEED))
        trials.sign_in()
        phone.goto("/")
        until_true(phone, WORKER_READY)
        began, tried = monotonic(), 0
        while tried < CUTS and (IS_ASKED_FOR or monotonic() - began < SECONDS):
            person = trials.sign_in()
            trials.answer()
            trials.come_back()
            at = f"seed {SEED}, try {tried}"
            assert (live.turn(person, TODAY), in_the_box(live, person)) == (Turn.IN_BOX, 1), at
            tried += 1
        assert tried >= min(CUTS, 5)
