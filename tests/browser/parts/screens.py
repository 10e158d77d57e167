"""A session on its screens: regie, scherm and phones, while the real counter runs."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

from flask.testing import FlaskClient
from playwright.sync_api import Locator, Page, ViewportSize, expect

from kopkrakers.counter.build import QUICK_JOBS, make_counter
from kopkrakers.counter.loop import keep_looking
from tests.browser.parts.live_site import TODAY, LiveSite
from tests.browser.parts.page_checks import faults_of
from tests.browser.parts.phone import Visit
from tests.support.running import until

LAPTOP: ViewportSize = {"width": 1280, "height": 800}
BEAMER: ViewportSize = {"width": 1280, "height": 720}
SMALL_BEAMER: ViewportSize = {"width": 800, "height": 600}
REMOTE: ViewportSize = {"width": 360, "height": 640}
"""A phone that leads."""
VOTE = "Doe mijn stem in de bus"
YES = "Ja, dat klopt"
LABELS = {"a": "Ik doe het zo", "b": "Ik doe het anders", "c": "Ik doe het samen met hem"}
HIDDEN = re.compile(r'type="hidden"\s+name="(\w+)" value="([^"]*)"')
"""What a form sends that nobody fills in."""
TOO_SMALL = """() => {
  const scale = (svg) => svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
  const scherm = document.querySelector(".ki-scherm");
  const walker = document.createTreeWalker(scherm, NodeFilter.SHOW_TEXT);
  const small = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const unseen = element.closest(".kk-aloud, caption, [hidden]");
    if (unseen || !walker.currentNode.textContent.trim()) continue;
    const size = parseFloat(getComputedStyle(element).fontSize) * scale(element.closest("svg"));
    if (size < 31.9) small.push(`${size.toFixed(1)}: ${element.textContent.trim().slice(0, 30)}`);
  }
  return small;
}"""
OVERFLOWS = """() => {
  const page = document.scrollingElement;
  const found = page.scrollWidth > innerWidth ? ["sideways"] : [];
  if (page.scrollHeight > innerHeight) found.push("down");
  return found;
}"""


@contextmanager
def counting(live: LiveSite) -> Iterator[None]:
    """The counter's own loop, in a thread."""
    state, stop = live.site(TODAY).state, Event()
    counter = make_counter(state.settings, state.database, state.library)
    how = {"args": (counter, state.library, live.clock, stop, QUICK_JOBS), "daemon": True}
    thread = Thread(target=keep_looking, **how)  # type: ignore[arg-type]
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@dataclass
class SessionScreens:
    """Everything that shows the session: a laptop, a beamer and phones.

    `url`: where the phones come in; empty for the site itself.
    `unseen`: phones whose pages nobody looks at, without a browser around them.
    """

    live: LiveSite
    visit: Visit
    regie: Page
    scherm: Page
    code: str
    url: str = ""
    phones: list[Page] = field(default_factory=list)
    more_beamers: list[Page] = field(default_factory=list)
    unseen: list[FlaskClient] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Return the address at which a phone follows the session."""
        return f"/m/{self.code}"

    def press(self, name: str) -> None:
        """A button of the regie. Before a vote opens, two people say that their number is right."""
        if name == "Open de stemming":
            self.agree_on_heads()
        # the press before was answered, and does not wait to be sent once more
        expect(self.regie.locator(".ki-bezig, [data-onderweg]:visible")).to_have_count(0)
        self.regie.get_by_role("button", name=name).first.click()

    def agree_on_heads(self) -> None:
        """Whoever is asked says so; two are enough. Nothing, when the vote can open already."""
        asked = self.regie.get_by_text("Vraag: klopt het aantal?")
        may_open = self.regie.get_by_role("button", name="Open de stemming")
        expect(asked.or_(may_open).first).to_be_visible()
        if asked.count():
            self.agree_by_phones()

    def agree_by_phones(self) -> None:
        """Two phones say that their number is right, whatever the regie shows."""
        heads = str(len(self.phones) + len(self.unseen))
        for phone in self.phones[:2]:
            expect(phone.locator(".ki-aantal strong")).to_have_text(heads)
            yes = phone.get_by_role("button", name=YES)
            yes.click()
            expect(yes).to_have_count(0)
        for unseen in self.unseen[: max(0, 2 - len(self.phones))]:
            self._send(unseen, "/klopt")

    def come_in(self, how_many: int = 1, **more: Any) -> Page:
        """Phones that scan the code and press the button; gives the last."""
        for _ in range(how_many):
            phone = self.visit(site=self.live, url=self.url, **more)
            phone.goto(self.address)
            phone.get_by_role("button", name="Doe mee").click()
            expect(seen(phone).get_by_text("Je bent binnen")).to_be_visible()
            self.phones.append(phone)
        return self.phones[-1]

    def come_in_unseen(self, how_many: int) -> None:
        """More phones, for a test that looks at other screens: a browser costs the most."""
        for _ in range(how_many):
            phone = self.live.app.test_client()
            self._send(phone, "/doe-mee")
            self.unseen.append(phone)

    def _send(self, unseen: FlaskClient, what: str, **fields: str) -> None:
        """Send a form once it is there: what the regie pressed may still be on its way."""
        to = f"{self.address}{what}"
        pages: list[str] = []

        def is_there() -> bool:
            pages.append(unseen.get(self.address).text)
            return f'action="{to}"' in pages[-1]

        until(is_there, f"no form for {to}")
        sent = unseen.post(to, data=dict(HIDDEN.findall(pages[-1])) | fields)
        assert sent.status_code == 303, sent.text

    def everyone(self) -> list[Page]:
        """Beamers and phones: whoever must not see figures too soon."""
        return [self.scherm, *self.more_beamers, *self.phones]

    def all_see(self, text: str, *, regie: bool = False) -> None:
        """Beamer and phones show this, without anybody touching them."""
        for page in [*self.everyone(), *([self.regie] if regie else [])]:
            expect(seen(page).get_by_text(text).first).to_be_visible()

    def nobody_sees(self, text: str) -> None:
        """Neither on beamer nor phones, neither on the regie, in text or source."""
        for page in [*self.everyone(), self.regie]:
            assert text not in (seen(page).inner_text())

    def vote(self, options: str, reasons: Callable[[int], str] = "".format) -> None:
        """Each phone chooses one of these and sends it; first those in a browser."""
        here = len(self.phones)
        for place, (phone, option) in enumerate(zip(self.phones, options[:here], strict=True)):
            phone.get_by_role("radio", name=LABELS[option]).check()
            if reason := reasons(place):
                phone.get_by_label("Wat is je belangrijkste reden?").fill(reason)
            phone.get_by_role("button", name=VOTE).click()
            expect(seen(phone).get_by_text("Je stem is binnen")).to_be_visible()
        for place, (unseen, option) in enumerate(
            zip(self.unseen, options[here:], strict=True), start=here
        ):
            self._send(unseen, "/stem", optie=option, reden=reasons(place))


def seen(page: Page) -> Locator:
    """The part of a page that follows the session."""
    return page.locator("[data-live]")


def open_screens(
    live: LiveSite,
    visit: Visit,
    *,
    url: str = "",
    werkvorm: str = "",
    leads_on: ViewportSize = LAPTOP,
    beamers: tuple[ViewportSize, ...] = (BEAMER,),
) -> SessionScreens:
    """The begeleider starts from the team's page and puts the scherm on each beamer."""
    regie = visit(live.world.gerda, site=live, url=url, viewport=leads_on)
    regie.goto("/team")
    regie.get_by_role("link", name="Start of plan een sessie").click()
    regie.locator(f"[name=dilemma][value={TODAY}]").check()
    if werkvorm:
        for fold in regie.locator(f"details:has([value={werkvorm}]) > summary").all():
            fold.click()
        regie.locator(f"[value={werkvorm}]").check()
    return start_now(live, visit, regie, url=url, beamers=beamers)


def start_now(
    live: LiveSite,
    visit: Visit,
    regie: Page,
    *,
    url: str = "",
    beamers: tuple[ViewportSize, ...] = (BEAMER,),
) -> SessionScreens:
    """Start what is chosen on the planning page, and put the scherm on each beamer."""
    regie.get_by_role("button", name="Start nu").click()
    expect(regie.get_by_role("heading", name="Laat iedereen binnen")).to_be_visible()
    regie.get_by_role("button", name="Nee", exact=True).click()
    expect(regie.get_by_role("button", name="Nee", exact=True, pressed=True)).to_be_visible()
    code = regie.url.split("/")[-2]
    schermen = []
    for size in beamers:
        scherm = visit(live.world.gerda, site=live, url=url, viewport=size)
        scherm.goto(f"/intervisie/{code}/scherm")
        schermen.append(scherm)
    return SessionScreens(live, visit, regie, schermen[0], code, url=url, more_beamers=schermen[1:])


def faults_of_copies(pages: dict[str, Page]) -> list[str]:
    """Return the faults of copies of these pages by name:
    looking leaves a page dark, narrow and spaced.
    """
    found = []
    for name, page in pages.items():
        copy = page.context.new_page()
        copy.goto(page.url)
        if name == "scherm":
            found += [f"beamer: {fault}" for fault in _faults_on_beamers(copy)]
        found += [f"{name}: {fault}" for fault in faults_of(copy)]
        copy.close()
    return found


def _faults_on_beamers(page: Page) -> list[str]:
    page.set_viewport_size(BEAMER)
    found = [*page.evaluate(TOO_SMALL), *page.evaluate(OVERFLOWS)]
    page.set_viewport_size(SMALL_BEAMER)
    return found + [f"800: {fault}" for fault in page.evaluate(OVERFLOWS)]
