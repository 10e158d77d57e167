"""The diary in the engines of Firefox and Safari: begin, keep, open, and nothing for a colleague.

Runs where Debian's firefox-esr, and webkit2gtk-driver with xvfb, are installed.
"""

import pytest

from tests.browser.engines.drivers import Engine
from tests.browser.engines.ways import choose, join, sign_out
from tests.browser.parts.diary import LOOK, PHRASE, REASON
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.network import Network

TICK = "document.querySelector('[data-dagboek=begin] [data-veld=snapt]').click()"
LOOK_AT_DEVICE = f"({LOOK})().then((rows) => {{ window.stored = JSON.stringify(rows) }})"


def keep(engine: Engine) -> None:
    """Go from the result to the diary, begin one, and keep what was chosen."""
    engine.press("Bewaar in je dagboek")
    engine.sees("Begin een dagboek")
    engine.write("begin-nieuw", PHRASE)
    engine.write("begin-nogmaals", PHRASE)
    engine.run(TICK)
    engine.press("Begin mijn dagboek")
    engine.sees("Dit toestel weet nog wat je koos.")
    engine.write("boek-waarom", REASON)
    engine.press("Bewaar in mijn dagboek")
    engine.sees("Het staat in je dagboek")


def open_with(engine: Engine, phrase: str) -> None:
    """Try a passphrase on the diary that is shut."""
    engine.sees("Je dagboek is dicht")
    engine.write("dicht-wachtzin", phrase)
    engine.press("Open mijn dagboek")


@pytest.mark.slow
def test_a_diary_is_kept_and_opened_by_its_owner_alone(
    engine: Engine, live: LiveSite, network: Network, request: pytest.FixtureRequest
) -> None:
    here = request.node.callspec.params["engine"]
    join(engine, live, network, f"Fenna-{here}")
    choose(engine, "b")
    engine.press("Doe mijn keuze in de bus")
    engine.sees("Jij koos: Ik doe het anders")
    keep(engine)
    engine.run(LOOK_AT_DEVICE)
    engine.wait("window.stored")
    stored = engine.run("return window.stored")
    assert "sealed" in stored and REASON not in stored and PHRASE not in stored
    engine.go(f"{network.url}/dagboek")
    open_with(engine, "een andere zin dan die")
    engine.sees("Deze wachtzin past niet.")
    open_with(engine, PHRASE)
    engine.sees(REASON)
    engine.sees("Jij koos: B Ik doe het anders")
    # a colleague on the same device does not meet it
    sign_out(engine, network)
    join(engine, live, network, f"Hugo-{here}")
    engine.go(f"{network.url}/dagboek")
    engine.sees("Begin een dagboek")
    assert REASON not in engine.run("return document.body.innerText")
