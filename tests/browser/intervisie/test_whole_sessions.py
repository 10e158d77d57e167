"""Two whole sessions with eight phones, two beamers and a begeleider who leads by phone.

One phone is away for a minute, one sleeps, and the server is killed while votes come in.
At the end nothing is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.intervisie.parts import OPTIONS, QUESTION, write_in_table
from tests.browser.parts import kraak_45
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.network import Network, network_to
from tests.browser.parts.phone import Visit
from tests.browser.parts.screens import (
    LABELS,
    REMOTE,
    VOTE,
    SessionScreens,
    counting,
    open_screens,
    seen,
)
from tests.browser.parts.served_apart import ServedApart, served_apart

BEAMERS: tuple[ViewportSize, ...] = (
    {"width": 1024, "height": 768},
    {"width": 1920, "height": 1080},
)
PHONES = 8
AWAY, ASLEEP = 5, 6
"""The phone without network for a minute, and the one that sleeps."""
MINUTE = 60_000  # milliseconds
WAITS = "Je druk op de knop is bewaard"
AGREED = "We bellen eerst, voordat we schrijven."
ARABIC = "أخاف أن تفقد عملها 😟 والمال يكفي 🏠"


@dataclass
class Led:
    """The screens of one session, and the server behind them."""

    screens: SessionScreens
    server: ServedApart
    network: Network

    def kill(self) -> None:
        """Let the server die; whoever presses a button now has to wait."""
        self.server.kill()

    def start(self) -> None:
        """Let it come back where everybody finds it."""
        self.server.start()
        self.network.lead_to(self.server.port)

    def vote(self, phone: Page, option: str, reason: str) -> None:
        """Choose and press, and look no further."""
        phone.get_by_role("radio", name=option).check()
        for field, text in zip(phone.get_by_role("textbox").all(), [reason], strict=False):
            field.fill(text)
        phone.get_by_role("button", name=VOTE).click()

    def vote_through_everything(self, options: list[str], reasons: list[str]) -> None:
        """Let all vote: one without network, one that slept, and one while the server is away."""
        phones = self.screens.phones
        away, asleep = phones[AWAY], phones[ASLEEP]
        expect(away.get_by_role("button", name=VOTE)).to_be_visible()
        away.context.set_offline(True)
        for place in range(PHONES):
            if place in (AWAY, ASLEEP):
                continue
            if place == PHONES - 1:
                self.kill()
            self.vote(phones[place], options[place], reasons[place])
            told = "Je stem is binnen" if place < PHONES - 1 else WAITS
            expect(seen(phones[place]).get_by_text(told)).to_be_visible()
        self.vote(away, options[AWAY], reasons[AWAY])
        expect(seen(away).get_by_text(WAITS)).to_be_visible()
        self.start()
        expect(seen(phones[-1]).get_by_text("Je stem is binnen")).to_be_visible()
        expect(self.screens.regie.get_by_text(f"open · 6 van {PHONES} binnen")).to_be_visible()
        asleep.clock.resume()
        self.vote(asleep, options[ASLEEP], reasons[ASLEEP])
        away.clock.fast_forward(MINUTE)
        expect(away.get_by_role("radio", name=options[AWAY])).to_be_checked()
        away.context.set_offline(False)
        for phone in (away, asleep):
            expect(seen(phone).get_by_text("Je stem is binnen")).to_be_visible()
        everybody = f"open · {PHONES} van {PHONES} binnen"
        expect(self.screens.regie.get_by_text(everybody)).to_be_visible()


def led(own_site: LiveSite, visit: Visit, folder: Path, werkvorm: str) -> Iterator[Led]:
    """A lobby with eight phones, of which two have a clock that the test moves."""
    database_url = own_site.site(TODAY).state.settings.database_url
    with (
        counting(own_site),
        served_apart(database_url, folder) as server,
        network_to(f"http://127.0.0.1:{server.port}") as network,
    ):
        screens = open_screens(
            own_site,
            visit,
            url=network.url,
            werkvorm=werkvorm,
            leads_on=REMOTE,
            beamers=BEAMERS,
        )
        screens.come_in(PHONES)
        for place in (AWAY, ASLEEP):
            screens.phones[place].clock.install()
        yield Led(screens, server, network)


@pytest.fixture
def led_kraak_45(own_site: LiveSite, visit: Visit, tmp_path: Path) -> Iterator[Led]:
    yield from led(own_site, visit, tmp_path, "kraak-45")


@pytest.fixture
def dilemmamethode(own_site: LiveSite, visit: Visit, tmp_path: Path) -> Iterator[Led]:
    yield from led(own_site, visit, tmp_path, "dilemmamethode")


@pytest.mark.parametrize("own_site", ["sqlite", "postgresql"], indirect=True)
def test_a_whole_kraak_45(led_kraak_45: Led) -> None:
    screens = led_kraak_45.screens
    lobby(screens)
    first_vote(led_kraak_45)
    arguments(screens)
    kraak_45.reveal(screens, "3 van 8")
    kraak_45.second_vote(screens, "cbbbbbcc")
    kraak_45.shift(screens, "35")
    agreements(screens)
    report(screens, "8 stemmen", AGREED, "maandag 21 december 2026", "Reden nummer 5")


def lobby(screens: SessionScreens) -> None:
    screens.all_see("Klopt dit aantal?")
    for scherm in (screens.scherm, *screens.more_beamers):
        expect(scherm.get_by_text(f"{PHONES} telefoons doen mee.")).to_be_visible()
    expect(screens.regie.locator("dd").get_by_text(f"{PHONES} telefoons")).to_be_visible()
    screens.press("Begin met stap 1")
    screens.all_see("Stap 1 van", regie=True)


def to_sleep(screens: SessionScreens) -> None:
    asleep = screens.phones[ASLEEP]
    now = asleep.evaluate("Date.now()")
    asleep.clock.pause_at(now + 10)


def first_vote(led: Led) -> None:
    screens = led.screens
    screens.press("Volgende stap: Kies zelf")
    screens.all_see("gaat zo open")
    to_sleep(screens)
    screens.press("Open de stemming")
    for scherm in (screens.scherm, *screens.more_beamers):
        expect(seen(scherm).get_by_text("De stemming is open").first).to_be_visible()
    labels = [LABELS[option] for option in "aaabbbcc"]
    led.vote_through_everything(labels, [f"Reden nummer {place}." for place in range(PHONES)])
    screens.press("Sluit de stemming")
    screens.all_see("De stemming is dicht.")
    screens.nobody_sees("3 van 8")


def arguments(screens: SessionScreens) -> None:
    kraak_45.one_reason_on_the_scherm(screens)
    screens.press("Zet alles op het scherm")
    for phone in screens.phones:
        for place in range(PHONES):
            expect(phone.get_by_text(f"Reden nummer {place}.")).to_be_visible()
    item = screens.regie.get_by_role("listitem").filter(has_text="Reden nummer 5.")
    tick = item.get_by_role("button", name="In het verslag")
    tick.click()
    expect(tick).to_have_attribute("aria-pressed", "true")
    kraak_45.talk(screens)


def agreements(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Werkafspraken")
    screens.regie.get_by_label("Afspraak 1").fill(AGREED)
    screens.regie.get_by_label("Wanneer kijken jullie terug").fill("2026-12-21")
    screens.press("Bewaar de afspraken")
    screens.all_see(AGREED)


def report(screens: SessionScreens, *texts: str) -> None:
    """End, and read the report on the regie and on a phone."""
    screens.press("Rond af en maak het verslag")
    expect(screens.scherm.get_by_text("Dank jullie wel.")).to_be_visible()
    for page in (screens.regie, screens.phones[AWAY]):
        page.get_by_role("link", name="Lees het verslag").click()
        for text in texts:
            # what can be mended stands in a field too, folded
            expect(page.get_by_text(text).locator("visible=true").first).to_be_visible()


@pytest.mark.parametrize("own_site", ["sqlite"], indirect=True)
def test_a_whole_dilemmamethode(dilemmamethode: Led) -> None:
    screens = dilemmamethode.screens
    lobby(screens)
    moral_question(screens)
    table(screens)
    choice(dilemmamethode)
    reasons(screens)
    figures(screens)
    conclusion(screens)
    report(screens, QUESTION, "We zijn het oneens.", AGREED, ARABIC, "Grootmoeder 0", "8 stemmen")


def moral_question(screens: SessionScreens) -> None:
    for step in ("De casus op het scherpst", "Vraag tot je het voor je ziet", "De morele vraag"):
        screens.press(f"Volgende stap: {step}")
        screens.all_see(step)
    screens.regie.get_by_role("textbox", name="Morele vraag").fill(QUESTION)
    for label, text in OPTIONS.items():
        screens.regie.get_by_role("textbox", name=label).fill(text)
    screens.press("Bewaar en toon")
    screens.all_see(QUESTION)
    screens.all_see("Nadeel: Ik ben niet eerlijk tegen de gemeente")


def table(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Kijk met ieders ogen")
    screens.press("Laat iedereen schrijven")
    for place, phone in enumerate(screens.phones[:6]):
        write_in_table(phone, f"Grootmoeder {place}", "rust", "eerst met haar praten")
    for phone in screens.phones[6:]:
        phone.get_by_role("button", name="Ik heb niets toe te voegen").click()
        expect(seen(phone).get_by_text("Je bent klaar.")).to_be_visible()
    expect(screens.regie.get_by_text(f"open · {PHONES} van {PHONES} binnen")).to_be_visible()
    screens.press("Haal de tabel op")
    screens.press("Zet alle rijen op het scherm")
    for place in range(6):
        for phone in screens.phones:
            expect(phone.get_by_text(f"Grootmoeder {place}")).to_be_visible()
        for scherm in (screens.scherm, *screens.more_beamers):
            # what does not fit is on another page of the scherm
            expect(scherm.get_by_text(f"Grootmoeder {place}")).to_have_count(1)
    screens.press("Bewaar alle rijen in het verslag")
    screens.press("Volgende stap: Andere wegen")
    screens.all_see("Andere wegen")


def choice(led: Led) -> None:
    screens = led.screens
    screens.press("Volgende stap: Schrijf je keuze")
    screens.all_see("gaat zo open")
    to_sleep(screens)
    screens.press("Open de stemming")
    one, _, other, _ = OPTIONS.values()
    options = [one if place < 5 else other for place in range(PHONES)]
    written = [ARABIC if place == AWAY else f"reden nummer {place} telt" for place in range(PHONES)]
    led.vote_through_everything(options, written)
    screens.press("Sluit de stemming")
    screens.all_see("De stemming is dicht.")


def reasons(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Overeenkomst en verschil")
    screens.press("Zet alles op het scherm")
    for phone in screens.phones:
        expect(phone.get_by_text("reden nummer 0 telt")).to_be_visible()
        expect(phone.get_by_text(ARABIC)).to_be_visible()
    screens.press("Bewaar alles in het verslag")


def figures(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Onthul")
    screens.all_see("Stap 9 van 11")
    screens.press("Onthul de cijfers")
    for page in screens.everyone():
        expect(page.get_by_role("cell", name="5 van 8").first).to_be_visible()


def conclusion(screens: SessionScreens) -> None:
    screens.press("Volgende stap: Conclusie en actie")
    screens.regie.get_by_role("textbox", name="Conclusie").fill("We zijn het oneens.")
    screens.regie.get_by_label("Afspraak 1").fill(AGREED)
    screens.press("Volgende stap: Evalueer")
    screens.all_see("Stap 11 van 11", regie=True)
