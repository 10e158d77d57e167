"""The steps of the tests without a network: the worker, what it keeps, and an answer that waits."""

from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.pseudonyms import Voter
from kopkrakers.ballots.boxes import ENVELOPE
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.network import Network
from tests.browser.parts.page_checks import until_true
from tests.browser.parts.phone import Visit
from tests.browser.parts.walking import choose, press

WAITS = "Je antwoord wacht op verbinding"
WORDS = "Eerst zelf langsgaan."

NO_NETWORK = "Je hebt geen verbinding."
WORKER_READY = """async () => {
  await navigator.serviceWorker.ready;
  const kept = await caches.keys();
  return kept.length > 0 && navigator.serviceWorker.controller !== null;
}"""
CACHES = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found[new URL(request.url).pathname] = await (await cache.match(request)).text();
    }
  }
  return found;
}"""


def opened(visitor: Visitor, visit: Visit, network: Network) -> Page:
    """A phone on which the product was opened once, with a network."""
    phone = visit(visitor, url=network.url, worker=True)
    phone.goto("/")
    until_true(phone, WORKER_READY)
    return phone


def caches_of(phone: Page) -> dict[str, str]:
    """Return everything that the service worker keeps, by address."""
    found: dict[str, str] = phone.evaluate(CACHES)
    return found


def answer_without_network(
    phone: Page, network: Network, option: str = "Ik doe het anders"
) -> None:
    """Choose on an open card, and lose the network before the button is pressed."""
    phone.goto(f"/dilemma/{TODAY}")
    choose(phone, option)
    if "iets anders" in option:
        phone.get_by_label("Wat zou je doen?").fill(WORDS)
    network.cut()
    press(phone, "Doe mijn keuze in de bus")
    expect(phone.get_by_role("heading", name=WAITS)).to_be_focused()


def send_by_itself(phone: Page, network: Network) -> None:
    """Let the browser notice that there is a network."""
    line = phone.context.new_cdp_session(phone)
    found: list[str] = []
    line.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    line.send("ServiceWorker.enable")
    for _ in range(600):  # a busy browser tells late of the worker that it has
        if found:
            break
        phone.wait_for_timeout(50)
    line.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": f"{network.url}/",
            "registrationId": found[-1],
            "tag": "kk-wacht",
            "lastChance": False,
        },
    )


def what_waits(phone: Page) -> dict[str, str]:
    """The answers that wait, by the address they go to."""
    return {at: text for at, text in caches_of(phone).items() if at.endswith("nagekomen")}


def in_the_box(live: LiveSite, person: Visitor) -> int:
    """Return the number of envelopes of this person that wait."""
    pseudonym = Voter(person.id, live.site(TODAY).state.turn_keys).on(TODAY, 1)
    asked = select(func.count()).where(ENVELOPE.c.voter == pseudonym)
    with live.database.reading() as session:
        return int(session.execute(asked).scalar_one())
