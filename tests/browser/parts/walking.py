"""The steps that several tests take on the pages, in the words of whoever takes them."""

import re
from typing import Any

from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from tests.browser.parts.page_checks import until_true

MOST_STOPS = 60
IMPATIENT = 500
"""In milliseconds: after so long without an answer somebody presses again."""
UNSEEN = """() => {
  const element = document.activeElement;
  const painted = element.matches(".kk-option input, .kk-tile input");
  const shown = painted ? element.nextElementSibling : element;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  const middle = box.left + box.width / 2;
  const above = document.elementFromPoint(middle, box.top + Math.min(box.height / 2, 20));
  const covered = !above || !(shown.contains(above) || above.contains(shown) || above === element);
  const fault = box.bottom <= 0 || box.top >= innerHeight ? "off screen"
    : covered ? "behind something"
    : outlineStyle === "none" || parseFloat(outlineWidth) < 3 ? "without a ring" : "";
  return fault && `${fault}: ${shown.outerHTML.slice(0, 120)}`;
}"""

PASSWORD = "fiets kameel wolk dak"


def werkwijze(page: Page, option: str) -> Locator:
    """The radio button of a werkwijze."""
    return page.get_by_role("group", name="Wat doe jij?").get_by_role("radio", name=option)


def choose(page: Page, option: str, *, doorslag: str = "Betrokkenheid") -> None:
    """Pick a werkwijze by its words, say what tipped it, and leave the two other questions."""
    werkwijze(page, option).check()
    page.get_by_role("radio", name=doorslag).check()


def press(page: Page | Locator, button: str | re.Pattern[str]) -> None:
    """Press a button by its words."""
    page.get_by_role("button", name=button).click()


def put_in_box(page: Page) -> None:
    """Send the answer and wait for the result."""
    press(page, "Doe mijn keuze in de bus")
    expect(page.locator("[data-uitslag]")).to_be_visible()


def unfold(page: Page, name: str) -> None:
    """Open what is folded under these words."""
    page.locator("summary").filter(has_text=name).click()


def go_forward(page: Page) -> None:
    """Go to the page after this one, asked from within.

    Asked from outside just after a step back, Chromium at times says that it shows no page.
    """
    with page.expect_navigation():
        page.evaluate("history.forward()")


def take_back(page: Page) -> None:
    """Take the answer back and confirm it."""
    unfold(page, "Neem terug")
    press(page, "Ja, neem mijn antwoord terug")
    result = page.locator("[data-uitslag]")
    expect(result.get_by_text("Je hebt je antwoord teruggenomen.")).to_be_visible()


def answer(
    page: Page, slug: str, option: str = "Ik doe het anders", *, doorslag: str = "Betrokkenheid"
) -> None:
    """Answer a dilemma, from opening it to its result."""
    page.goto(f"/dilemma/{slug}")
    choose(page, option, doorslag=doorslag)
    put_in_box(page)


def choose_password(page: Page, button: str = "Maak mijn account") -> None:
    """Fill in the password on the page of an invitation."""
    page.get_by_label(re.compile("wachtwoord", re.IGNORECASE)).fill(PASSWORD)
    page.get_by_role("button", name=button).click()


def kept(page: Page) -> dict[str, str]:
    """Return everything that this device keeps."""
    stored: dict[str, str] = page.evaluate("({...localStorage})")
    return stored


def sign_in(page: Page, address: str, password: str = PASSWORD) -> None:
    """Sign in with address and password."""
    page.goto("/inloggen")
    page.get_by_label("Werkadres").fill(address)
    page.get_by_label("Wachtwoord", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("navigation", name="Hoofdmenu")).to_be_visible()


TYPED = "(key) => key.startsWith('kk.getypt')"
TYPE_AGAIN = f"""(field) => {{
  Object.keys(sessionStorage).filter({TYPED}).forEach((key) => sessionStorage.removeItem(key));
  field.dispatchEvent(new Event("input", {{ bubbles: true }}));
}}"""
KEEPS_TYPED = f"() => Object.keys(sessionStorage).some({TYPED})"
KEYS = """
const fromHex = (text) => Uint8Array.from(text.match(/../g), (byte) => parseInt(byte, 16));
const toHex = (bytes) =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const imported = (key, use) =>
  crypto.subtle.importKey("raw", fromHex(key), "AES-GCM", false, [use]);
async function keysFor(key) {  // outermost first: the person's, and that of an edition
  const own = [document.body.dataset.zegel];
  if (!key.startsWith("kk.keuze.")) return own;
  const edition = key.slice("kk.keuze.".length);
  const answer = await fetch("/dilemma/" + edition.replace(/[.][0-9]+$/, ""));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const place = page.querySelector(`[data-zegel-van="${edition}"]`);
  return [...own, place.dataset.zegels.split(" ")[0]];
}
"""
SEAL = f"""async ([key, value, clear]) => {{
  {KEYS}
  let kept = value;
  for (const by of (await keysFor(key)).reverse()) {{
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(kept));
    const how = {{ name: "AES-GCM", iv }};
    const bytes = await crypto.subtle.encrypt(how, await imported(by, "encrypt"), text);
    kept = {{ iv: toHex(iv), sealed: toHex(bytes) }};
  }}
  localStorage.setItem(key, JSON.stringify({{ ...clear, ...kept }}));
}}"""
OPEN = f"""async (key) => {{
  {KEYS}
  let kept = JSON.parse(localStorage.getItem(key));
  if (!kept) return null;
  for (const by of await keysFor(key)) {{
    const how = {{ name: "AES-GCM", iv: fromHex(kept.iv) }};
    const sealed = fromHex(kept.sealed);
    const text = await crypto.subtle.decrypt(how, await imported(by, "decrypt"), sealed);
    kept = JSON.parse(new TextDecoder().decode(text));
  }}
  return kept;
}}"""


def seal_on_device(page: Page, key: str, value: object, **clear: str) -> None:
    """Put something on the device as the page of this person would: sealed with their key."""
    page.evaluate(SEAL, [key, value, clear])


def wait_until_kept(page: Page, key: str) -> None:
    """Wait until the device keeps something under this key; sealing takes a moment."""
    until_true(page, "(key) => localStorage.getItem(key) !== null", key)


def wait_until_typed_is_kept(field: Locator) -> None:
    """Wait until the tab keeps a form as it stands now.

    It writes when the typing rests: on a slow machine also between two fields, so that whatever
    it keeps may lack the last.
    """
    field.evaluate(TYPE_AGAIN)
    until_true(field.page, KEEPS_TYPED)


def opened(page: Page, key: str) -> Any:
    """Return the value under this key as the page of this person can read it on the device."""
    wait_until_kept(page, key)
    return page.evaluate(OPEN, key)


def tab_to(page: Page, goal: Locator, *, key: str = "Tab") -> list[str]:
    """Press a key until `goal` has the focus; return the stops that a reader could not see."""
    unseen = []
    for _ in range(MOST_STOPS):
        page.keyboard.press(key)
        unseen += [told] if (told := page.evaluate(UNSEEN)) else []
        if goal.evaluate("element => element === document.activeElement"):
            return unseen
    raise AssertionError(f"the Tab key never reaches {goal}")


def press_twice(page: Page, button: str, address: str) -> None:
    """Press again while the answer of this address to the first is on its way; then show it."""
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append((route, route.fetch(max_redirects=0)))
        else:
            route.continue_()

    page.route(address, hold)
    page.get_by_role("button", name=button).hover()
    for _press in range(2):
        page.mouse.down()
        page.mouse.up()
        page.wait_for_timeout(IMPATIENT)
    route, answer = held[-1]
    route.fulfill(response=answer)
