"""The daily way in the engines of Firefox and Safari: sign in, choose, read, and without a network.

Runs where Debian's firefox-esr, and webkit2gtk-driver with xvfb, are installed.
"""

import pytest

from kopkrakers.accounts.service import visitor_by_email
from kopkrakers.accounts.visitor import Visitor
from kopkrakers.answers.service import Turn
from tests.browser.engines.drivers import Engine
from tests.browser.offline.waiting import in_the_box
from tests.browser.parts.live_site import EARLIER, TODAY, LiveSite
from tests.browser.parts.network import Network
from tests.browser.parts.walking import PASSWORD
from tests.support.world import ROW_KEYS

WORDS = "Eerst zelf langsgaan."
LOOK_FOR_LOCKS = """caches.match("/zonder-verbinding/slot")
  .then((kept) => { window.hasLocks = Boolean(kept && navigator.serviceWorker.controller) })"""


def join(engine: Engine, live: LiveSite, network: Network, name: str) -> Visitor:
    """Take up an invitation, sign out, and sign in as every day; gives who it is."""
    engine.go(live.invitation(name).replace(live.url, network.url))
    engine.fill("wachtwoord", PASSWORD)
    engine.press("Maak mijn account")
    engine.sees("Wat doe jij?")
    sign_out(engine, network)
    engine.fill("adres", f"{name.lower()}@voorbeeld.nl")
    engine.fill("wachtwoord", PASSWORD)
    engine.press("Log in")
    engine.sees("Wat doe jij?")
    with live.database.reading() as session:
        return visitor_by_email(session, f"{name.lower()}@voorbeeld.nl", ROW_KEYS)


def sign_out(engine: Engine, network: Network) -> None:
    """Sign out, on the page of the account."""
    engine.go(f"{network.url}/account")
    engine.press("Log uit")
    engine.sees("Je bent uitgelogd.")


def choose(engine: Engine, option: str) -> None:
    """Choose a werkwijze and what tipped it."""
    engine.check("optie", option)
    if option == "x":
        engine.run("document.getElementById('anders-woorden').value = arguments[0]", WORDS)
    engine.check("doorslag", "b")


def wait_for_locks(engine: Engine) -> None:
    """Wait until this browser can do without a network."""
    engine.wait(f"({LOOK_FOR_LOCKS}, window.hasLocks)")


@pytest.mark.slow
def test_two_people_have_their_day(
    engine: Engine, live: LiveSite, network: Network, request: pytest.FixtureRequest
) -> None:
    here = request.node.callspec.params["engine"]
    person = join(engine, live, network, f"Elke-{here}")
    # the network breaks off when the answer is sent
    engine.go(f"{network.url}/dilemma/{EARLIER}")
    wait_for_locks(engine)
    choose(engine, "x")
    network.cut()
    engine.press("Doe mijn keuze in de bus")
    engine.sees("Je antwoord wacht op verbinding")
    network.mend()
    engine.go(f"{network.url}/")
    engine.sees("Je antwoord zit in de bus.")
    engine.sees("Jij koos: Ik zou iets anders doen")
    engine.sees(WORDS)
    # the card itself is opened without one
    engine.go(f"{network.url}/")
    wait_for_locks(engine)
    network.cut()
    engine.go(f"{network.url}/")
    engine.sees("Je hebt geen verbinding.")
    engine.sees("Wat doe jij?")
    choose(engine, "b")
    engine.press("Doe mijn keuze op slot")
    engine.sees("Je antwoord wacht op verbinding")
    assert live.turn(person, TODAY) is Turn.NONE
    network.mend()
    engine.go(f"{network.url}/")
    engine.sees("Jij koos: Ik doe het anders")
    assert (live.turn(person, TODAY), in_the_box(live, person)) == (Turn.IN_BOX, 1)
    # somebody else on the same device, with a network
    sign_out(engine, network)
    other = join(engine, live, network, f"Noor-{here}")
    choose(engine, "a")
    engine.press("Doe mijn keuze in de bus")
    engine.sees("Jij koos: Ik doe het zo")
    assert (live.turn(other, TODAY), in_the_box(live, other)) == (Turn.IN_BOX, 1)
