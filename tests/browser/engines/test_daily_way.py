"""The daily way in the engines of Firefox and Safari: sign in, choose, read, and without a network.

Runs where Debian's firefox-esr, and webkit2gtk-driver with xvfb, are installed.
"""

import pytest

from kopkrakers.answers.service import Turn
from tests.browser.engines.drivers import Engine
from tests.browser.engines.ways import WORDS, choose, join, sign_out
from tests.browser.offline.waiting import in_the_box
from tests.browser.parts.live_site import EARLIER, TODAY, LiveSite
from tests.browser.parts.network import Network

LOOK_FOR_LOCKS = """caches.match("/zonder-verbinding/slot")
  .then((kept) => { window.hasLocks = Boolean(kept && navigator.serviceWorker.controller) })"""


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
