"""Ways through the product that every engine goes."""

from kopkrakers.accounts.service import visitor_by_email
from kopkrakers.accounts.visitor import Visitor
from tests.browser.engines.drivers import Engine
from tests.browser.parts.live_site import LiveSite
from tests.browser.parts.network import Network
from tests.browser.parts.walking import PASSWORD
from tests.support.world import ROW_KEYS

WORDS = "Eerst zelf langsgaan."


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
